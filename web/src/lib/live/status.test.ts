import { expect, it } from 'vitest'
import { isNewer, nextPollMs } from './status.ts'

it.each([
	[0, 5000],
	[1, 10_000],
	[2, 20_000],
	[3, 40_000],
	[4, 60_000],
	[40, 60_000],
])('after %d failures in a row asks again in %d ms', (failures, ms) => {
	expect(nextPollMs(failures)).toBe(ms)
})

it('takes an answer only when it is not older than what is shown', () => {
	expect(isNewer({ now: 5 }, undefined)).toBe(true)
	expect(isNewer({ now: 6 }, { now: 5 })).toBe(true)
	expect(isNewer({ now: 4 }, { now: 5 })).toBe(false)
})
