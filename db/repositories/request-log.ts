import type { Usage } from '../../core/messages/events.ts'
import type { Note } from '../../core/messages/notes.ts'
import type { AttemptRecord, Recorder, RequestRecord } from '../../core/ports.ts'
import type { Database } from '../client.ts'
import type { requests } from '../schema/requests.ts'
import { NOW, type Statement } from '../sql.ts'
import { type StoreClock, systemClock } from '../store/system-clock.ts'
import { createWriteBehind, type WriteBehindStats } from '../store/write-behind.ts'

export type RequestRow = typeof requests.$inferSelect

export interface RequestLogOptions {
	database: Database
	clock?: StoreClock
	/** How long a row may wait for company, ms. */
	delayMs?: number
	/** How long rows are kept. */
	keepDays?: number
	defer?: (work: Promise<unknown>) => void
	/** What else is stored with these rows, in the same batch. */
	alongside?: (rows: readonly RequestRow[]) => Statement[]
}

export interface RequestLog {
	record: Recorder
	/** Resolves when all is written, or the database stayed away. Never rejects. */
	flush(): Promise<void>
	stats(): WriteBehindStats
}

const ROW_LIMIT = 1000
const ROWS_PER_BATCH = 200
const PRUNED_PER_BATCH = 500
const DAY_MS = 86_400_000
const USAGE_KEPT_HOURS = 400 * 24

const columns: Record<keyof RequestRow, true> = {
	...{ id: true, at: true, upstream_id: true, upstream_name: true, key_id: true, key_mask: true },
	...{ access_key_id: true, model: true, upstream_model: true, stream: true, status: true, outcome: true },
	...{ error_message: true, stop_reason: true, input_tokens: true, output_tokens: true },
	...{ cache_read_tokens: true, cache_write_tokens: true, reasoning_tokens: true, web_searches: true },
	...{ first_content_ms: true, total_ms: true, attempt_count: true, attempts: true, notes: true },
	...{ user_agent: true, session_id: true },
}
const names = Object.keys(columns)

/** All rows of a batch travel as one JSON text: the statements are the same whatever their number. */
const value = (name: string) => `json_extract(j.value, '$.${name}')`
const INSERT_ROWS = `INSERT INTO requests (${names.join(', ')}) SELECT ${names.map(value).join(', ')}
	FROM json_each(?1) j WHERE true ON CONFLICT (id) DO NOTHING`

const sums = [
	'input_tokens',
	'output_tokens',
	'cache_read_tokens',
	'cache_write_tokens',
	'reasoning_tokens',
	'total_ms',
]
const counted = ['requests', 'errors', 'cancelled', ...sums]
const ADD_USAGE = `INSERT INTO usage_hourly (hour, upstream_id, key_id, model, ${counted.join(', ')})
	SELECT ${value('at')} / 3600000, coalesce(${value('upstream_id')}, ''), coalesce(${value('key_id')}, ''), ${value('model')},
		count(*), sum(${value('status')} >= 400 AND ${value('outcome')} <> 'cancelled'), sum(${value('outcome')} = 'cancelled'),
		${sums.map(name => `coalesce(sum(${value(name)}), 0)`).join(', ')}
	FROM json_each(?1) j WHERE true GROUP BY 1, 2, 3, 4
	ON CONFLICT (hour, upstream_id, key_id, model) DO UPDATE SET ${counted.map(name => `${name} = ${name} + excluded.${name}`).join(', ')}`

const PRUNE_ROWS = `DELETE FROM requests WHERE rowid IN
	(SELECT rowid FROM requests WHERE at < ${NOW} - ?1 ORDER BY at LIMIT ${PRUNED_PER_BATCH})`
const PRUNE_USAGE = `DELETE FROM usage_hourly WHERE hour < ${NOW} / 3600000 - ${USAGE_KEPT_HOURS}`

/** Keeps what happened to each request, behind the requests' backs: a database that is away delays nothing. */
export function createRequestLog(options: RequestLogOptions): RequestLog {
	const keepMs = (options.keepDays ?? 30) * DAY_MS
	const writer = createWriteBehind<RequestRow>({
		...{ database: options.database, clock: options.clock ?? systemClock },
		...{ limit: ROW_LIMIT, batchSize: ROWS_PER_BATCH, delayMs: options.delayMs ?? 1000 },
		toStatements: rows => [...logStatements(rows, keepMs), ...(options.alongside?.(rows) ?? [])],
		...(options.defer ? { defer: options.defer } : {}),
	})
	return {
		record: record => writer.add(toRow(record)),
		flush: () => writer.flush(),
		stats: () => writer.stats(),
	}
}

