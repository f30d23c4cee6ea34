import type { UsageBucket } from '../../../../core/usage/summarize.ts'
import { type ChartColor, type ChartData, type ChartSeries, findPeriods } from '../charts/chart.ts'
import type { Usage } from './usage.ts'

export const chartNames = ['requests', 'tokens', 'latency', 'errors'] as const
export type ChartName = (typeof chartNames)[number]

/** From this share of failures on, a bucket belongs to a period of errors. */
const errorShare = 0.2

interface SeriesRule {
	key: string
	color: ChartColor
	dashed?: boolean
	read: (bucket: UsageBucket) => number | null
}

const fixed: Record<Exclude<ChartName, 'errors'>, readonly SeriesRule[]> = {
	requests: [
		{ key: 'ok', color: 'chart-1', read: bucket => bucket.ok },
		{ key: 'failed', color: 'chart-5', read: bucket => bucket.failed },
		{ key: 'cancelled', color: 'chart-7', read: bucket => bucket.cancelled },
	],
	tokens: [
		{ key: 'output', color: 'chart-3', read: bucket => bucket.outputTokens },
		{ key: 'input', color: 'chart-1', read: bucket => bucket.inputTokens },
		{ key: 'cacheWrite', color: 'chart-4', read: bucket => bucket.cacheWriteTokens },
		{ key: 'cacheRead', color: 'chart-2', read: bucket => bucket.cacheReadTokens },
	],
	latency: [
		{ key: 'firstP50', color: 'chart-2', read: bucket => bucket.firstContent?.p50 ?? null },
		{ key: 'firstP95', color: 'chart-2', dashed: true, read: bucket => bucket.firstContent?.p95 ?? null },
		{ key: 'totalP50', color: 'chart-1', read: bucket => bucket.total?.p50 ?? null },
		{ key: 'totalP95', color: 'chart-1', dashed: true, read: bucket => bucket.total?.p95 ?? null },
	],
}

/** Those there are, the most frequent first: the largest part of a bar is at the bottom. */
function listErrorRules(buckets: readonly UsageBucket[]): SeriesRule[] {
	const counts = new Map<string, number>()
	for (const { errors } of buckets) {
		for (const [name, count] of Object.entries(errors)) counts.set(name, (counts.get(name) ?? 0) + count)
	}
	return [...counts]
		.filter(([, count]) => count > 0)
		.sort(([, a], [, b]) => b - a)
		.map(([key]) => ({
			key,
			color: errorColors[key] ?? 'chart-7',
			read: (bucket: UsageBucket) => bucket.errors[key] ?? 0,
		}))
}

/** A class has the same colour on every day. */
const errorColors: Record<string, ChartColor> = {
	auth: 'chart-3',
	quota: 'chart-4',
	rate_limit: 'chart-2',
	server: 'chart-5',
	network: 'chart-1',
	timeout: 'chart-8',
	client: 'chart-6',
	moderation: 'chart-7',
}

export type SeriesWords = (chart: ChartName, key: string) => string

/** What each of the four charts draws. */
export function buildChart(name: ChartName, usage: Usage, nameSeries: SeriesWords): ChartData {
	const buckets = fillGaps(usage)
	const rules = name === 'errors' ? listErrorRules(buckets) : fixed[name]
	const partialFrom = findPartial(usage, buckets)
	return {
		times: buckets.map(bucket => bucket.at),
		bucketMs: usage.bucketMs,
		from: buckets[0]?.at ?? usage.from,
		to: Math.max(usage.to, (buckets.at(-1)?.at ?? usage.from) + usage.bucketMs),
		kind: name === 'latency' ? 'lines' : 'stack',
		series: rules.map(
			({ key, color, dashed, read }): ChartSeries => ({
				key,
				label: nameSeries(name, key),
				color,
				values: buckets.map(read),
				...(dashed && { dashed }),
			}),
		),
		...(partialFrom !== undefined && { partialFrom }),
		...(name === 'requests' && { bands: findPeriods(buckets, usage.bucketMs, isBad) }),
	}
}

/** A cancelled request says nothing about the upstream. */
const isBad = ({ ok, failed }: UsageBucket) => failed > 0 && failed / (ok + failed) >= errorShare

function findPartial(usage: Usage, buckets: readonly UsageBucket[]): number | undefined {
	const last = buckets.at(-1)
	if (last === undefined || usage.partialUntil === null) return undefined
	return usage.partialUntil < last.at + usage.bucketMs ? last.at : undefined
}

const nothing: Omit<UsageBucket, 'at'> = {
	requests: 0,
	ok: 0,
	failed: 0,
	cancelled: 0,
	inputTokens: 0,
	outputTokens: 0,
	cacheReadTokens: 0,
	cacheWriteTokens: 0,
	reasoningTokens: 0,
	costMicros: null,
	unpriced: 0,
	firstContent: null,
	total: null,
	errors: {},
}

/** A bucket without requests is a bucket, too: the axis has no holes. */
export function fillGaps({ buckets, bucketMs, from, to }: Usage): UsageBucket[] {
	const known = new Map(buckets.map(bucket => [bucket.at, bucket]))
	const first = buckets[0]?.at ?? Math.floor(from / bucketMs) * bucketMs
	const offset = ((first % bucketMs) + bucketMs) % bucketMs
	const start = Math.floor((from - offset) / bucketMs) * bucketMs + offset
	const filled: UsageBucket[] = []
	for (let at = start; at < to && filled.length < mostBuckets; at += bucketMs) {
		filled.push(known.get(at) ?? { at, ...nothing })
	}
	return filled
}

/** More cannot be told apart on any screen. */
const mostBuckets = 2000
