import { renameSync, statSync } from 'node:fs'
import { DatabaseError } from './errors.ts'
import { type DatabaseLocation, emptiedFile } from './location.ts'

/**
 * The place of a database file while it is open. SQLite keeps working on what it has opened: in a file that was
 * deleted it acknowledges writes that nobody will ever see, and it takes an emptied file for a new database. So the
 * place is looked at before each use, which costs some microseconds.
 */
export interface DatabaseFile {
	/**
	 * @returns 'replaced' when another database has taken the place: all connections must be closed before the next use
	 * @throws DatabaseError when there is no database in the place now: nothing may be opened then
	 */
	look(): 'same' | 'replaced'
	/** Once the connections to the old file are closed: the new one must not inherit its journal. */
	putJournalAside(): void
	/** After each use that worked. */
	used(): void
}

export function watchDatabaseFile({ path = '', label }: DatabaseLocation): DatabaseFile {
	let known = readPlace(path)
	let wasEmptied = false
	let journal: bigint | undefined

	return {
		look() {
			const present = readPlace(path)
			if (present === undefined) {
				throw new DatabaseError(
					'storage',
					`The database ${label} is gone: its file was deleted or moved away. Put it back, or put a copy in its place, with nothing of the old one beside it (-wal, -shm).`,
				)
			}
			if (present.size === 0n) {
				wasEmptied = true
				throw emptiedFile(label)
			}
			if (known?.inode === present.inode && known.device === present.device) {
				if (wasEmptied) throw refilledFile(label)
				return 'same'
			}
			known = present
			wasEmptied = false
			return 'replaced'
		},
		putJournalAside() {
			const found = readPlace(`${path}-wal`)?.inode
			if (journal !== undefined && found === journal) {
				for (const suffix of ['-wal', '-shm']) moveAway(`${path}${suffix}`)
			}
			journal = undefined
		},
		used() {
			journal ??= readPlace(`${path}-wal`)?.inode
		},
	}
}

/** Locks and journal belong to the file: SQLite would play the old contents' journal into the new. */
function refilledFile(label: string): DatabaseError {
	return new DatabaseError(
		'corrupt',
		`The database ${label} was emptied and filled again while it was in use. Restart claude-proxy, or put a copy of the file in its place with mv.`,
	)
}

function readPlace(path: string): { device: bigint; inode: bigint; size: bigint } | undefined {
	const found = statSync(path, { bigint: true, throwIfNoEntry: false })
	return found && { device: found.dev, inode: found.ino, size: found.size }
}

function moveAway(path: string): void {
	try {
		renameSync(path, `${path}.replaced`)
	} catch (error) {
		if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error
	}
}
