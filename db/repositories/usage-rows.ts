import type { RequestRecord } from '../../core/ports.ts'
import { usageGrains } from '../../core/usage/grains.ts'
import { intervalOf, writeCounts } from '../../core/usage/sketch.ts'
import type { SqlValue, Statement } from '../sql.ts'
import { createInsert } from './insert-rows.ts'

const MINUTE_MS = 60_000

const keys = ['upstream_id', 'key_id', 'model', 'upstream_model', 'access_key_id'] as const
const names = ['upstream_name', 'key_mask'] as const
const usageSums = [
	...(['requests', 'failed', 'cancelled', 'input_tokens', 'output_tokens'] as const),
	...(['cache_read_tokens', 'cache_write_tokens', 'reasoning_tokens'] as const),
]
export const usageCounts = ['errors', 'first_content', 'total'] as const
const columns = ['start', ...keys, ...names, ...usageSums, ...usageCounts]

const changes = [
	...names.map(name => `${name} = excluded.${name}`),
	...usageSums.map(name => `${name} = usage.${name} + excluded.${name}`),
	// Counts add up by being put together; what has become long is tidied up now and then (retention.ts).
	...usageCounts.map(name => `${name} = usage.${name} || excluded.${name}`),
]
const grains = usageGrains.map(({ minutes }) => `(${minutes})`).join(', ')
const places = columns.slice(1).map((_, index) => `m.column${index + 2}`)

/** Minutes go in, and are added to the minute, quarter, hour and day that they are part of. */
const addUsage = createInsert(
	columns.length,
	`INSERT INTO usage (grain, ${columns.join(', ')})
	SELECT g.column1, m.column1 - m.column1 % (g.column1 * ${MINUTE_MS}), ${places.join(', ')} FROM (VALUES ${grains}) g, (`,
	`) m WHERE true ON CONFLICT (grain, start, ${keys.join(', ')}) DO UPDATE SET ${changes.join(', ')}`,
)

interface Minute {
	first: RequestRecord
	start: number
	requests: number
	failed: number
	cancelled: number
	input: number
	output: number
	cacheRead: number
	cacheWrite: number
	reasoning: number
	errors: Map<string, number>
	firstContent: Map<number, number>
	total: Map<number, number>
}

/** Requests added up: by minute, and by what usage is told apart by. */
export type CountedUsage = ReadonlyMap<string, Minute>

/** Adds requests up in memory: a batch of hundreds becomes a few rows. */
export function countUsage(records: readonly RequestRecord[]): CountedUsage {
	const minutes = new Map<string, Minute>()
	for (const record of records) {
		const { upstreamId = '', keyId = '', accessKeyId = '', model, upstreamModel } = record
		const start = Math.floor(record.at / MINUTE_MS) * MINUTE_MS
		const key = `${start}\n${upstreamId}\n${keyId}\n${accessKeyId}\n${model}\n${upstreamModel}`
		const minute = minutes.get(key) ?? startMinute(record, start)
		if (minute.requests === 0) minutes.set(key, minute)
		count(minute, record)
	}
	return minutes
}

/** Writes what was counted, all of it together. */
export function usageStatements(counted: readonly CountedUsage[]): Statement[] {
	const minutes = counted.length === 1 ? (counted[0] as CountedUsage) : putTogether(counted)
	return addUsage([...minutes.values()].map(toValues))
}

/** Into minutes of its own: what was counted is written once more where that failed. */
function putTogether(counted: readonly CountedUsage[]): CountedUsage {
	const minutes = new Map<string, Minute>()
	for (const [key, minute] of counted.flatMap(part => [...part])) {
		const sum = minutes.get(key) ?? startMinute(minute.first, minute.start)
		minutes.set(key, sum)
		for (const name of minuteSums) sum[name] += minute[name]
		for (const name of minuteCounts) addAll<number | string>(minute[name], sum[name])
	}
	return minutes
}

const minuteSums = [
	...(['requests', 'failed', 'cancelled', 'input', 'output'] as const),
	...(['cacheRead', 'cacheWrite', 'reasoning'] as const),
]
const minuteCounts = ['errors', 'firstContent', 'total'] as const

function addAll<Key>(counts: ReadonlyMap<Key, number>, into: Map<Key, number>): void {
	for (const [key, by] of counts) into.set(key, (into.get(key) ?? 0) + by)
}

function startMinute(first: RequestRecord, start: number): Minute {
	return {
		...{ first, start, requests: 0, failed: 0, cancelled: 0 },
		...{ input: 0, output: 0, cacheRead: 0, cacheWrite: 0, reasoning: 0 },
		...{ errors: new Map(), firstContent: new Map(), total: new Map() },
	}
}

function count(minute: Minute, { outcome, usage: tokens, firstContentMs, totalMs }: RequestRecord): void {
	minute.requests++
	if (tokens !== undefined) {
		minute.input += tokens.input_tokens
		minute.output += tokens.output_tokens
		minute.cacheRead += tokens.cache_read_input_tokens ?? 0
		minute.cacheWrite += tokens.cache_creation_input_tokens ?? 0
		minute.reasoning += tokens.output_tokens_details?.thinking_tokens ?? 0
	}
	if (outcome === 'cancelled') minute.cancelled++
	else if (outcome !== 'ok') {
		minute.failed++
		increase(minute.errors, outcome)
	} else {
		increase(minute.total, intervalOf(totalMs))
		if (firstContentMs !== undefined) increase(minute.firstContent, intervalOf(firstContentMs))
	}
}

function increase<Key>(counts: Map<Key, number>, key: Key): void {
	counts.set(key, (counts.get(key) ?? 0) + 1)
}

function toValues({ first, ...minute }: Minute): SqlValue[] {
	return [
		...[minute.start, first.upstreamId ?? '', first.keyId ?? ''],
		...[first.model.slice(0, 200), first.upstreamModel.slice(0, 200), first.accessKeyId ?? ''],
		...[first.upstreamName ?? '', first.keyMask ?? '', minute.requests, minute.failed, minute.cancelled],
		...[minute.input, minute.output, minute.cacheRead, minute.cacheWrite, minute.reasoning],
		...[writeCounts(minute.errors), writeCounts(minute.firstContent), writeCounts(minute.total)],
	]
}
