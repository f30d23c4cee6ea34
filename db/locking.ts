import { type Database, LOCK_PATIENCE_MS } from './client.ts'

/** How processes that use one database file wait for each other. */
export interface Locking {
	/** `wal` lets readers and one writer work at once; the others make them wait for each other. */
	journalMode: string
	/** How long SQLite itself waits for a lock, ms. */
	busyTimeoutMs: number
	/** How long an operation is tried again before it is given up, ms. */
	patienceMs: number
}

/** As it is, not as it was meant: the mode is a property of the file, the wait one of the connection. */
export async function readLocking(database: Database): Promise<Locking> {
	const [mode, wait] = [
		await database.execute('PRAGMA journal_mode'),
		await database.execute('PRAGMA busy_timeout'),
	].map(rows => Object.values(rows[0] ?? {})[0] ?? '')
	return {
		journalMode: String(mode).toLowerCase(),
		busyTimeoutMs: Number(wait),
		patienceMs: LOCK_PATIENCE_MS,
	}
}

/** Tries to give a file its write-ahead log; the answer is the mode that it has then. */
export async function setWriteAheadLog(database: Database): Promise<string> {
	const rows = await database.execute('PRAGMA journal_mode = WAL')
	return String(Object.values(rows[0] ?? {})[0] ?? '').toLowerCase()
}
