import type { Database } from '../client.ts'
import { DatabaseError, violates } from '../errors.ts'
import { NOW } from '../sql.ts'
import type { Author } from './commit-revision.ts'
import { PRUNE_EVENTS } from './key-health.ts'

export interface Promoted {
	/** False when the key stands there already, or further in front. */
	moved: boolean
	upstreamId: string
	mask: string
}

/** The latest event that moved the key tells whether it is still demoted, and from where. */
const FIND = `SELECT k.upstream_id, k.mask, k.position, m.state_version, e.kind, e.from_position
FROM meta m JOIN upstream_keys k ON k.id = ?1
LEFT JOIN (SELECT kind, from_position FROM key_events WHERE key_id = ?1 AND kind IN ('demoted', 'promoted')
	ORDER BY at DESC, rowid DESC LIMIT 1) e WHERE m.id = 1`

/** `state_version` is NOT NULL: when anything moved since it was read, the whole batch fails here. */
const GUARD = `UPDATE meta SET state_version = CASE WHEN state_version = ?1 THEN state_version + 1 END WHERE id = 1`
/** Positions are not unique: who stands there by now moves on, and all behind. ?1 upstream ?2 key ?3 position */
const MAKE_ROOM = `UPDATE upstream_keys SET position = position + 1
	WHERE upstream_id = ?1 AND id <> ?2 AND position >= ?3
	AND EXISTS (SELECT 1 FROM upstream_keys WHERE upstream_id = ?1 AND id <> ?2 AND position = ?3)`
const MOVE = 'UPDATE upstream_keys SET position = ?2 WHERE id = ?1'
const RECORD = `INSERT INTO key_events (key_id, at, kind, from_position, author) VALUES (?1, ${NOW}, 'promoted', ?2, ?3)
	ON CONFLICT (key_id, at, kind, scope) DO NOTHING`

const TRIES = 20

/**
 * Puts a key back where it stood before its latest demotion. State, not configuration: it makes no revision; every
 * instance sees it with its next check.
 * @throws DatabaseError not-found, also for a key that was not demoted
 */
export async function undoDemotion(
	database: Database,
	keyId: string,
	options: { author: Author },
): Promise<Promoted> {
	for (let tries = 1; ; tries++) {
		const [row] = await database.execute(FIND, [keyId])
		if (row === undefined) throw new DatabaseError('not-found', `There is no key ${keyId}.`)
		const { mask, upstreamId } = { mask: String(row.mask), upstreamId: String(row.upstream_id) }
		if (row.kind === null || (row.kind === 'demoted' && row.from_position === null)) {
			throw new DatabaseError(
				'not-found',
				`Key ${mask} was not demoted, or so long ago that it is forgotten.`,
			)
		}
		const [position, target] = [Number(row.position), Number(row.from_position)]
		if (row.kind === 'promoted' || position <= target) return { moved: false, upstreamId, mask }
		try {
			await database.batch([
				{ sql: GUARD, args: [Number(row.state_version)] },
				{ sql: MAKE_ROOM, args: [upstreamId, keyId, target] },
				{ sql: MOVE, args: [keyId, target] },
				{ sql: RECORD, args: [keyId, position, options.author] },
				{ sql: PRUNE_EVENTS, args: [keyId] },
			])
			return { moved: true, upstreamId, mask }
		} catch (error) {
			if (!violates(error, 'meta.state_version') || tries >= TRIES) throw error
		}
	}
}
