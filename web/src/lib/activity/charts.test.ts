import { expect, it } from 'vitest'
import type { UsageBucket } from '../../../../core/usage/summarize.ts'
import { buildChart, fillGaps } from './charts.ts'
import type { Usage } from './usage.ts'

const empty = {
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
const bucket = (at: number, values: Partial<UsageBucket>): UsageBucket => ({ at, ...empty, ...values })
const usage = (buckets: UsageBucket[], more: Partial<Usage> = {}): Usage => ({
	from: 0,
	to: 50,
	bucketMs: 10,
	buckets,
	totals: { ...empty, cacheHitRate: null, successRate: null },
	top: { upstreams: [], models: [], keys: [] },
	partialUntil: null,
	...more,
})
const name = (_chart: string, key: string) => key

it('has a bucket for every step, also where nothing happened', () => {
	const filled = fillGaps(usage([bucket(20, { requests: 3 })]))
	expect(filled.map(({ at, requests }) => [at, requests])).toEqual([
		[0, 0],
		[10, 0],
		[20, 3],
		[30, 0],
		[40, 0],
	])
})

it('keeps the alignment of the server, as with days of a time zone', () => {
	const filled = fillGaps(usage([bucket(13, {})], { from: 5, to: 36 }))
	expect(filled.map(({ at }) => at)).toEqual([3, 13, 23, 33])
})

it('marks periods in which every fifth request or more failed; cancelled ones do not count', () => {
	const chart = buildChart(
		'requests',
		usage([
			bucket(0, { ok: 9, failed: 1 }),
			bucket(10, { ok: 8, failed: 2 }),
			bucket(20, { ok: 4, failed: 1, cancelled: 95 }),
			bucket(40, { cancelled: 5 }),
		]),
		name,
	)
	expect(chart.bands).toEqual([[10, 30]])
})

it('says which bucket is not complete', () => {
	const buckets = [bucket(40, {})]
	expect(buildChart('tokens', usage(buckets, { partialUntil: 44 }), name).partialFrom).toBe(40)
	expect(buildChart('tokens', usage(buckets, { partialUntil: 50 }), name).partialFrom).toBeUndefined()
})

it('shows the classes of errors there are, the most frequent first', () => {
	const buckets = [
		bucket(0, { errors: { auth: 1, quota: 2 } }),
		bucket(10, { errors: { quota: 1, server: 0 } }),
	]
	const chart = buildChart('errors', usage(buckets), name)
	expect(chart.series.map(({ key, values }) => [key, values])).toEqual([
		['quota', [2, 1, 0, 0, 0]],
		['auth', [1, 0, 0, 0, 0]],
	])
})

it('leaves a gap in latency where nothing was measured', () => {
	const chart = buildChart('latency', usage([bucket(10, { total: { p50: 5, p95: 9 } })], { to: 20 }), name)
	expect(chart.series.map(({ key, values }) => [key, values])).toEqual([
		['firstP50', [null, null]],
		['firstP95', [null, null]],
		['totalP50', [null, 5]],
		['totalP95', [null, 9]],
	])
})
