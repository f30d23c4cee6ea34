import { describe, expect, test } from 'vitest'
import type { ConfigKey, KeyState } from '../db/index.ts'
import { describeKey, formatState, formatWait, sayReason } from './describe-state.ts'
import { english, loadTexts } from './texts/index.ts'

const now = 1_000_000

function makeKey(changes: Partial<ConfigKey>, ...states: Partial<KeyState>[]): ConfigKey {
	const health = { scope: '', cooldownUntil: 0, streak: 1, failTotal: 1, lastFailAt: 0, lastOkAt: 0 }
	return {
		...{
			id: 'key_1',
			mask: '••••',
			enabled: true,
			position: 0,
			fingerprint: 'f',
			readable: true,
			createdAt: 0,
		},
		state: states.map(state => ({ ...health, lastError: '', lastStatus: 0, lastClass: '', ...state })),
		...changes,
	}
}

describe('the state of a key', () => {
	test.each([
		['ready', makeKey({})],
		['ready', makeKey({}, { cooldownUntil: 0, streak: 0, lastClass: 'quota' })],
		['ready, on trial (quota)', makeKey({}, { cooldownUntil: now, lastClass: 'quota' })],
		['paused', makeKey({ enabled: false }, { cooldownUntil: now + 9 })],
		['unreadable', makeKey({ readable: false }, { cooldownUntil: now + 9 })],
		['cooling 0:01 (failed)', makeKey({}, { cooldownUntil: now + 1 })],
		[
			'cooling 4:12 (auth: HTTP 401)',
			makeKey({}, { cooldownUntil: now + 252_000, lastClass: 'auth', lastStatus: 401 }),
		],
		[
			'cooling 1:00 (rate limit: slow down)',
			makeKey(
				{},
				{ cooldownUntil: now + 60_000, lastClass: 'rate_limit', lastStatus: 429, lastError: 'slow\ndown' },
			),
		],
		[
			'ready (cooling for m 0:30)',
			makeKey({}, { scope: 'm', cooldownUntil: now + 30_000, lastClass: 'rate_limit' }),
		],
	])('%s', (text, key) => {
		expect(formatState(describeKey(key, now), english)).toBe(text)
	})
})

test.each([
	[1, '0:01'],
	[59_001, '1:00'],
	[252_000, '4:12'],
	[3_600_000, '1:00:00'],
	[3_661_000, '1:01:01'],
])('%i ms are shown as %s', (ms, text) => {
	expect(formatWait(ms)).toBe(text)
})

test.each([
	['quota', '额度用尽'],
	['rate limit: slow down: now', '请求过频：slow down: now'],
	['failed: HTTP 500', '失败：HTTP 500'],
	['another: reason', 'another：reason'],
])('why a key failed, %j, is said as %j', async (reason, said) => {
	expect(sayReason(reason, english)).toBe(reason)
	expect(sayReason(reason, await loadTexts('zh'))).toBe(said)
})
