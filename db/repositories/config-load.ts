import type { Strategy, UpstreamConfig } from '../../core/config/upstream.ts'
import type { Database } from '../client.ts'
import { DatabaseError } from '../errors.ts'
import type { upstreamKeys } from '../schema/config.ts'
import type { keyStates } from '../schema/state.ts'
import { NOW, type Row } from '../sql.ts'
import { type ConfigContent, readContent } from './config-content.ts'
import { FACTS_JSON, readFactRows, type StoredFact } from './learned-facts.ts'
import type { UpstreamRow } from './upstream-columns.ts'

export type KeyRow = typeof upstreamKeys.$inferSelect
export type KeyStateRow = typeof keyStates.$inferSelect

/** The whole configuration as stored, keys still sealed. */
export interface LoadedConfig extends ConfigContent {
	revision: number
	stateVersion: number
	/** By the database's clock, when it was read. */
	databaseNow: number
	/** Of the tables: above ours when a later claude-proxy has migrated them. */
	schemaVersion: number
	strategy: Strategy
	keyStates: KeyStateRow[]
	/** What upstreams' refusals taught; expired facts are not among them. */
	facts: StoredFact[]
}

export interface LoadedUpstream extends UpstreamConfig {
	id: string
	position: number
	createdAt: number
	keys: KeyRow[]
}

/** Every column of a row, checked by the type: a new column is an error here until it is listed. */
type Columns<RowShape> = Record<keyof RowShape, true>

const rowJson = (columns: object) =>
	`json_object(${Object.keys(columns)
		.map(name => `'${name}', ${name}`)
		.join(', ')})`

const upstreamColumns: Columns<UpstreamRow> = {
	...{ id: true, name: true, name_key: true, type: true, base_url: true, description: true, website: true },
	...{ insecure_skip_verify: true, model_map: true, extra_headers: true, proxy_url: true, auth_style: true },
	...{
		timeout_ms: true,
		max_concurrent: true,
		key_concurrent: true,
		first_content_ms: true,
		enabled: true,
		position: true,
		created_at: true,
	},
}

const keyColumns: Columns<KeyRow> = {
	...{ id: true, upstream_id: true, secret: true, fingerprint: true, mask: true, enabled: true },
	...{ position: true, created_at: true },
}

const stateColumns: Columns<KeyStateRow> = {
	...{ key_id: true, scope: true, cooldown_until: true, streak: true, fail_total: true, incident_at: true },
	...{ last_fail_at: true, last_ok_at: true, last_error: true, last_status: true, last_class: true },
	...{ probe_until: true, cleared_at: true },
}

/** The parts of a configuration as JSON; also what a revision keeps. */
export const SETTINGS_JSON = '(SELECT json_group_object(key, json(value)) FROM settings)'
export const UPSTREAMS_JSON = `(SELECT json_group_array(${rowJson(upstreamColumns)} ORDER BY position, id) FROM upstreams)`
export const KEYS_JSON = `(SELECT json_group_array(${rowJson(keyColumns)} ORDER BY upstream_id, position, id) FROM upstream_keys)`
/** A row without a failure only says when the key was cleared. */
const STATES_JSON = `(SELECT json_group_array(${rowJson(stateColumns)}) FROM key_states WHERE fail_total > 0)`

const COLUMNS = `revision, state_version, ${NOW} AS database_now, ${SETTINGS_JSON} AS settings,
	${UPSTREAMS_JSON} AS upstreams, ${KEYS_JSON} AS keys, ${STATES_JSON} AS states,
	${FACTS_JSON} AS facts,
	(SELECT max(version) FROM schema_migrations) AS schema_version`

export async function loadConfig(database: Database): Promise<LoadedConfig> {
	return (await loadConfigRow(database)).config
}

/**
 * One statement, so that one trip gives one consistent state without holding a transaction.
 * @param columns what else is read in that trip
 */
export async function loadConfigRow(
	database: Database,
	columns: readonly string[] = [],
): Promise<{ config: LoadedConfig; row: Row }> {
	const wanted = [COLUMNS, ...columns].join(', ')
	const row = (await database.execute(`SELECT ${wanted} FROM meta WHERE id = 1`))[0]
	if (row === undefined) throw emptyDatabase(database)
	return { config: readConfigRow(row), row }
}

function readConfigRow(row: Row): LoadedConfig {
	const content = readContent({
		settings: JSON.parse(String(row.settings)),
		upstreams: JSON.parse(String(row.upstreams)),
		keys: JSON.parse(String(row.keys)),
	})
	return {
		revision: Number(row.revision),
		stateVersion: Number(row.state_version),
		databaseNow: Number(row.database_now),
		schemaVersion: Number(row.schema_version),
		...content,
		strategy: content.settings.strategy,
		keyStates: JSON.parse(String(row.states)) as KeyStateRow[],
		facts: readFactRows(JSON.parse(String(row.facts))),
	}
}

function emptyDatabase(database: Database): DatabaseError {
	return new DatabaseError(
		'not-migrated',
		`The database ${database.label} has lost its contents or was never set up; run: npm run db:migrate, and restore an export if you have one.`,
	)
}
