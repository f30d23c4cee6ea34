import type { FailureClass } from '../../core/upstreams/contract.ts'
import type { Database } from '../client.ts'
import { DatabaseError } from '../errors.ts'
import { NOW, type Statement } from '../sql.ts'
import type { Author } from './commit-revision.ts'
import { PRUNE_EVENTS } from './key-health.ts'

/**
 * What happened to a key. `failed`: an incident; `probe`: a request tried it after a cooldown; `recovered`: it answered
 * after failures; `cleared`: a person ended its cooldown; `demoted`: it moved behind the others; `promoted`: a person put it back.
 */
export interface KeyEvent {
	at: number
	kind: 'failed' | 'probe' | 'recovered' | 'cleared' | 'demoted' | 'promoted'
	/** `''` is the key as a whole, else the model. */
	scope: string
	/** Failures of the incident, or requests that tried; for `recovered` and `cleared` the incidents that it ended. */
	count: number
	class: FailureClass | ''
	/** 0 where there was none. */
	status: number
	/** The upstream's words. */
	message: string
	/** For `failed`: the end of the cooldown as it was then. */
	cooldownUntil: number
	/** Who did it, for what a person did. */
	author: Author | ''
	/** For `demoted` and `promoted`: the position it had before. */
	fromPosition: number | undefined
}

export interface ClearedCooldown {
	/** Scopes that cooled or had failed last; empty when there was nothing to clear. */
	cleared: string[]
}

const LIST = `SELECT e.at, e.kind, e.scope, e.count, e.class, e.status, e.message, e.cooldown_until, e.author, e.from_position
FROM upstream_keys k LEFT JOIN key_events e ON e.key_id = k.id WHERE k.id = ?1 ORDER BY e.at DESC, e.rowid DESC LIMIT ?2`

/** Newest first; at most 50 are kept per key. */
export async function listKeyEvents(
	database: Database,
	keyId: string,
	options: { limit?: number } = {},
): Promise<KeyEvent[]> {
	const rows = await database.execute(LIST, [keyId, options.limit ?? 100])
	if (rows.length === 0) throw noSuchKey(keyId)
	return rows
		.filter(row => row.at !== null)
		.map(row => ({
			at: Number(row.at),
			kind: String(row.kind) as KeyEvent['kind'],
			scope: String(row.scope),
			count: Number(row.count),
			class: String(row.class) as KeyEvent['class'],
			status: Number(row.status),
			message: String(row.message),
			cooldownUntil: Number(row.cooldown_until),
			author: String(row.author) as KeyEvent['author'],
			fromPosition: row.from_position === null ? undefined : Number(row.from_position),
		}))
}

/** ?1 key ?2 scope, NULL for all. */
const IN_SCOPE = 'key_id = ?1 AND (?2 IS NULL OR scope = ?2)'
const RECORD_CLEARED = `
INSERT INTO key_events (key_id, at, kind, scope, count, class, status, message, author)
SELECT key_id, ${NOW}, 'cleared', scope, streak, last_class, last_status, last_error, ?3 FROM key_states
WHERE ${IN_SCOPE} AND (streak > 0 OR cooldown_until > ${NOW})
ON CONFLICT (key_id, at, kind, scope) DO NOTHING RETURNING scope`
/** An instance may not have written the failure yet that its user saw: the row says that it came too late. */
const PREPARE_WHOLE = `INSERT INTO key_states (key_id, scope) SELECT id, '' FROM upstream_keys
WHERE id = ?1 AND coalesce(?2, '') = '' ON CONFLICT (key_id, scope) DO NOTHING`
const CLEAR = `UPDATE key_states SET streak = 0, cooldown_until = 0, probe_until = 0, cleared_at = ${NOW} WHERE ${IN_SCOPE}`

/**
 * Ends a key's cooldown and forgets its incidents, in one batch. Failures of requests that began before do not cool it
 * again; every instance sees it with its next check.
 */
export async function clearCooldown(
	database: Database,
	keyId: string,
	options: { author: Author; scope?: string | undefined },
): Promise<ClearedCooldown> {
	const scope = options.scope ?? null
	const statements: Statement[] = [
		{ sql: 'SELECT id FROM upstream_keys WHERE id = ?1', args: [keyId] },
		{ sql: RECORD_CLEARED, args: [keyId, scope, options.author] },
		{ sql: PREPARE_WHOLE, args: [keyId, scope] },
		{ sql: CLEAR, args: [keyId, scope] },
		{ sql: PRUNE_EVENTS, args: [keyId] },
	]
	const [found, cleared] = await database.batch(statements)
	if (found?.length !== 1) throw noSuchKey(keyId)
	return { cleared: (cleared ?? []).map(row => String(row.scope)) }
}

function noSuchKey(keyId: string): DatabaseError {
	return new DatabaseError('not-found', `There is no key ${keyId}.`)
}
