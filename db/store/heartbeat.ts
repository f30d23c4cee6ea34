import type { Database } from '../client.ts'
import { DatabaseError } from '../errors.ts'
import { NOW } from '../sql.ts'
import type { ScopeHealth } from './health-rule.ts'
import type { HealthTable } from './snapshot-state.ts'

/** All that an instance must know to trust its snapshot, in one read-only trip. */
export interface Heartbeat {
	revision: number
	/** Differs when another database with a revision of the same number has taken the place of the one before. */
	editId: string | undefined
	stateVersion: number
	/** Of the tables. */
	schemaVersion: number
	databaseNow: number
	health: HealthTable
	/** The health as text: equal texts need no comparison of tables. */
	healthText: string
}

/** What was cleared by hand stays listed for as long as an older failure could still cool the key somewhere. */
const CLEARED_LISTED_MS = 3_600_000

const SELECT = `SELECT m.revision, m.state_version, ${NOW} AS database_now,
	(SELECT edit_id FROM revisions WHERE revision = m.revision) AS edit_id,
	(SELECT max(version) FROM schema_migrations) AS schema_version,
	(SELECT json_group_array(json_array(key_id, scope, cooldown_until, streak, last_fail_at, cleared_at, probe_until))
		FROM key_states WHERE cooldown_until > ${NOW} OR streak > 0 OR cleared_at > ${NOW} - ${CLEARED_LISTED_MS})
	AS health FROM meta m WHERE m.id = 1`

export async function readHeartbeat(database: Database): Promise<Heartbeat> {
	const row = (await database.execute(SELECT))[0]
	if (row === undefined) throw lostContents(database)
	const healthText = String(row.health)
	return {
		revision: Number(row.revision),
		editId: row.edit_id === null ? undefined : String(row.edit_id),
		schemaVersion: Number(row.schema_version),
		stateVersion: Number(row.state_version),
		databaseNow: Number(row.database_now),
		health: readHealth(JSON.parse(healthText) as HealthTuple[]),
		healthText,
	}
}

/** A database that held a configuration and is new again: served on is what was read before. */
export function lostContents(database: Database): DatabaseError {
	return new DatabaseError(
		'not-migrated',
		`The database ${database.label} has lost its contents; the configuration read before serves on until this process ends. Restore an export, or add an upstream to begin anew.`,
	)
}

type HealthTuple = [keyId: string, scope: string, ...numbers: [number, number, number, number, number]]

function readHealth(tuples: readonly HealthTuple[]): HealthTable {
	const table = new Map<string, Map<string, ScopeHealth>>()
	for (const [keyId, scope, cooldownUntil, streak, lastFailAt, clearedAt, probeUntil] of tuples) {
		const scopes = table.get(keyId) ?? new Map<string, ScopeHealth>()
		table.set(keyId, scopes.set(scope, { cooldownUntil, streak, lastFailAt, clearedAt, probeUntil }))
	}
	return table
}
