import { createHash } from 'node:crypto'
import type { Database } from './client.ts'
import { DatabaseError, isDatabaseError, violates } from './errors.ts'
import { setWriteAheadLog } from './locking.ts'
import { type Migration, migrations as ownMigrations } from './migrations/index.ts'
import { NOW } from './sql.ts'

export interface MigrationResult {
	/** `newer`: a later claude-proxy has been here. Its changes only add, so reading works; writing is refused. */
	status: 'ok' | 'newer'
	/** Migrations that this call applied. */
	applied: number
	/** Of the database, after the call. */
	version: number
	/** Of this code. */
	codeVersion: number
}

/** The schema that this code knows. */
export const codeVersion = ownMigrations.at(-1)?.version ?? 0

const CREATE_LEDGER =
	'CREATE TABLE IF NOT EXISTS schema_migrations (version INTEGER PRIMARY KEY, name TEXT NOT NULL, hash TEXT NOT NULL, applied_at INTEGER NOT NULL)'
const CLAIM = `INSERT INTO schema_migrations (version, name, hash, applied_at) VALUES (?, ?, ?, ${NOW})`

/**
 * Brings the schema up to date. Any number of instances may call this at once: each migration is one batch that first
 * claims its version's primary key, so a loser's batch fails as a whole and the loser reads again.
 */
export async function migrateDatabase(
	database: Database,
	migrations: readonly Migration[] = ownMigrations,
): Promise<MigrationResult> {
	const wanted = migrations.at(-1)?.version ?? 0
	for (let applied = 0; ; ) {
		const ledger = await readLedger(database)
		const version = Math.max(0, ...ledger.keys())
		if (version > wanted) return { status: 'newer', applied, version, codeVersion: wanted }
		refuseEdited(database, ledger, migrations)
		const next = migrations.find(migration => !ledger.has(migration.version))
		if (next === undefined) {
			// A property of the file: readers and one writer do not block each other.
			if (database.location === 'file') await setWriteAheadLog(database)
			return { status: 'ok', applied, version, codeVersion: wanted }
		}
		try {
			await applyMigration(database, next)
			applied++
		} catch (error) {
			if (!violates(error, 'schema_migrations.version')) throw error
		}
	}
}

/** The version without changing anything; 0 for an empty database. */
export async function readSchemaVersion(
	database: Database,
): Promise<{ version: number; codeVersion: number }> {
	try {
		const rows = await database.execute('SELECT max(version) AS version FROM schema_migrations')
		return { version: Number(rows[0]?.version ?? 0), codeVersion }
	} catch (error) {
		if (isDatabaseError(error, 'not-migrated')) return { version: 0, codeVersion }
		throw error
	}
}

async function readLedger(database: Database): Promise<Map<number, string>> {
	const select = 'SELECT version, hash FROM schema_migrations'
	const rows = await database.execute(select).catch(async error => {
		if (!isDatabaseError(error, 'not-migrated')) throw error
		await database.execute(CREATE_LEDGER)
		return database.execute(select)
	})
	return new Map(rows.map(row => [Number(row.version), String(row.hash)]))
}

async function applyMigration(database: Database, migration: Migration): Promise<void> {
	await database.batch([
		{ sql: CLAIM, args: [migration.version, migration.name, hashOf(migration)] },
		...migration.statements.map(sql => ({ sql })),
	])
}

function refuseEdited(
	database: Database,
	ledger: ReadonlyMap<number, string>,
	migrations: readonly Migration[],
): void {
	for (const migration of migrations) {
		const applied = ledger.get(migration.version)
		if (applied !== undefined && applied !== hashOf(migration)) {
			throw new DatabaseError(
				'failed',
				`The database ${database.label} was made by another build: its migration ${migration.version} (${migration.name}) differs from this one's. Use the claude-proxy that made it, or a new database.`,
			)
		}
	}
}

function hashOf(migration: Migration): string {
	return createHash('sha256').update(migration.statements.join('\n')).digest('hex').slice(0, 16)
}
