import type { SqlValue, Statement } from '../sql.ts'
import { keyDefaults, upstreamDefaults } from './row-defaults.ts'

/**
 * The statements that bring back a revision: the database itself puts its snapshot's rows into the tables, so that no
 * sealed key travels. What exists is changed and not made anew: keys keep their health. A key that exists keeps its
 * sealed text too, which may have been sealed again since.
 */
export function restoreEdits(revision: number, newRevision: number): Statement[] {
	return [
		{ sql: REFUSE_MISSING, args: [revision, newRevision] },
		...RESTORE.map(sql => ({ sql, args: [revision] })),
		{ sql: FREE_CURRENT },
	]
}

/** `snapshot` is NOT NULL: without the revision to restore the batch fails, instead of emptying the configuration. */
const REFUSE_MISSING = `UPDATE revisions SET snapshot = NULL
	WHERE revision = ?2 AND NOT EXISTS (SELECT 1 FROM revisions WHERE revision = ?1)`

const rowsOf = (part: 'upstreams' | 'keys' | 'settings') =>
	`json_each((SELECT snapshot FROM revisions WHERE revision = ?1), '$.${part}') j`
/** What was purged from history stays gone. */
const keyRows = `${rowsOf('keys')} WHERE json_extract(j.value, '$.purged_at') IS NULL`

/** json_each turns true into 1 and null into NULL: settings are JSON and stay so. */
const SETTING_VALUE = `CASE j.type WHEN 'text' THEN json_quote(j.value) WHEN 'null' THEN 'null'
	WHEN 'true' THEN 'true' WHEN 'false' THEN 'false' ELSE j.value END`

/** `WHERE true`: after a SELECT the parser would take ON CONFLICT for a join's ON. */
const RESTORE = [
	`DELETE FROM upstream_keys WHERE id NOT IN (SELECT json_extract(j.value, '$.id') FROM ${keyRows})`,
	`DELETE FROM upstreams WHERE id NOT IN (SELECT json_extract(j.value, '$.id') FROM ${rowsOf('upstreams')})`,
	// Names may have been swapped since: none may stand in another's way.
	`UPDATE upstreams SET name_key = '~' || id WHERE ?1 = ?1`,
	`INSERT INTO upstreams ${insertFrom(upstreamDefaults)} FROM ${rowsOf('upstreams')} WHERE true
		ON CONFLICT (id) DO UPDATE SET ${assign(Object.keys(upstreamDefaults).filter(name => name !== 'id'))}`,
	`INSERT INTO upstream_keys ${insertFrom(keyDefaults)} FROM ${keyRows}
		ON CONFLICT (id) DO UPDATE SET ${assign(['upstream_id', 'enabled', 'position'])}`,
	`DELETE FROM settings WHERE key NOT IN (SELECT j.key FROM ${rowsOf('settings')})`,
	`INSERT INTO settings (key, value) SELECT j.key, ${SETTING_VALUE} FROM ${rowsOf('settings')} WHERE true
		ON CONFLICT (key) DO UPDATE SET value = excluded.value`,
]

const FREE_CURRENT = `DELETE FROM settings WHERE key = 'current_upstream'
	AND json_extract(value, '$') NOT IN (SELECT id FROM upstreams)`

function insertFrom(defaults: Record<string, SqlValue | undefined>): string {
	const values = Object.entries(defaults).map(([column, value]) => {
		const stored = `json_extract(j.value, '$.${column}')`
		return value === undefined ? stored : `coalesce(${stored}, ${toLiteral(value)})`
	})
	return `(${Object.keys(defaults).join(', ')}) SELECT ${values.join(', ')}`
}

function assign(columns: readonly string[]): string {
	return columns.map(column => `${column} = excluded.${column}`).join(', ')
}

function toLiteral(value: SqlValue): string {
	return typeof value === 'string' ? `'${value}'` : String(value)
}
