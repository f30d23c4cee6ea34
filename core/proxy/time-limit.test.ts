import { expect, test } from 'vitest'
import { startTimeLimit } from './time-limit.ts'

function manualClock() {
	const timers = new Map<() => void, number>()
	return {
		timers,
		clock: {
			now: () => 0,
			elapsed: () => 1000,
			after(ms: number, run: () => void) {
				timers.set(run, ms)
				return () => void timers.delete(run)
			},
		},
	}
}

test.each([
	['some seconds before the end', 301_000, 295_000],
	['a fifth before the end of a short limit', 2000, 800],
	['at once when the end is past', 500, 0],
])('the time is over %s', (_name, endsAt, after) => {
	const { clock, timers } = manualClock()
	const limit = startTimeLimit(clock, endsAt)
	expect([...timers.values()]).toEqual([after])
	expect(limit.signal?.aborted).toBe(false)
	for (const run of timers.keys()) run()
	expect(limit.signal?.aborted).toBe(true)
})

test('without an end there is no timer, and a released one is gone', () => {
	const { clock, timers } = manualClock()
	expect(startTimeLimit(clock, undefined).signal).toBeUndefined()
	startTimeLimit(clock, 301_000).release()
	expect(timers.size).toBe(0)
})
