import type { Recorder, RequestRecord } from '../../core/ports.ts'
import type { Database } from '../client.ts'
import type { requestLog } from '../schema/requests.ts'
import type { SqlValue, Statement } from '../sql.ts'
import { type StoreClock, systemClock } from '../store/system-clock.ts'
import { createWriteBehind, type WriteBehindStats } from '../store/write-behind.ts'
import { createTableInsert } from './insert-rows.ts'
import { writeDetails } from './request-details.ts'
import { createUpkeep } from './retention.ts'
import { usageStatements } from './usage-rows.ts'

type RequestRow = typeof requestLog.$inferSelect

export interface RequestLogOptions {
	database: Database
	clock?: StoreClock
	/** How long a row may wait for company, ms. */
	delayMs?: number
	defer?: (work: Promise<unknown>) => void
	/** What else is stored with these rows, in the same batch. */
	alongside?: (records: readonly RequestRecord[]) => Statement[]
}

export interface RequestLog {
	record: Recorder
	/** Resolves when all is written, or the database stayed away. Never rejects. */
	flush(): Promise<void>
	stats(): WriteBehindStats
}

const ROW_LIMIT = 1000
const ROWS_PER_BATCH = 200

const names = [
	...(['id', 'at', 'upstream_id', 'key_id', 'model', 'upstream_model', 'outcome', 'status'] as const),
	...(['stream', 'total_ms', 'attempts', 'notes', 'details'] as const),
] satisfies (keyof RequestRow)[]

const insertRows = createTableInsert('request_log', names, 'ON CONFLICT (id) DO NOTHING')

/**
 * Keeps what happened to each request, behind the requests' backs: a database that is away delays nothing. Rows are
 * made when they are written, not while the request runs.
 */
export function createRequestLog(options: RequestLogOptions): RequestLog {
	const keepUp = createUpkeep()
	const writer = createWriteBehind<RequestRecord>({
		...{ database: options.database, clock: options.clock ?? systemClock },
		...{ limit: ROW_LIMIT, batchSize: ROWS_PER_BATCH, delayMs: options.delayMs ?? 1000 },
		toStatements: records => [
			...insertRows(records.map(toValues)),
			...usageStatements(records.filter(isOurs)),
			...keepUp(),
			...(options.alongside?.(records) ?? []),
		],
		...(options.defer ? { defer: options.defer } : {}),
	})
	return {
		record: record => writer.add(record),
		flush: () => writer.flush(),
		stats: () => writer.stats(),
	}
}

/** Who has no access key belongs to nobody's usage: strangers must not change a success rate. */
const isOurs = ({ outcome, status }: RequestRecord) => outcome !== 'refused' || status !== 401

/** In the order of `names`. */
function toValues(record: RequestRecord): SqlValue[] {
	return [
		record.id,
		Math.round(record.at),
		record.upstreamId ?? null,
		record.keyId ?? null,
		record.model.slice(0, 200),
		record.upstreamModel.slice(0, 200),
		record.outcome,
		record.status,
		record.stream ? 1 : 0,
		Math.round(record.totalMs),
		record.attempts.length,
		record.notes.length,
		writeDetails(record),
	]
}
