import type { Database } from '../client.ts'
import type { SqlValue, Statement } from '../sql.ts'

/** A sealed text somewhere in the database. */
export interface SealedEntry {
	/** The id that it is bound to. */
	rowId: string
	sealed: string
	fingerprint: string
	mask: string
	/** No text but bytes, and in this place only. They have no fingerprint. */
	once?: true
}

export type Resealed = Pick<SealedEntry, 'sealed' | 'fingerprint'>

/** A row with sealed texts, read together and replaced together. */
export interface SealedHolder {
	cursor: SqlValue
	entries: SealedEntry[]
	/**
	 * Puts other texts in place of those named, in case the row is still as it was read; `RETURNING` answers then. An
	 * entry that `changes` lacks stays.
	 */
	replace(changes: ReadonlyMap<SealedEntry, Resealed>): Statement
}

export interface SealedPlace {
	/** For people. */
	name: string
	/** Rows behind `after`, in order; rows whose texts are all sealed under `keyId` are left out. */
	read(database: Database, keyId: string, after: SqlValue | undefined): Promise<SealedHolder[]>
	count(database: Database, keyId: string): Promise<number>
}

/** LIKE would take `k1` for `K1`. ?1 what a sealed text starts with */
const isStale = (column: string) => `substr(${column}, 1, length(?1)) <> ?1`
const startOf = (keyId: string) => `v1.${keyId}.`

/** The keys in use. */
const upstreamKeys: SealedPlace = {
	name: 'keys',
	async read(database, keyId, after) {
		const rows = await database.execute(
			`SELECT id, secret, fingerprint, mask FROM upstream_keys
				WHERE ${isStale('secret')} AND id > ?2 ORDER BY id LIMIT 100`,
			[startOf(keyId), after ?? ''],
		)
		return rows.map(row => {
			const [rowId, sealed] = [String(row.id), String(row.secret)]
			const entry = { rowId, sealed, fingerprint: String(row.fingerprint), mask: String(row.mask) }
			return { cursor: rowId, entries: [entry], replace: changes => replaceKey(entry, changes.get(entry)) }
		})
	},
	async count(database, keyId) {
		const sql = `SELECT count(*) AS count FROM upstream_keys WHERE ${isStale('secret')}`
		const [row] = await database.execute(sql, [startOf(keyId)])
		return Number(row?.count)
	},
}

/** The same key may stand in one upstream twice, from before a rotation: the fingerprint then stays as it was. */
function replaceKey(entry: SealedEntry, resealed: Resealed = entry): Statement {
	return {
		sql: `UPDATE upstream_keys SET secret = ?1, fingerprint = iif(EXISTS (SELECT 1 FROM upstream_keys other
				WHERE other.upstream_id = upstream_keys.upstream_id AND other.fingerprint = ?2 AND other.id <> ?3),
				fingerprint, ?2) WHERE id = ?3 AND secret = ?4 RETURNING id`,
		args: [resealed.sealed, resealed.fingerprint, entry.rowId, entry.sealed],
	}
}

const keyOf = (field: string) => `json_extract(k.value, '$.${field}')`
/** Purged keys have no text left. */
const staleKeys = `FROM json_each(revisions.snapshot, '$.keys') k WHERE ${keyOf('secret')} <> ''
	AND ${isStale(keyOf('secret'))}`

/** The keys as past revisions have them: without these, restoring would bring back what nothing opens. */
const revisionKeys: SealedPlace = {
	name: 'keys in history',
	async read(database, keyId, after) {
		const rows = await database.execute(
			`SELECT revision, snapshot FROM revisions WHERE revision > ?2 AND EXISTS (SELECT 1 ${staleKeys})
				ORDER BY revision LIMIT 5`,
			[startOf(keyId), after ?? 0],
		)
		return rows.map(row => readRevision(Number(row.revision), String(row.snapshot)))
	},
	async count(database, keyId) {
		const sql = `SELECT sum((SELECT count(*) ${staleKeys})) AS count FROM revisions`
		const [row] = await database.execute(sql, [startOf(keyId)])
		return Number(row?.count ?? 0)
	},
}

