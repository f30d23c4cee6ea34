import type { PriceOverride } from '../../core/config/prices.ts'
import { readSettings } from '../../core/config/settings.ts'
import type { UsageGroupPart } from '../../core/usage/groups.ts'
import type { UsageSource } from '../../core/usage/shares.ts'
import type { UsagePart } from '../../core/usage/summarize.ts'
import type { UsageRange } from '../../core/usage/time-range.ts'
import type { Database } from '../client.ts'
import { NOW, type Row, type SqlValue } from '../sql.ts'

export interface UsageFilters {
	upstream?: string
	/** As the client asked or as sent upstream. */
	model?: string
	key?: string
}

export interface UsageReading {
	parts: UsagePart[]
	shares: UsageSource[]
	/** Of the range before, when it was asked for. */
	before: UsagePart[]
	/** The prices that people set. */
	prices: PriceOverride[]
}

const tokens = ['input_tokens', 'output_tokens', 'cache_read_tokens', 'cache_write_tokens']
const sums = ['requests', 'failed', 'cancelled', ...tokens, 'reasoning_tokens']
const texts = ['errors', 'first_content', 'total']
const sum = (name: string) => `sum(${name}) AS ${name}`
/** Counts add up by being put together. */
const join = (name: string) => `group_concat(${name}, '') AS ${name}`

/** One trip, whatever the range: the database adds up, and what comes back is as long as the chart. */
export async function readUsage(
	database: Database,
	range: UsageRange,
	options: { filters?: UsageFilters; before?: UsageRange } = {},
): Promise<UsageReading> {
	const { filters = {}, before } = options
	const ranges = [range, range, ...(before ? [before] : [])]
	const { where, args } = whereUsage(filters)
	const wanted = [
		`${selectParts(where)} AS parts`,
		`${selectShares(where)} AS shares`,
		before ? `${selectParts(where)} AS earlier` : `'[]' AS earlier`,
		`(SELECT value FROM settings WHERE key = 'prices') AS prices`,
	]
	const values = ranges.flatMap(({ from, to, bucketMs }) => [bucketMs / 60_000, from, to, ...args])
	const [row] = await database.execute(`SELECT ${wanted.join(', ')}`, values)
	return {
		parts: readParts(row?.parts),
		shares: (JSON.parse(String(row?.shares)) as ShareTuple[]).map(toShare),
		before: readParts(row?.earlier),
		prices: readPrices(row?.prices),
	}
}

const groupSums = ['requests', 'failed', 'cancelled']
const LAST_DAY = `${NOW} - ${24 * 3_600_000}`

/**
 * The last 24 hours, the present one among them, by upstream: the same hours as the traffic of the overview.
 */
export async function readUsageByUpstream(database: Database): Promise<UsageGroupPart[]> {
	const rows =
		await database.execute(`SELECT upstream_id AS id, ${[...groupSums.map(sum), join('first_content')].join(', ')}
		FROM usage WHERE grain = 60 AND start > ${LAST_DAY} AND upstream_id <> '' GROUP BY 1`)
	return rows.map(toGroup)
}

/**
 * The same by key, of one upstream. A request counts for the key that ended it; what a key failed before another one
 * answered is in its own history alone.
 */
export async function readUsageByKey(database: Database, upstreamId: string): Promise<UsageGroupPart[]> {
	const figures = [...groupSums.map(sum), join('first_content'), sum('attempts_failed')]
	const rows = await database.execute(
		`SELECT id, ${figures.join(', ')} FROM (
			SELECT key_id AS id, ${groupSums.join(', ')}, first_content, 0 AS attempts_failed FROM usage
			WHERE grain = 60 AND start > ${LAST_DAY} AND upstream_id = ?1 AND key_id <> ''
			UNION ALL SELECT e.key_id, 0, 0, 0, '', e.count FROM upstream_keys k JOIN key_events e
				ON e.key_id = k.id AND e.at > ${LAST_DAY} AND e.kind = 'failed' WHERE k.upstream_id = ?1)
		GROUP BY id`,
		[upstreamId],
	)
	return rows.map(row => ({ ...toGroup(row), attemptsFailed: Number(row.attempts_failed) }))
}

