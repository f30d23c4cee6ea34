import type { Database } from '../client.ts'
import { DatabaseError } from '../errors.ts'
import { NOW } from '../sql.ts'
import type { ScopeHealth } from './health-rule.ts'
import type { HealthTable } from './snapshot-state.ts'

/** All that an instance must know to trust its snapshot, in one read-only trip. */
export interface Heartbeat {
	revision: number
	stateVersion: number
	databaseNow: number
	health: HealthTable
	/** The health as text: equal texts need no comparison of tables. */
	healthText: string
}

const SELECT = `SELECT m.revision, m.state_version, ${NOW} AS database_now,
	(SELECT json_group_array(json_array(key_id, scope, cooldown_until, streak, last_fail_at))
		FROM key_states WHERE cooldown_until > ${NOW} OR streak > 0) AS health FROM meta m WHERE m.id = 1`

export async function readHeartbeat(database: Database): Promise<Heartbeat> {
	const row = (await database.execute(SELECT))[0]
	if (row === undefined) {
		throw new DatabaseError(
			'not-migrated',
			`The database ${database.label} has lost its contents; the configuration read before serves on until this process ends. Restore an export.`,
		)
	}
	const healthText = String(row.health)
	return {
		revision: Number(row.revision),
		stateVersion: Number(row.state_version),
		databaseNow: Number(row.database_now),
		health: readHealth(JSON.parse(healthText) as HealthTuple[]),
		healthText,
	}
}

type HealthTuple = [keyId: string, scope: string, cooldownUntil: number, streak: number, lastFailAt: number]

function readHealth(tuples: readonly HealthTuple[]): HealthTable {
	const table = new Map<string, Map<string, ScopeHealth>>()
	for (const [keyId, scope, cooldownUntil, streak, lastFailAt] of tuples) {
		const scopes = table.get(keyId) ?? new Map<string, ScopeHealth>()
		table.set(keyId, scopes.set(scope, { cooldownUntil, streak, lastFailAt }))
	}
	return table
}
