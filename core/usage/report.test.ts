import { describe, expect, test } from 'vitest'
import { reportUsage, writeUsageCsv } from './report.ts'
import { intervalOf, writeCounts } from './sketch.ts'
import type { UsagePart } from './summarize.ts'
import { chooseRange, rangeBefore } from './time-range.ts'

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour
/** 2026-11-23T10:37:12.345Z */
const now = Date.UTC(2026, 10, 23, 10, 37, 12, 345)

describe('the buckets of a range', () => {
	test.each([
		['2 hours', now - 2 * hour, now, minute],
		['a little more', now - 2 * hour - 1, now, 15 * minute],
		['2 days', now - 2 * day, now, 15 * minute],
		['14 days', now - 14 * day, now, hour],
		['a month', now - 30 * day, now, day],
		['2 hours of yesterday, whose minutes are gone', now - day, now - day + 2 * hour, 15 * minute],
		['2 hours of last month, whose quarters are gone', now - 30 * day, now - 30 * day + hour, hour],
		['2 hours of last year, whose hours are gone', now - 365 * day, now - 365 * day + hour, day],
	])('of %s', (_, from, to, bucketMs) => {
		const range = chooseRange(from, to, now)
		expect(range.bucketMs).toBe(bucketMs)
		expect([range.from % bucketMs, range.to % bucketMs]).toEqual([0, 0])
		expect(range.from).toBeLessThanOrEqual(from)
		expect(range.to).toBeGreaterThanOrEqual(to)
		expect(range.to - range.from).toBeLessThan(to - from + 2 * bucketMs)
		expect(rangeBefore(range)).toEqual({ from: 2 * range.from - range.to, to: range.from, bucketMs })
	})

	test('end where the range does, when that is the start of one', () => {
		expect(chooseRange(hour, 2 * hour, 2 * hour)).toEqual({ from: hour, to: 2 * hour, bucketMs: minute })
	})
})

const part = (changes: Partial<UsagePart>): UsagePart => ({
	...{
		start: 0,
		upstreamModel: 'gpt-4o',
		requests: 1,
		failed: 0,
		cancelled: 0,
		inputTokens: 0,
		outputTokens: 0,
	},
	...{ cacheReadTokens: 0, cacheWriteTokens: 0, reasoningTokens: 0, errors: '', firstContent: '', total: '' },
	...changes,
})

const base = { shares: [], before: undefined, prices: [], nameOf: () => undefined, now }

describe('a report', () => {
	const range = { from: 0, to: hour, bucketMs: minute }

	test('adds up models within a bucket, and buckets to totals', () => {
		const report = reportUsage({
			...{ ...base, range },
			parts: [
				part({
					start: minute,
					requests: 3,
					failed: 1,
					inputTokens: 1000,
					outputTokens: 10,
					errors: '"auth":1,',
				}),
				part({ start: minute, upstreamModel: 'unknown', requests: 2, inputTokens: 7, cacheReadTokens: 93 }),
				part({ start: 0, requests: 4, cancelled: 4, cacheWriteTokens: 0 }),
			],
		})
		expect(report.buckets.map(({ at, requests, costMicros }) => [at, requests, costMicros])).toEqual([
			[0, 4, null],
			[minute, 5, 2600],
		])
		expect(report.totals).toMatchObject({
			...{ requests: 9, ok: 4, failed: 1, cancelled: 4, inputTokens: 1007, outputTokens: 10 },
			...{ costMicros: 2600, unpriced: 2, errors: { auth: 1 }, firstContent: null, total: null },
			...{ cacheHitRate: 93 / 1100, successRate: 0.8 },
		})
		expect(report).toMatchObject({ ...range, partialUntil: null })
		expect(report.previous).toBeUndefined()
	})

	test('says how far it is complete, and what was before', () => {
		const recent = chooseRange(now - hour, now, now)
		const report = reportUsage({ ...base, range: recent, parts: [], before: [part({ requests: 5 })] })
		expect(report.partialUntil).toBe(now)
		expect(report.previous).toMatchObject({ requests: 5, ok: 5, successRate: 1 })
		expect(report.totals).toMatchObject({
			requests: 0,
			successRate: null,
			cacheHitRate: null,
			costMicros: null,
		})
	})

	test('merges percentiles, and does not average them', () => {
		const counts = (values: number[]) => writeCounts(values.map(value => [intervalOf(value), 1] as const))
		const slow = part({ requests: 1, total: counts([10_000]) })
		const fast = part({ start: minute, requests: 99, total: counts(Array.from({ length: 99 }, () => 100)) })
		const { totals, buckets } = reportUsage({ ...base, range, parts: [slow, fast] })
		expect(totals.total?.p95).toBeGreaterThanOrEqual(98)
		expect(totals.total?.p95).toBeLessThanOrEqual(102)
		expect(buckets[0]?.total?.p50).toBeGreaterThanOrEqual(9800)
	})

	test('shares out requests among upstreams, models and keys by their present names', () => {
		const source = {
			...{
				upstreamId: 'up_1',
				keyId: 'key_1',
				model: 'gpt-4o',
				upstreamModel: 'gpt-4o',
				upstreamName: 'old name',
			},
			...{ keyMask: 'sk-…1', requests: 2, failed: 1, inputTokens: 1000, outputTokens: 0 },
			...{ cacheReadTokens: 0, cacheWriteTokens: 0 },
		}
		const other = {
			...source,
			upstreamId: 'up_2',
			keyId: 'key_2',
			upstreamName: '月之暗面',
			requests: 5,
			model: 'x',
		}
		const refused = { ...source, upstreamId: '', keyId: '', model: 'asked', upstreamModel: '' }
		const names = new Map([['up_1', 'new name']])
		const shares = [source, { ...other, upstreamModel: 'x' }, refused]
		const { top } = reportUsage({ ...base, range, parts: [], shares, nameOf: id => names.get(id) })
		expect(top.upstreams).toEqual([
			{ id: 'up_2', name: '月之暗面', requests: 5, failed: 1, tokens: 1000, costMicros: null },
			{ id: 'up_1', name: 'new name', requests: 2, failed: 1, tokens: 1000, costMicros: 2500 },
		])
		expect(top.models.map(({ id }) => id)).toEqual(['x', 'asked', 'gpt-4o'])
		expect(top.keys.map(({ id, name }) => [id, name])).toEqual([
			['key_2', 'sk-…1'],
			['key_1', 'sk-…1'],
		])
	})

	test('is a table for spreadsheets', () => {
		const parts = [part({ inputTokens: 1000, reasoningTokens: 3, total: writeCounts([[0, 1]]) })]
		const csv = writeUsageCsv(reportUsage({ ...base, range, parts }))
		const [head = '', row = '', end] = csv.split('\r\n')
		expect(Object.fromEntries(head.split(',').map((name, index) => [name, row.split(',')[index]]))).toEqual({
			...{ start: '1970-01-01T00:00:00.000Z', requests: '1', ok: '1', failed: '0', cancelled: '0' },
			...{ inputTokens: '1000', outputTokens: '0', cacheReadTokens: '0', cacheWriteTokens: '0' },
			...{
				reasoningTokens: '3',
				unpriced: '0',
				costUsd: '0.002500',
				firstContentP50: '',
				firstContentP95: '',
			},
			...{ totalP50: '1', totalP95: '1' },
		})
		expect(end).toBe('')
	})
})
