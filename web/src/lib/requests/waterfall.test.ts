import { expect, it } from 'vitest'
import { sampleDetail } from './sample.ts'
import { layOutWaterfall } from './waterfall.ts'

const [attempt] = sampleDetail({}).attempts
if (attempt === undefined) throw new Error('the sample has an attempt')
const times = sampleDetail({}).times
const lay = (attempts: object[], totalMs = 900) =>
	layOutWaterfall({
		times: { ...times, queueMs: 100, selectMs: 50, totalMs },
		attempts: attempts.map(change => ({ ...attempt, ...change })),
	})

it('shows an attempt from its start, behind the wait for its turn: connecting, waiting, reading', () => {
	const { totalMs, proxy, attempts } = lay([{ startMs: 50, ms: 850, connectMs: 50, firstByteMs: 350 }])
	expect(totalMs).toBe(1000)
	expect(proxy.map(({ name, start, width }) => [name, start, width])).toEqual([
		['queue', 0, 0.1],
		['select', 0.1, expect.closeTo(0.05)],
	])
	expect(attempts[0]?.map(({ name, ms, start }) => [name, ms, start])).toEqual([
		['connect', 50, 0.15],
		['wait', 300, 0.2],
		['stream', 500, 0.5],
	])
})

it('puts one attempt behind the other where no start is known', () => {
	const { attempts } = lay([
		{ startMs: null, ms: 200, connectMs: null, firstByteMs: null },
		{ startMs: null, ms: 100, connectMs: null, firstByteMs: 40 },
	])
	expect(attempts[0]?.map(({ name, start }) => [name, start])).toEqual([['wait', 0.15]])
	expect(attempts[1]?.map(({ name, start }) => [name, start])).toEqual([
		['wait', 0.35],
		['stream', expect.closeTo(0.39)],
	])
})

it('stays on the axis', () => {
	const { attempts } = lay([{ startMs: 890, ms: 5000, connectMs: 9000, firstByteMs: 9000 }])
	for (const { start, width } of attempts[0] ?? []) expect(start + width).toBeLessThanOrEqual(1)
})
