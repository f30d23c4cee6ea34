import type { KeyDemotion, KeyFailure, KeyHealthSink } from '../../core/ports.ts'
import { NOW, type Statement } from '../sql.ts'
import { FORGET_AFTER_MS, PROBE_LEASE_MS, readWaits } from '../store/health-rule.ts'

export type KeySuccess = Parameters<KeyHealthSink['succeeded']>[0]
export type KeyProbe = Parameters<KeyHealthSink['startProbe']>[0]

/** Events that are kept per key. */
const KEPT_EVENTS = 50
/** Models whose limits are remembered per key: their names come from clients, so they must not fill the table. */
const KEPT_SCOPES = 100

/**
 * When it happened: now, less the time that it waited to be written. Ages and delays are sent, never times of an
 * instance's clock.
 */
const AT = `(${NOW} - ?3)`
const COOLDOWN = (streak: string) =>
	`CASE WHEN ?8 THEN ?7 ELSE max(min(?6, ?5 * (1 << min(${streak}, 20))), ?7) END`
/** Cooling already, or the request began before the latest failure or clearing: the same incident, counted once. */
const SAME = `(s.cooldown_until > ${AT} OR ${AT} - ?4 < max(s.last_fail_at, s.cleared_at))`
const FORGOTTEN = `${AT} - s.last_fail_at > ${FORGET_AFTER_MS}`

/** ?1 key ?2 scope ?3 delay ?4 age ?5 base ?6 max ?7 wait ?8 exact ?9 error ?10 status ?11 class */
const RECORD_FAILURE = `
INSERT INTO key_states AS s (key_id, scope, cooldown_until, streak, fail_total, incident_at, last_fail_at, last_error, last_status, last_class)
SELECT ?1, ?2, ${AT} + ${COOLDOWN('0')}, 1, 1, ${AT}, ${AT}, ?9, ?10, ?11 FROM upstream_keys WHERE id = ?1
ON CONFLICT (key_id, scope) DO UPDATE SET
	fail_total = s.fail_total + 1,
	incident_at = CASE WHEN ${SAME} THEN s.incident_at ELSE ${AT} END,
	streak = CASE WHEN ${SAME} THEN s.streak WHEN ${FORGOTTEN} THEN 1 ELSE s.streak + 1 END,
	cooldown_until = CASE
		WHEN ${SAME} AND s.streak = 0 THEN s.cooldown_until
		WHEN ${SAME} THEN max(s.cooldown_until, ${AT} + ?7)
		WHEN ${FORGOTTEN} THEN ${AT} + ${COOLDOWN('0')}
		ELSE ${AT} + ${COOLDOWN('s.streak')} END,
	last_fail_at = CASE WHEN ${SAME} AND s.streak = 0 THEN s.last_fail_at ELSE max(s.last_fail_at, ${AT}) END,
	probe_until = CASE WHEN ${SAME} THEN s.probe_until ELSE 0 END,
	last_error = ?9, last_status = ?10, last_class = ?11`

const RECORD_INCIDENT = `
INSERT INTO key_events (key_id, at, kind, scope, count, class, status, message, cooldown_until)
SELECT key_id, incident_at, 'failed', scope, 1, ?3, ?4, ?5, cooldown_until FROM key_states WHERE key_id = ?1 AND scope = ?2 AND streak > 0
ON CONFLICT (key_id, at, kind, scope) DO UPDATE SET count = count + 1, cooldown_until = excluded.cooldown_until`

/** ?1 key ?2 scope ?3 delay ?4 age. Late successes of requests that began before the latest failure clear nothing. */
const CLEARABLE = `key_id = ?1 AND scope = ?2 AND streak > 0 AND last_fail_at < ${AT} - ?4`
const RECORD_RECOVERED = `
INSERT INTO key_events (key_id, at, kind, scope, count) SELECT key_id, ${AT}, 'recovered', scope, streak FROM key_states WHERE ${CLEARABLE}
ON CONFLICT (key_id, at, kind, scope) DO NOTHING`
const RECOVER = `UPDATE key_states SET streak = 0, cooldown_until = 0, probe_until = 0, last_ok_at = ${AT} WHERE ${CLEARABLE}`

/** ?1 key ?2 scope ?3 delay. Of many instances that try the key at once, one finds it like this. */
const PROBABLE = `key_id = ?1 AND scope = ?2 AND streak > 0 AND cooldown_until <= ${AT} AND probe_until <= ${AT}`
/** One row per incident, however often requests try the key and learn nothing. */
const COUNT_PROBE = `UPDATE key_events SET count = count + 1 WHERE key_id = ?1 AND scope = ?2 AND kind = 'probe'
	AND at > (SELECT last_fail_at FROM key_states WHERE ${PROBABLE})`
