import type { Database } from '../client.ts'
import { emptyJournal } from '../compact.ts'
import type { KeyRing } from '../secrets/key-ring.ts'
import { NOW, type Row } from '../sql.ts'
import type { Change } from './changes.ts'
import type { LoadedConfig } from './config-load.ts'
import { noChange, notFound, type Plan } from './plans/plan.ts'

/** One place where a leaked key was. */
export interface PurgedPlace {
	keyId: string
	mask: string
	upstreamId: string
	upstreamName: string
	/** Whether it was in the present configuration. */
	wasInUse: boolean
	/** Revisions that held it. */
	revisions: number
}

const entry = (field: string) => `json_extract(k.value, '$.${field}')`
const keysOf = (table: string) => `json_each(${table}.snapshot, '$.keys') k`

const isOneOf = (column: string, list: string) => `${column} IN (SELECT value FROM json_each(${list}))`

/** Every stored copy that goes by one of these names. ?1 ids and fingerprints */
const COPIES = `
SELECT id, secret, fingerprint FROM upstream_keys WHERE ${isOneOf('id', '?1')} OR ${isOneOf('fingerprint', '?1')} UNION
SELECT ${entry('id')}, ${entry('secret')}, ${entry('fingerprint')} FROM revisions r, ${keysOf('r')}
WHERE ${isOneOf(entry('id'), '?1')} OR ${isOneOf(entry('fingerprint'), '?1')}`

/** ?1 fingerprints. The name is that of the newest revision with the key. */
const PLACES = `
SELECT ${entry('id')} AS id, ${entry('upstream_id')} AS upstream_id, ${entry('mask')} AS mask, max(r.revision) AS newest,
	sum(${entry('purged_at')} IS NULL) AS revisions,
	(SELECT json_extract(u.value, '$.name') FROM json_each(r.snapshot, '$.upstreams') u
		WHERE json_extract(u.value, '$.id') = ${entry('upstream_id')}) AS upstream_name
FROM revisions r, ${keysOf('r')} WHERE ${isOneOf(entry('fingerprint'), '?1')}
GROUP BY 1, 2 ORDER BY newest DESC`

/** By id too: a rotation of ENCRYPTION_KEY may be giving it another fingerprint at this moment. */
const DELETE_KEYS = `DELETE FROM upstream_keys WHERE ${isOneOf('fingerprint', '?1')} OR ${isOneOf('id', '?2')}`

/** The sealed text goes; that there was a key, and its mask, stays readable. ?1 fingerprints ?2 ids ?3 newest revision */
const LEAKED = `(${isOneOf(entry('fingerprint'), '?1')} OR ${isOneOf(entry('id'), '?2')})
	AND ${entry('purged_at')} IS NULL`
const REWRITE = `
UPDATE revisions SET snapshot = json_set(snapshot, '$.keys', json((
	SELECT json_group_array(json(CASE WHEN ${LEAKED}
		THEN json_set(k.value, '$.secret', '', '$.purged_at', ${NOW}) ELSE k.value END) ORDER BY k.key)
	FROM ${keysOf('revisions')})))
WHERE revision <= ?3 AND EXISTS (SELECT 1 FROM ${keysOf('revisions')} WHERE ${LEAKED})`

/**
 * Takes a leaked key out of the configuration and of every revision, wherever the same key is. What else is changed at
 * that moment cannot bring it back: an edit that was based on an earlier revision is worked out anew.
 * @param leaked ids or fingerprints
 * @throws DatabaseError not-found
 */
export async function planPurge(
	database: Database,
	config: LoadedConfig,
	keyRing: KeyRing,
	leaked: readonly string[],
): Promise<Plan<{ places: PurgedPlace[] }>> {
	const copies = await database.execute(COPIES, [JSON.stringify(leaked)])
	if (copies.length === 0)
		throw notFound('There is no such key, neither in use nor in any revision that is kept.')
	const fingerprints = listFingerprints(copies, keyRing)
	const json = JSON.stringify(fingerprints)
	const places = mergePlaces(config, fingerprints, await database.execute(PLACES, [json]))
	if (places.length === 0) return { ...noChange, result: { places } }
	const ids = JSON.stringify(places.map(({ keyId }) => keyId))
	return {
		edits: [
			{ sql: DELETE_KEYS, args: [json, ids] },
			{ sql: REWRITE, args: [json, ids, config.revision] },
		],
		diff: places.map(toChange),
		message: describe(places),
		result: { places },
	}
}

/** Those that are stored, and those that other keys of the ring gave or would give it. */
function listFingerprints(copies: readonly Row[], keyRing: KeyRing): string[] {
	const found = new Set(copies.map(({ fingerprint }) => String(fingerprint)))
	for (const { id, secret } of copies) {
		const opened = keyRing.open(String(secret), String(id))
		if (opened !== undefined) for (const fingerprint of keyRing.fingerprints(opened)) found.add(fingerprint)
	}
	return [...found]
}

/** Where the key still is: places whose every trace was purged before are left out. */
function mergePlaces(
	config: LoadedConfig,
	fingerprints: readonly string[],
	rows: readonly Row[],
): PurgedPlace[] {
	const places = new Map<string, PurgedPlace>()
	for (const row of rows) {
		const revisions = Number(row.revisions)
		if (revisions === 0) continue
		const [keyId, upstreamId] = [String(row.id), String(row.upstream_id)]
		const upstreamName = String(row.upstream_name ?? upstreamId)
		places.set(keyId, { keyId, mask: String(row.mask), upstreamId, upstreamName, wasInUse: false, revisions })
	}
	for (const { id: upstreamId, name: upstreamName, keys } of config.upstreams) {
		for (const { id: keyId, mask } of keys.filter(key => fingerprints.includes(key.fingerprint))) {
			const revisions = places.get(keyId)?.revisions ?? 0
			places.set(keyId, { keyId, mask, upstreamId, upstreamName, wasInUse: true, revisions })
		}
	}
	return [...places.values()]
}

function toChange({ upstreamName: name, ...place }: PurgedPlace): Change {
	return { kind: 'key-purged', name, ...place }
}

function describe(places: readonly PurgedPlace[]): string {
	const names = [...new Set(places.map(({ upstreamName }) => upstreamName))]
	return `Purged key ${places[0]?.mask} of ${names.join(', ')}`
}

/**
 * Overwrites what deleted rows left behind in a database file: free pages and the write-ahead log keep old contents.
 * False when that could not be made sure of: a reader was in the way, or the database is a server's.
 */
export async function eraseTraces(database: Database): Promise<boolean> {
	if (database.location !== 'file') return false
	try {
		await database.execute('VACUUM')
		return await emptyJournal(database)
	} catch {
		return false
	}
}
