import type { Strategy } from '../../core/config/upstream.ts'
import type { Database } from '../client.ts'

/** Gives a new database its strategy; one that has a strategy already decides for itself. Makes no revision. */
export async function initializeStrategy(database: Database, strategy: Strategy): Promise<void> {
	await database.batch([
		{
			sql: `UPDATE meta SET state_version = state_version + 1
				WHERE id = 1 AND NOT EXISTS (SELECT 1 FROM settings WHERE key = 'strategy')`,
		},
		{
			sql: `INSERT INTO settings (key, value) VALUES ('strategy', ?) ON CONFLICT (key) DO NOTHING`,
			args: [JSON.stringify(strategy)],
		},
	])
}
