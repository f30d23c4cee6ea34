import type { Recorder, RequestRecord } from '../../core/ports.ts'
import type { Database } from '../client.ts'
import type { requestLog } from '../schema/requests.ts'
import type { SqlValue, Statement } from '../sql.ts'
import { type StoreClock, systemClock } from '../store/system-clock.ts'
import { createWriteBehind, type WriteBehindStats } from '../store/write-behind.ts'
import { createInsert } from './insert-rows.ts'
import { writeDetails } from './request-details.ts'
import { createUpkeep } from './retention.ts'
import { usageStatements } from './usage-rows.ts'

export type RequestRow = typeof requestLog.$inferSelect

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

type Stored = Omit<RequestRow, 'seq'>

const columns: Record<keyof Stored, true> = {
	...{
		id: true,
		at: true,
		upstream_id: true,
		key_id: true,
		model: true,
		upstream_model: true,
		outcome: true,
	},
	...{ status: true, stream: true, total_ms: true, attempts: true, notes: true, details: true },
}
const names = Object.keys(columns) as (keyof Stored)[]

const insertRows = createInsert(
	names.length,
	`INSERT INTO request_log (${names.join(', ')})`,
	'ON CONFLICT (id) DO NOTHING',
)

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

function toValues(record: RequestRecord): SqlValue[] {
	const row: Stored = {
		id: record.id,
		at: Math.round(record.at),
		upstream_id: record.upstreamId ?? null,
		key_id: record.keyId ?? null,
		model: record.model.slice(0, 200),
		upstream_model: record.upstreamModel.slice(0, 200),
		outcome: record.outcome,
		status: record.status,
		stream: record.stream ? 1 : 0,
		total_ms: Math.round(record.totalMs),
		attempts: record.attempts.length,
		notes: record.notes.length,
		details: writeDetails(record),
	}
	return names.map(name => row[name])
}