function logStatements(rows: readonly RequestRow[], keepMs: number): Statement[] {
	const json = JSON.stringify(rows)
	return [
		{ sql: INSERT_ROWS, args: [json] },
		{ sql: ADD_USAGE, args: [json] },
		{ sql: PRUNE_ROWS, args: [keepMs] },
		{ sql: PRUNE_USAGE },
	]
}

function toRow(record: RequestRecord): RequestRow {
	const { usage } = record
	return {
		id: record.id,
		at: Math.round(record.at),
		upstream_id: record.upstreamId ?? null,
		upstream_name: record.upstreamName ?? null,
		key_id: record.keyId ?? null,
		key_mask: record.keyMask ?? null,
		access_key_id: null,
		model: record.model.slice(0, 200),
		upstream_model: record.upstreamModel.slice(0, 200),
		stream: record.stream ? 1 : 0,
		status: record.status,
		outcome: record.outcome,
		error_message: record.errorMessage.slice(0, 1000),
		stop_reason: record.stopReason ?? null,
		input_tokens: usage?.input_tokens ?? null,
		output_tokens: usage?.output_tokens ?? null,
		cache_read_tokens: usage?.cache_read_input_tokens ?? null,
		cache_write_tokens: usage?.cache_creation_input_tokens ?? null,
		reasoning_tokens: usage?.output_tokens_details?.thinking_tokens ?? null,
		web_searches: usage?.server_tool_use?.web_search_requests ?? null,
		first_content_ms: record.firstContentMs === undefined ? null : Math.round(record.firstContentMs),
		total_ms: Math.round(record.totalMs),
		attempt_count: record.attempts.length,
		attempts: JSON.stringify(record.attempts.slice(0, 100)),
		notes: JSON.stringify(record.notes.slice(0, 100)),
		user_agent: record.userAgent.slice(0, 300),
		session_id: record.sessionId.slice(0, 200),
	}
}

/** Newest first. */
export async function listRequests(
	database: Database,
	options: { limit?: number } = {},
): Promise<RequestRecord[]> {
	const rows = await database.execute(
		`SELECT ${names.join(', ')} FROM requests ORDER BY at DESC, id DESC LIMIT ?`,
		[Math.min(options.limit ?? 50, 1000)],
	)
	return (rows as unknown as RequestRow[]).map(fromRow)
}

function fromRow(row: RequestRow): RequestRecord {
	return {
		id: row.id,
		at: row.at,
		upstreamId: row.upstream_id ?? undefined,
		upstreamName: row.upstream_name ?? undefined,
		keyId: row.key_id ?? undefined,
		keyMask: row.key_mask ?? undefined,
		model: row.model,
		upstreamModel: row.upstream_model,
		stream: row.stream !== 0,
		status: row.status,
		outcome: row.outcome as RequestRecord['outcome'],
		errorMessage: row.error_message,
		stopReason: row.stop_reason ?? undefined,
		usage: readUsage(row),
		firstContentMs: row.first_content_ms ?? undefined,
		totalMs: row.total_ms,
		attempts: JSON.parse(row.attempts) as AttemptRecord[],
		notes: JSON.parse(row.notes) as Note[],
		userAgent: row.user_agent,
		sessionId: row.session_id,
	}
}

function readUsage(row: RequestRow): Usage | undefined {
	if (row.input_tokens === null || row.output_tokens === null) return undefined
	const usage: Usage = { input_tokens: row.input_tokens, output_tokens: row.output_tokens }
	if (row.cache_read_tokens !== null) usage.cache_read_input_tokens = row.cache_read_tokens
	if (row.cache_write_tokens !== null) usage.cache_creation_input_tokens = row.cache_write_tokens
	if (row.reasoning_tokens !== null) usage.output_tokens_details = { thinking_tokens: row.reasoning_tokens }
	if (row.web_searches !== null) usage.server_tool_use = { web_search_requests: row.web_searches }
	return usage
}