const RECORD_PROBE = `
INSERT INTO key_events (key_id, at, kind, scope) SELECT key_id, ${AT}, 'probe', scope FROM key_states s WHERE ${PROBABLE}
	AND NOT EXISTS (SELECT 1 FROM key_events e WHERE e.key_id = ?1 AND e.scope = ?2 AND e.kind = 'probe' AND e.at > s.last_fail_at)
ON CONFLICT (key_id, at, kind, scope) DO NOTHING`
const START_PROBE = `UPDATE key_states SET probe_until = ${AT} + ${PROBE_LEASE_MS} WHERE ${PROBABLE}`
const END_PROBE = 'UPDATE key_states SET probe_until = 0 WHERE key_id = ?1 AND scope = ?2'

/** ?1 upstream ?2 failed key ?3 key that worked. Acts only while the one stands before the other: once. */
const DEMOTABLE = `id = ?2 AND upstream_id = ?1
	AND position < (SELECT position FROM upstream_keys WHERE id = ?3 AND upstream_id = ?1)`
const RECORD_DEMOTED = `
INSERT INTO key_events (key_id, at, kind, class, status, message, from_position)
SELECT id, ${NOW} - ?4, 'demoted', ?5, ?6, ?7, position FROM upstream_keys WHERE ${DEMOTABLE}
ON CONFLICT (key_id, at, kind, scope) DO NOTHING`
const BUMP_STATE = `UPDATE meta SET state_version = state_version + 1
	WHERE id = 1 AND EXISTS (SELECT 1 FROM upstream_keys WHERE ${DEMOTABLE})`
const DEMOTE = `UPDATE upstream_keys SET position = (SELECT max(position) + 1 FROM upstream_keys WHERE upstream_id = ?1)
	WHERE ${DEMOTABLE}`

/** The latest move stays, however much has happened since: a demotion can be undone as long as it holds. */
export const PRUNE_EVENTS = `DELETE FROM key_events WHERE key_id = ?1
	AND rowid NOT IN (SELECT rowid FROM key_events WHERE key_id = ?1 ORDER BY at DESC, rowid DESC LIMIT ${KEPT_EVENTS})
	AND rowid NOT IN (SELECT rowid FROM key_events WHERE key_id = ?1 AND kind IN ('demoted', 'promoted')
		ORDER BY at DESC, rowid DESC LIMIT 1)`

const PRUNE_SCOPES = `DELETE FROM key_states WHERE key_id = ?1 AND scope <> '' AND rowid NOT IN
	(SELECT rowid FROM key_states WHERE key_id = ?1 AND scope <> '' ORDER BY last_fail_at DESC LIMIT ${KEPT_SCOPES})`

/** `delayMs`: how long ago it happened. */
export function failureStatements(failure: KeyFailure, delayMs: number): Statement[] {
	const { keyId, scope, status, failureClass } = failure
	const { waitMs, exact } = readWaits(failure)
	const message = failure.message.slice(0, 500)
	const times = [delayMs, failure.ageMs, failure.baseMs, failure.maxMs, waitMs].map(Math.round)
	return [
		{
			sql: RECORD_FAILURE,
			args: [keyId, scope, ...times, exact ? 1 : 0, message, status, failureClass],
		},
		{ sql: RECORD_INCIDENT, args: [keyId, scope, failureClass, status, message] },
		{ sql: PRUNE_EVENTS, args: [keyId] },
		...(scope === '' ? [] : [{ sql: PRUNE_SCOPES, args: [keyId] }]),
	]
}

export function successStatements(success: KeySuccess, delayMs: number): Statement[] {
	const args = [success.keyId, success.scope, Math.round(delayMs), Math.round(success.ageMs)]
	return [
		{ sql: RECORD_RECOVERED, args },
		{ sql: RECOVER, args },
		{ sql: PRUNE_EVENTS, args: [success.keyId] },
	]
}

/** Tells the other instances to leave the key alone while a request here tries it. */
export function probeStartStatements(probe: KeyProbe, delayMs: number): Statement[] {
	const args = [probe.keyId, probe.scope, Math.round(delayMs)]
	return [
		{ sql: COUNT_PROBE, args },
		{ sql: RECORD_PROBE, args },
		{ sql: START_PROBE, args },
		{ sql: PRUNE_EVENTS, args: [probe.keyId] },
	]
}

/** The request learned nothing about the key: another may try. */
export function probeEndStatements({ keyId, scope }: KeyProbe): Statement[] {
	return [{ sql: END_PROBE, args: [keyId, scope] }]
}

export function demotionStatements(demotion: KeyDemotion, delayMs: number): Statement[] {
	return demotion.keys.flatMap(({ keyId, failureClass, status, message }) => {
		const args = [demotion.upstreamId, keyId, demotion.workedId]
		const reason = [failureClass, status, message.slice(0, 500)]
		return [
			{ sql: RECORD_DEMOTED, args: [...args, Math.round(delayMs), ...reason] },
			{ sql: BUMP_STATE, args },
			{ sql: DEMOTE, args },
			{ sql: PRUNE_EVENTS, args: [keyId] },
		]
	})
}
