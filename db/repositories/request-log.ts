import type { Recorder, RequestRecord } from '../../core/ports.ts'
import type { Database } from '../client.ts'
import type { requestLog } from '../schema/requests.ts'
import type { SqlValue, Statement } from '../sql.ts'
import { type StoreClock, systemClock } from '../store/system-clock.ts'
import { createWriteBehind, type WriteBehindStats } from '../store/write-behind.ts'
import { createTableInsert } from './insert-rows.ts'
import { writeDetails } from './request-details.ts'
import { createUpkeep } from './retention.ts'
import { type CountedUsage, countUsage, usageStatements } from './usage-rows.ts'

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
/** Full batches whose usage is put together before it is written, and how many may wait for that. */
const COUNTED_TOGETHER = 5
const COUNTED_LIMIT = 20

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
	const { database, clock = systemClock, delayMs = 1000, defer } = options
	const common = { database, clock, delayMs, ...(defer && { defer }) }
	const counter = createWriteBehind<CountedUsage>({
		...common,
		...{ limit: COUNTED_LIMIT, batchSize: COUNTED_TOGETHER },
		toStatements: usageStatements,
	})
	// A row of usage costs as much as three of the log, however many requests it counts: a busy file gets them once a
	// second and not with each batch. A server gets them along with the batch, for a trip of their own would cost more.
	const isCountedLater = ({ length }: readonly RequestRecord[]) =>
		length === ROWS_PER_BATCH && database.location === 'file'
	const writer = createWriteBehind<RequestRecord>({
		...common,
		...{ limit: ROW_LIMIT, batchSize: ROWS_PER_BATCH },
		toStatements: records => [
			...insertRows(records.map(toValues)),
			...(isCountedLater(records) ? [] : usageStatements([countUsage(records.filter(isOurs))])),
			...keepUp(),
			...(options.alongside?.(records) ?? []),
		],
		onSettled(records, outcome) {
			if (outcome === 'written' && isCountedLater(records)) counter.add(countUsage(records.filter(isOurs)))
		},
	})
	return {
		record: record => writer.add(record),
		async flush() {
			await writer.flush()
			await counter.flush()
		},
		stats: () => addStats(writer.stats(), counter.stats()),
	}
}

/** In requests, and of the batches that are counted later only what was not done. */
function addStats(rows: WriteBehindStats, counted: WriteBehindStats): WriteBehindStats {
	return {
		...rows,
		pending: rows.pending + counted.pending * ROWS_PER_BATCH,
		dropped: rows.dropped + counted.dropped * ROWS_PER_BATCH,
		error: rows.error ?? counted.error,
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