const toGroup = (row: Row): UsageGroupPart => ({
	...{ id: String(row.id), requests: Number(row.requests), failed: Number(row.failed) },
	...{ cancelled: Number(row.cancelled), firstContent: String(row.first_content) },
})

/** The prices that people set, in their order. */
export async function readPriceOverrides(database: Database): Promise<PriceOverride[]> {
	const [row] = await database.execute(`SELECT value FROM settings WHERE key = 'prices'`)
	return readPrices(row?.value)
}

function readPrices(json: SqlValue | undefined): PriceOverride[] {
	return readSettings(json == null ? {} : { prices: JSON.parse(String(json)) }).prices
}

function whereUsage({ upstream, model, key }: UsageFilters): { where: string; args: SqlValue[] } {
	const conditions: [sql: string, ...args: SqlValue[]][] = [['grain = ? AND start >= ? AND start < ?']]
	if (upstream !== undefined) conditions.push(['upstream_id = ?', upstream])
	if (key !== undefined) conditions.push(['key_id = ?', key])
	if (model !== undefined) conditions.push(['(upstream_model = ? OR model = ?)', model, model])
	return {
		where: conditions.map(([sql]) => sql).join(' AND '),
		args: conditions.flatMap(([, ...args]) => args),
	}
}

const selectParts = (
	where: string,
) => `(SELECT json_group_array(json_array(${['start', 'upstream_model', ...sums, ...texts].join(', ')}))
	FROM (SELECT start, upstream_model, ${[...sums.map(sum), ...texts.map(join)].join(', ')}
		FROM usage WHERE ${where} GROUP BY start, upstream_model))`

const shareSums = ['requests', 'failed', ...tokens]
const shareKeys = ['upstream_id', 'key_id', 'upstream_model', 'asked']
const shareNames = ['upstream_name', 'key_mask']
const selectShares = (
	where: string,
) => `(SELECT json_group_array(json_array(${[...shareKeys, ...shareNames, ...shareSums].join(', ')}))
	FROM (SELECT upstream_id, key_id, upstream_model, CASE upstream_model WHEN '' THEN model ELSE '' END AS asked,
			${shareNames.map(name => `max(${name}) AS ${name}`).join(', ')}, ${shareSums.map(sum).join(', ')}
		FROM usage WHERE ${where} GROUP BY 1, 2, 3, 4))`

type PartTuple = [
	...[start: number, upstreamModel: string, requests: number, failed: number, cancelled: number],
	...[input: number, output: number, cacheRead: number, cacheWrite: number, reasoning: number],
	...[errors: string, firstContent: string, total: string],
]

function readParts(json: SqlValue | undefined): UsagePart[] {
	return (JSON.parse(String(json)) as PartTuple[]).map(tuple => {
		const [start, upstreamModel, requests, failed, cancelled, inputTokens, outputTokens, ...more] = tuple
		const [cacheReadTokens, cacheWriteTokens, reasoningTokens, errors, firstContent, total] = more
		return {
			...{ start, upstreamModel, requests, failed, cancelled, inputTokens, outputTokens },
			...{ cacheReadTokens, cacheWriteTokens, reasoningTokens, errors, firstContent, total },
		}
	})
}

type ShareTuple = [
	...[upstreamId: string, keyId: string, upstreamModel: string, asked: string],
	...[upstreamName: string, keyMask: string, requests: number, failed: number],
	...[input: number, output: number, cacheRead: number, cacheWrite: number],
]

function toShare(tuple: ShareTuple): UsageSource {
	const [upstreamId, keyId, upstreamModel, asked, upstreamName, keyMask, requests, failed, ...counts] = tuple
	const [inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens] = counts
	return {
		...{ upstreamId, keyId, upstreamModel, model: upstreamModel || asked, upstreamName, keyMask },
		...{ requests, failed, inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens },
	}
}
