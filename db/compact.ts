import { setTimeout as pause } from 'node:timers/promises'
import { readDatabaseSize } from './check.ts'
import type { Database } from './client.ts'
import { DatabaseError } from './errors.ts'

/** Bytes that the file takes. */
interface Compacted {
	before: number
	after: number
}

/**
 * Writes a database file anew without the pages that deleted rows left behind. The process does nothing else
 * meanwhile, and other processes cannot write: some milliseconds per megabyte.
 * @throws DatabaseError `invalid` for a server, which sees to its files itself
 */
export async function compactDatabase(database: Database): Promise<Compacted> {
	if (database.location !== 'file') {
		throw new DatabaseError(
			'invalid',
			`The database ${database.label} is a server's: it frees the space of deleted rows itself.`,
		)
	}
	const before = await readDatabaseSize(database)
	await database.execute('VACUUM')
	await emptyJournal(database)
	const after = await readDatabaseSize(database)
	return { before: before?.bytes ?? 0, after: after?.bytes ?? 0 }
}

const CHECKPOINT_TRIES = 5

/** Moves what the write-ahead log holds into the file, and the log ends. False while a reader is in the way. */
export async function emptyJournal(database: Database): Promise<boolean> {
	for (let tries = 1; tries <= CHECKPOINT_TRIES; tries++) {
		const [row] = await database.execute('PRAGMA wal_checkpoint(TRUNCATE)')
		if (Number(row?.busy) === 0) return true
		await pause(20 * tries)
	}
	return false
}
