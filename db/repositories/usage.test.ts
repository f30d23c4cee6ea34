import { describe, expect, test } from 'vitest'
import { addCounts, readQuantile, type Sketch, sketchError } from '../../core/usage/sketch.ts'
import {
	createConfigRepository,
	createRequestLog,
	type Database,
	readPriceOverrides,
	readUsage,
	readUsageByKey,
	readUsageByUpstream,
} from '../index.ts'
import { byCli, keyRing, requestRecord } from '../test-support/samples.ts'
import { createFileTarget, describeTargets } from '../test-support/targets.ts'

const HOUR = 3_600_000
/** In an hour that is over, so that nothing is rewritten or removed meanwhile. */
const start = Math.floor(Date.now() / HOUR) * HOUR - 2 * HOUR
const byMinute = { from: start, to: start + HOUR, bucketMs: 60_000 }

describeTargets('usage', target => {
	async function fill(database: Database) {
		const log = createRequestLog({ database, delayMs: 60_000 })
		log.record(requestRecord('req_1', { at: start + 1 }))
		log.record(requestRecord('req_2', { at: start + 60_000, upstreamModel: 'other', keyId: 'key_2' }))
		log.record(requestRecord('req_3', { at: start + 60_001, outcome: 'auth', status: 401, usage: undefined }))
		log.record(requestRecord('req_4', { at: start + HOUR, upstreamId: 'up_2', upstreamName: 'two' }))
		await log.flush()
	}

	test('comes by bucket and upstream model, ends excluded, with who had it', async () => {
		const database = await target.fresh()
		await fill(database)
		const { parts, shares, before } = await readUsage(database, byMinute)
		const brief = parts.map(part => [
			(part.start - start) / 60_000,
			part.upstreamModel,
			part.requests,
			part.failed,
		])
		expect(brief.sort()).toEqual([
			[0, 'kimi-k2', 1, 0],
			[1, 'kimi-k2', 1, 1],
			[1, 'other', 1, 0],
		])
		expect(parts.find(({ failed }) => failed > 0)?.errors).toBe('"auth":1,')
		expect(
			shares.map(one => [one.upstreamId, one.upstreamName, one.keyId, one.model, one.requests]).sort(),
		).toEqual([
			['up_1', 'kimi', 'key_1', 'kimi-k2', 2],
			['up_1', 'kimi', 'key_2', 'other', 1],
		])
		expect(before).toEqual([])
	})

	test('narrows down, and tells the range before', async () => {
		const database = await target.fresh()
		await fill(database)
		const requests = async (filters: Parameters<typeof readUsage>[2]) => {
			const { parts, before } = await readUsage(database, byMinute, filters)
			return [parts, before].map(all => all.reduce((sum, part) => sum + part.requests, 0))
		}
		expect(await requests({ filters: { key: 'key_2' } })).toEqual([1, 0])
		expect(await requests({ filters: { upstream: 'up_2' } })).toEqual([0, 0])
		expect(await requests({ filters: { model: 'kimi-k2' } })).toEqual([2, 0])
		expect(await requests({ filters: { model: 'claude-sonnet' } })).toEqual([3, 0])
		const later = { ...byMinute, from: start + HOUR, to: start + 2 * HOUR }
		const { parts, before } = await readUsage(database, later, {
			before: byMinute,
			filters: { model: 'kimi-k2' },
		})
		expect([parts.length, before.length]).toEqual([1, 2])
	})

	test('of the last 24 hours comes by upstream or by key, with the times of those that went well', async () => {
		const database = await target.fresh()
		await fill(database)
		const log = createRequestLog({ database, delayMs: 60_000 })
		// Before the day, and without an upstream.
		log.record(requestRecord('req_5', { at: start - 30 * HOUR }))
		log.record(
			requestRecord('req_6', { at: start, upstreamId: '', keyId: '', outcome: 'client', status: 400 }),
		)
		await log.flush()
		const brief = (groups: Awaited<ReturnType<typeof readUsageByKey>>) =>
			groups.map(one => [one.id, one.requests, one.failed]).sort()
		const upstreams = await readUsageByUpstream(database)
		expect(brief(upstreams)).toEqual([
			['up_1', 3, 1],
			['up_2', 1, 0],
		])
		expect(brief(await readUsageByKey(database, 'up_1'))).toEqual([
			['key_1', 2, 1],
			['key_2', 1, 0],
		])
		const sketch: Sketch = new Map()
		addCounts(upstreams.find(({ id }) => id === 'up_2')?.firstContent ?? '', Number, sketch)
		expect(Math.abs((readQuantile(sketch, 0.5) ?? 0) - 120)).toBeLessThanOrEqual(120 * sketchError)
	})

	test('brings the prices that people set', async () => {
		const database = await target.fresh()
		expect((await readUsage(database, byMinute)).prices).toEqual([])
		const prices = [{ model: 'kimi-*', input: 1, output: 2, cacheRead: 0.1 }]
		const repository = createConfigRepository(database, keyRing)
		const { revision } = await repository.changeSettings({ prices }, byCli)
		expect((await readUsage(database, byMinute)).prices).toEqual(prices)
		expect(await readPriceOverrides(database)).toEqual(prices)
		const { revisions } = await repository.listRevisions({ limit: 1 })
		expect(revisions[0]).toMatchObject({
			revision,
			changes: [{ kind: 'setting-changed', setting: 'prices' }],
		})
	})
})

describe('percentiles', () => {
	const target = createFileTarget()

	test('stay within their error however often they were added to, and their text stays short', async () => {
		const database = await target.fresh()
		const times: number[] = []
		for (let batch = 0; batch < 40; batch++) {
			// Each writes its first batch, and tidies up with it.
			const log = createRequestLog({ database, delayMs: 60_000 })
			for (let place = 0; place < 100; place++) {
				const totalMs = Math.round(20 * 1.0025 ** (batch * 100 + place))
				times.push(totalMs)
				log.record(
					requestRecord(`req_${batch}_${place}`, { at: start, totalMs, firstContentMs: totalMs / 2 }),
				)
			}
			await log.flush()
		}
		const [longest] = await database.execute('SELECT max(length(total)) AS length FROM usage')
		expect(Number(longest?.length)).toBeLessThan(8000)
		for (const minutes of [1, 15, 60, 1440]) {
			const range = { from: start - 48 * HOUR, to: start + 48 * HOUR, bucketMs: minutes * 60_000 }
			const { parts } = await readUsage(database, range)
			const sketch: Sketch = new Map()
			for (const { total } of parts) addCounts(total, Number, sketch)
			for (const quantile of [0.5, 0.95]) {
				const exact = times[Math.floor(quantile * (times.length - 1))] as number
				expect(Math.abs((readQuantile(sketch, quantile) ?? 0) - exact) / exact).toBeLessThanOrEqual(
					sketchError,
				)
			}
		}
	})
})
