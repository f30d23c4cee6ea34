import type { Database } from '../client.ts'
import { DatabaseError, isDatabaseError, violates } from '../errors.ts'
import { newId } from '../ids.ts'
import { NOW, type Statement } from '../sql.ts'
import type { Change } from './changes.ts'
import { KEYS_JSON, SETTINGS_JSON, UPSTREAMS_JSON } from './config-load.ts'

export type Author = 'web' | 'cli' | 'import' | 'system'

export interface RevisionMeta {
	author: Author
	message: string
	diff: readonly Change[]
	restoredFrom?: number
}

/** Unpinned revisions that are kept. */
const KEPT_REVISIONS = 50
const NETWORK_TRIES = 3

/** `parent` is NOT NULL: when the revision is not the expected one any more, the whole batch fails here. */
const GUARD = `INSERT INTO revisions (revision, parent, at, author, message, edit_id, restored_from, diff, snapshot)
	VALUES (?1 + 1, (SELECT revision FROM meta WHERE id = 1 AND revision = ?1), ${NOW}, ?2, ?3, ?4, ?5, ?6, '')`
const BUMP = 'UPDATE meta SET revision = ?1 + 1 WHERE id = 1 AND revision = ?1'
/** Made by the database from what the edits left: it cannot be stale. */
const SNAPSHOT = `UPDATE revisions SET snapshot = json_object('version', 1, 'settings', ${SETTINGS_JSON},
	'upstreams', ${UPSTREAMS_JSON}, 'keys', ${KEYS_JSON}) WHERE revision = ?1 + 1`
const PRUNE = `DELETE FROM revisions WHERE pinned = 0 AND revision NOT IN
	(SELECT revision FROM revisions WHERE pinned = 0 ORDER BY revision DESC LIMIT ?1)`

/**
 * Makes a change of the configuration, if it is still at revision `expected`: one batch, all or nothing.
 * Returns the new revision; throws DatabaseError `conflict` when someone else was faster.
 */
export async function commitRevision(
	database: Database,
	expected: number,
	edits: readonly Statement[],
	meta: RevisionMeta,
): Promise<number> {
	const editId = newId('edit')
	const batch: Statement[] = [
		{
			sql: GUARD,
			args: [
				...[expected, meta.author, meta.message, editId],
				...[meta.restoredFrom ?? null, JSON.stringify(meta.diff)],
			],
		},
		...edits,
		{ sql: BUMP, args: [expected] },
		{ sql: SNAPSHOT, args: [expected] },
		{ sql: PRUNE, args: [KEPT_REVISIONS] },
	]
	for (let tries = 1; ; tries++) {
		try {
			await database.batch(batch)
			return expected + 1
		} catch (error) {
			const conflict = violates(error, 'revisions.parent', 'revisions.revision', 'revisions.edit_id')
			if (!conflict && !isDatabaseError(error, 'unreachable')) throw error
			// The answer may have been lost after the change was made.
			if (await hasLanded(database, editId)) return expected + 1
			if (conflict) throw changedSince(expected)
			if (tries >= NETWORK_TRIES) throw error
		}
	}
}

async function hasLanded(database: Database, editId: string): Promise<boolean> {
	try {
		const rows = await database.execute('SELECT 1 AS found FROM revisions WHERE edit_id = ?', [editId])
		return rows.length > 0
	} catch (error) {
		throw new DatabaseError(
			'unreachable',
			`The database ${database.label} went away while the change was being saved: it may have been made. Look at the configuration before repeating it.`,
			error,
		)
	}
}

function changedSince(expected: number): DatabaseError {
	return new DatabaseError(
		'conflict',
		`The configuration has changed since revision ${expected}: look at it again, then repeat the change.`,
	)
}
