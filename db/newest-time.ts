import type { Database } from './client.ts'
import { NOW } from './sql.ts'

export interface NewestTime {
	/** The latest time that anything stored has; 0 when there is none. */
	newest: number
	now: number
}

const places = [
	'SELECT max(at) AS at FROM request_log',
	'SELECT max(at) FROM revisions',
	'SELECT max(max(last_fail_at, last_ok_at, incident_at, cleared_at)) FROM key_states',
]

/** Both by the database's clock: something stored that is newer than now was written by a clock that went back since. */
export async function readNewestTime(database: Database): Promise<NewestTime> {
	const rows = await database.execute(
		`SELECT coalesce(max(at), 0) AS newest, ${NOW} AS now FROM (${places.join(' UNION ALL ')})`,
	)
	const [{ newest = 0, now = 0 } = {}] = rows
	return { newest: Number(newest), now: Number(now) }
}
