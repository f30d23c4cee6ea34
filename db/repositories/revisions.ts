import type { Database } from '../client.ts'
import type { Change } from './changes.ts'
import type { Author } from './commit-revision.ts'

/** One human change. */
export interface Revision {
	revision: number
	at: number
	author: Author
	message: string
	pinned: boolean
	restoredFrom: number | undefined
	changes: Change[]
}

/** Newest first. */
export async function listRevisions(
	database: Database,
	options: { limit?: number } = {},
): Promise<Revision[]> {
	const rows = await database.execute(
		'SELECT revision, at, author, message, pinned, restored_from, diff FROM revisions ORDER BY revision DESC LIMIT ?',
		[options.limit ?? 100],
	)
	return rows.map(row => ({
		revision: Number(row.revision),
		at: Number(row.at),
		author: String(row.author) as Author,
		message: String(row.message),
		pinned: Number(row.pinned) !== 0,
		restoredFrom: row.restored_from === null ? undefined : Number(row.restored_from),
		changes: JSON.parse(String(row.diff)) as Change[],
	}))
}
