import { describe, expect, test } from 'vitest'
import { type JudgedKey, judgeKey, judgeUpstream } from './states.ts'

const now = 1_000_000
const key = (changes: Partial<JudgedKey> = {}, cooldownUntil = 0, scope = ''): JudgedKey => ({
	...{ enabled: true, readable: true, state: cooldownUntil === 0 ? [] : [{ scope, cooldownUntil }] },
	...changes,
})
const cooling = (until = now + 1) => key({}, until)
const paused = key({ enabled: false })
const unreadable = key({ readable: false })

describe('a key', () => {
	test.each([
		['ready', 0, key()],
		['ready', 0, cooling(now)],
		['cooling', now + 1, cooling()],
		['ready', 0, key({}, now + 1, 'some-model')],
		['paused', 0, key({ enabled: false, readable: false }, now + 1)],
		['unreadable', 0, key({ readable: false }, now + 1)],
	] as const)('is %s until %i', (state, cooldownUntil, judged) => {
		expect(judgeKey(judged, now)).toEqual({ state, cooldownUntil })
	})
})

describe('an upstream', () => {
	test.each([
		['no-keys', 'without keys', []],
		['no-keys', 'whose keys are paused or unreadable', [paused, unreadable]],
		['ready', 'with one key that is ready', [paused, key()]],
		['degraded', 'with a key that cools beside one that is ready', [cooling(), key()]],
		['cooling', 'whose keys all cool, but for one that is paused', [cooling(), paused]],
	] as const)('is %s %s', (state, _, keys) => {
		expect(judgeUpstream({ enabled: true, keys }, { now, current: false }).state).toBe(state)
		expect(judgeUpstream({ enabled: false, keys }, { now, current: false }).state).toBe('disabled')
	})

	test('is called current when it is ready, but in trouble the trouble is named', () => {
		const judge = (keys: JudgedKey[]) => judgeUpstream({ enabled: true, keys }, { now, current: true }).state
		expect([judge([key()]), judge([key(), cooling()]), judge([cooling()]), judge([])]).toEqual([
			...['current', 'degraded', 'cooling', 'no-keys'],
		])
	})

	test('is ready again when its first key is', () => {
		const keys = [cooling(now + 9), cooling(now + 5)]
		expect(judgeUpstream({ enabled: true, keys }, { now, current: true })).toEqual({
			...{ state: 'cooling', cooldownUntil: now + 5 },
		})
	})
})
