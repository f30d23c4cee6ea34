import type { Database } from '../client.ts'
import { NOW, type Statement } from '../sql.ts'

export interface SealedPayloads {
	requestId: string
	sealed: string
}

const DAY_MS = 86_400_000
const PRUNED_PER_BATCH = 500

/** Several rows travel as one JSON text. A request is recorded once. */
export function insertPayloads(rows: readonly SealedPayloads[]): Statement {
	return {
		sql: `INSERT INTO payloads (request_id, at, bytes, sealed)
			SELECT j.value ->> '$.requestId', ${NOW}, length(j.value ->> '$.sealed'), j.value ->> '$.sealed'
			FROM json_each(?1) j WHERE true ON CONFLICT (request_id) DO NOTHING`,
		args: [JSON.stringify(rows)],
	}
}

/** Removes some of what is older, the oldest first. Cheap when nothing is: it is part of other writes. */
export function prunePayloads(days: number): Statement {
	return {
		sql: `DELETE FROM payloads WHERE rowid IN
			(SELECT rowid FROM payloads WHERE at < ${NOW} - ?1 ORDER BY at LIMIT ${PRUNED_PER_BATCH})`,
		args: [days * DAY_MS],
	}
}

/** Removes the oldest until the rest is small enough. Reads the sizes of all: done now and then. */
export function shrinkPayloads(maxBytes: number): Statement {
	return {
		sql: `DELETE FROM payloads WHERE rowid IN (SELECT rowid FROM
			(SELECT rowid, sum(bytes) OVER (ORDER BY at DESC, rowid DESC) AS total FROM payloads) WHERE total > ?1)`,
		args: [maxBytes],
	}
}

/** The sealed bodies of a request; undefined when there are none, or their time is over. */
export async function findPayloads(
	database: Database,
	requestId: string,
	days: number,
): Promise<string | undefined> {
	const [row] = await database.execute(
		`SELECT sealed FROM payloads WHERE request_id = ? AND at >= ${NOW} - ?`,
		[requestId, days * DAY_MS],
	)
	return row === undefined ? undefined : String(row.sealed)
}
