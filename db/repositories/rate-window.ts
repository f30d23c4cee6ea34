import type { Database } from '../client.ts'
import { NOW } from '../sql.ts'

export interface RateWindow {
	/** Requests counted in the running window, this one included. */
	count: number
	/** Epoch ms by the database's clock: now, and when the next window begins. */
	now: number
	resetAt: number
}

/**
 * Counts one request of a subject in the window that runs now, for all instances together: one statement, the
 * database's clock. The counts of past windows are removed along the way.
 */
export async function countInWindow(
	database: Database,
	subject: string,
	windowMs: number,
): Promise<RateWindow> {
	const [, [row] = []] = await database.batch([
		{
			sql: `DELETE FROM counters WHERE name LIKE 'rate:' || ?1 || ':%' AND name <> 'rate:' || ?1 || ':' || (${NOW} / ?2)`,
			args: [subject, windowMs],
		},
		{
			sql: `INSERT INTO counters (name, value) VALUES ('rate:' || ?1 || ':' || (${NOW} / ?2), 1)
				ON CONFLICT (name) DO UPDATE SET value = value + 1 RETURNING value, ${NOW} AS now`,
			args: [subject, windowMs],
		},
	])
	const now = Number(row?.now)
	return { count: Number(row?.value), now, resetAt: (Math.floor(now / windowMs) + 1) * windowMs }
}