interface StoredKey {
	id: string
	secret: string
	fingerprint: string
	mask: string
}

function readRevision(revision: number, json: string): SealedHolder {
	const snapshot = JSON.parse(json) as { keys: StoredKey[] }
	const entries = new Map(
		snapshot.keys.map(key => {
			const { id: rowId, secret: sealed, fingerprint, mask } = key
			return [key, { rowId, sealed, fingerprint, mask }]
		}),
	)
	return {
		cursor: revision,
		entries: [...entries.values()].filter(({ sealed }) => sealed !== ''),
		replace(changes) {
			const keys = snapshot.keys.map(key => {
				const entry = entries.get(key)
				const resealed = entry && changes.get(entry)
				return resealed ? { ...key, secret: resealed.sealed, fingerprint: resealed.fingerprint } : key
			})
			const text = JSON.stringify({ ...snapshot, keys })
			const sql =
				'UPDATE revisions SET snapshot = ?1 WHERE revision = ?2 AND snapshot = ?3 RETURNING revision'
			return { sql, args: [text, revision, json] }
		},
	}
}

/** Addresses and secrets of webhooks. They have no fingerprint. */
const webhooks: SealedPlace = {
	name: 'webhooks',
	async read(database, keyId, after) {
		const rows = await database.execute(
			`SELECT id, sealed, shown FROM webhooks WHERE ${isStale('sealed')} AND id > ?2 ORDER BY id LIMIT 100`,
			[startOf(keyId), after ?? ''],
		)
		return rows.map(row => {
			const [rowId, sealed] = [String(row.id), String(row.sealed)]
			const entry = { rowId, sealed, fingerprint: '', mask: String(row.shown) }
			return {
				...{ cursor: rowId, entries: [entry] },
				replace: changes => ({
					sql: 'UPDATE webhooks SET sealed = ?1 WHERE id = ?2 AND sealed = ?3 RETURNING id',
					args: [changes.get(entry)?.sealed ?? sealed, rowId, sealed],
				}),
			}
		})
	},
	async count(database, keyId) {
		const sql = `SELECT count(*) AS count FROM webhooks WHERE ${isStale('sealed')}`
		const [row] = await database.execute(sql, [startOf(keyId)])
		return Number(row?.count)
	},
}

/** Recorded bodies: many and large, so few are read at a time. */
const payloads: SealedPlace = {
	name: 'recorded bodies',
	async read(database, keyId, after) {
		const rows = await database.execute(
			`SELECT request_id, sealed FROM payloads WHERE ${isStale('sealed')} AND request_id > ?2
				ORDER BY request_id LIMIT 10`,
			[startOf(keyId), after ?? ''],
		)
		return rows.map(row => {
			const [requestId, sealed] = [String(row.request_id), String(row.sealed)]
			const entry: SealedEntry = {
				...{ rowId: payloadRowId(requestId), sealed, fingerprint: '' },
				...{ mask: requestId, once: true },
			}
			return {
				...{ cursor: requestId, entries: [entry] },
				replace: changes => ({
					sql: 'UPDATE payloads SET sealed = ?1 WHERE request_id = ?2 AND sealed = ?3 RETURNING request_id',
					args: [changes.get(entry)?.sealed ?? sealed, requestId, sealed],
				}),
			}
		})
	},
	async count(database, keyId) {
		const sql = `SELECT count(*) AS count FROM payloads WHERE ${isStale('sealed')}`
		const [row] = await database.execute(sql, [startOf(keyId)])
		return Number(row?.count)
	},
}

/** What the bodies of a request are bound to. */
export const payloadRowId = (requestId: string): string => `payloads/${requestId}`

/** Everywhere that something is sealed with ENCRYPTION_KEY. What is added to the database sealed is added here. */
export const sealedPlaces: readonly SealedPlace[] = [upstreamKeys, revisionKeys, webhooks, payloads]
