import type { RequestRecord } from '../../core/ports.ts'
import type { Database } from '../client.ts'
import { DatabaseError } from '../errors.ts'
import type { requestLog } from '../schema/requests.ts'
import type { Row, SqlValue, Statement } from '../sql.ts'
import { readDetails } from './request-details.ts'
import { type RequestFilters, whereRequests } from './request-filters.ts'

/** A request of the log. */
export interface LoggedRequest extends RequestRecord {
	/** Its bodies are kept. */
	recorded: boolean
}

export interface RequestPage {
	requests: LoggedRequest[]
	/** Where the next older page begins; undefined on the last one. */
	next: string | undefined
}

export interface ListOptions extends RequestFilters {
	limit?: number
	/** `next` of the page before. */
	before?: string
	/** Only what was written after this request: for reading along. An id that is gone gives the newest page. */
	after?: string
}

type RequestRow = typeof requestLog.$inferSelect

const MAX_ROWS = 1000
const RECORDED = '(SELECT 1 FROM payloads WHERE request_id = request_log.id) AS recorded'

/**
 * Newest first, by arrival. With `after`, what was written since, the latest writing first: an earlier request that
 * took longer is among it.
 */
export async function findRequests(database: Database, options: ListOptions = {}): Promise<RequestPage> {
	const limit = Math.min(Math.max(1, options.limit ?? 50), MAX_ROWS)
	if (options.after !== undefined) {
		const found = await findNewer(database, options, limit)
		if (found) return { requests: found, next: undefined }
	}
	const { where, args } = whereRequests(options)
	const place = options.before === undefined ? undefined : readCursor(options.before)
	// The first comparison is for the index, the second for what came in the same millisecond.
	const older = place ? ['at <= ?', '(at < ? OR seq < ?)'] : []
	const rows = await select(database, [...older, ...where], 'at DESC, seq DESC', [
		...(place ? [place.at, place.at, place.seq] : []),
		...[...args, limit + 1],
	])
	const requests = rows.slice(0, limit)
	const last = rows.length > limit ? requests.at(-1) : undefined
	return { requests: requests.map(toRequest), next: last && `${last.at}.${last.seq}` }
}

async function findNewer(
	database: Database,
	options: ListOptions,
	limit: number,
): Promise<LoggedRequest[] | undefined> {
	const { where, args } = whereRequests(options)
	const newer = 'seq > (SELECT seq FROM request_log WHERE id = ?)'
	const [known, rows] = await database.batch([
		{ sql: 'SELECT 1 FROM request_log WHERE id = ?', args: [options.after ?? ''] },
		selectRows([newer, ...where], 'seq', [options.after ?? '', ...args, limit]),
	])
	return known?.length === 0 ? undefined : (rows ?? []).toReversed().map(toRequest)
}

/** The place of the latest writing, from which `followRequests` goes on. */
export async function readPosition(database: Database): Promise<number> {
	const [row] = await database.execute('SELECT coalesce(max(seq), 0) AS position FROM request_log')
	return Number(row?.position)
}

/** Most that are read at once; the rest comes with the next call. */
const FOLLOWED_AT_ONCE = 500

/** What was written since a place and fits, in the order of writing, and the place to go on from. */
export async function followRequests(
	database: Database,
	position: number,
	filters: RequestFilters = {},
): Promise<{ requests: LoggedRequest[]; position: number }> {
	const newest = await readPosition(database)
	// The log was cleared: its numbers begin anew.
	if (newest <= position) return { requests: [], position: newest }
	const { where, args } = whereRequests(filters)
	const rows = await select(database, ['seq > ? AND seq <= ?', ...where], 'seq', [
		...[position, newest, ...args, FOLLOWED_AT_ONCE],
	])
	const last = rows.length === FOLLOWED_AT_ONCE ? Number(rows.at(-1)?.seq) : newest
	return { requests: rows.map(toRequest), position: last }
}

export async function findRequest(database: Database, id: string): Promise<LoggedRequest | undefined> {
	const [row] = await select(database, ['id = ?'], 'seq', [id, 1])
	return row && toRequest(row)
}

/** Newest first. */
export async function listRequests(
	database: Database,
	options: { limit?: number } = {},
): Promise<RequestRecord[]> {
	const { requests } = await findRequests(database, options)
	return requests.map(({ recorded: _, ...record }) => record)
}

/** Forgets all requests and their bodies; what they add up to stays unless `usage`. */
export async function clearRequests(database: Database, { usage }: { usage: boolean }): Promise<number> {
	const tables = ['payloads', 'request_log', ...(usage ? ['usage'] : [])]
	const [counted] = await database.batch([
		{ sql: 'SELECT count(*) AS count FROM request_log' },
		...tables.map(table => ({ sql: `DELETE FROM ${table}` })),
	])
	return Number(counted?.[0]?.count ?? 0)
}

function selectRows(where: readonly string[], order: string, args: readonly SqlValue[]): Statement {
	const condition = where.length === 0 ? '' : `WHERE ${where.join(' AND ')}`
	return {
		sql: `SELECT *, ${RECORDED} FROM request_log ${condition} ORDER BY ${order} LIMIT ?`,
		args,
	}
}

function select(
	database: Database,
	where: readonly string[],
	order: string,
	args: readonly SqlValue[],
): Promise<Row[]> {
	const { sql } = selectRows(where, order, args)
	return database.execute(sql, args)
}

function readCursor(text: string): { at: number; seq: number } {
	const [, at, seq] = /^(\d{1,15})\.(\d{1,15})$/.exec(text) ?? []
	if (at === undefined) throw new DatabaseError('invalid', 'before: must be the `next` of an earlier page')
	return { at: Number(at), seq: Number(seq) }
}

function toRequest(found: Row): LoggedRequest {
	const row = found as unknown as RequestRow
	return {
		...readDetails(row.details, row),
		id: row.id,
		at: row.at,
		upstreamId: row.upstream_id ?? undefined,
		keyId: row.key_id ?? undefined,
		model: row.model,
		upstreamModel: row.upstream_model,
		stream: row.stream !== 0,
		status: row.status,
		outcome: row.outcome as RequestRecord['outcome'],
		totalMs: row.total_ms,
		recorded: found.recorded !== null,
	}
}
