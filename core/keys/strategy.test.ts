import { describe, expect, test } from 'vitest'
import * as fc from '../../test/support/fast-check.ts'
import type { KeySnapshot } from '../config/snapshot.ts'
import { type KeyChoice, selectFreeKey, selectKey } from './strategy.ts'

const now = 1_000_000

function key(
	id: string,
	cooldowns: Record<string, number> = {},
	more: Partial<KeySnapshot> = {},
): KeySnapshot {
	const health = new Map(
		Object.entries(cooldowns).map(([scope, until]) => [
			scope,
			{ cooldownUntil: until, streak: 1, probeUntil: 0 },
		]),
	)
	return { id, secret: `secret-${id}`, mask: id, enabled: true, health, ...more }
}

function choose(keys: KeySnapshot[], choice: Partial<KeyChoice> = {}): string | undefined {
	const defaults = {
		model: 'm',
		tried: new Set<string>(),
		strategy: 'failover' as const,
		now,
		turn: 0,
		random: 0,
	}
	return selectKey({ ...defaults, keys, ...choice })?.id
}

describe('selectKey', () => {
	const three = [key('a'), key('b'), key('c')]

	test('failover takes the first key that is ready', () => {
		expect(choose(three)).toBe('a')
		expect(choose([key('a', { '': now + 1 }), key('b'), key('c')])).toBe('b')
		expect(choose(three, { tried: new Set(['a']) })).toBe('b')
	})

	test('round-robin takes each ready key in turn', () => {
		const turns = [0, 1, 2, 3, 4, 5].map(turn => choose(three, { strategy: 'round-robin', turn }))
		expect(turns).toEqual(['a', 'b', 'c', 'a', 'b', 'c'])
		const oneCools = [key('a'), key('b', { '': now + 1 }), key('c')]
		const others = [0, 1, 2, 3].map(turn => choose(oneCools, { strategy: 'round-robin', turn }))
		expect(others).toEqual(['a', 'c', 'a', 'c'])
	})

	test('random spreads over the ready keys', () => {
		const picks = [0, 0.34, 0.99].map(random => choose(three, { strategy: 'random', random }))
		expect(picks).toEqual(['a', 'b', 'c'])
	})

	test('a cooldown that ends now is over', () => {
		expect(choose([key('a', { '': now }), key('b')])).toBe('a')
	})

	test('when all cool, the one that is ready first is used rather than none', () => {
		expect(choose([key('a', { '': now + 9 }), key('b', { '': now + 3 }), key('c', { '': now + 5 })])).toBe(
			'b',
		)
	})

	describe('a key that another request is just trying after its cooldown', () => {
		const tried = (id: string, cooldownUntil = now - 1) =>
			key(id, {}, { health: new Map([['', { cooldownUntil, streak: 1, probeUntil: now + 1 }]]) })

		test('is left alone while another is there', () => {
			expect(choose([tried('a'), key('b')])).toBe('b')
			expect(choose([tried('a'), key('b', { '': now - 1 })])).toBe('b')
			const turns = [0, 1].map(turn => choose([tried('a'), key('b')], { strategy: 'round-robin', turn }))
			expect(turns).toEqual(['b', 'b'])
		})

		test('is used rather than one that cools, or none', () => {
			expect(choose([key('a', { '': now + 1 }), tried('b')])).toBe('b')
			expect(choose([tried('a')])).toBe('a')
		})

		test('takes its turn with others like it', () => {
			const keys = [tried('a'), key('b', { '': now + 9 }), tried('c')]
			const turns = [0, 1, 2].map(turn => choose(keys, { strategy: 'round-robin', turn }))
			expect(turns).toEqual(['a', 'c', 'a'])
		})
	})

	test('what is known by now counts, not what the request began with', () => {
		const health = { cooldownUntil: now + 1, streak: 1, probeUntil: 0 }
		const healthOf = (id: string) => new Map(id === 'a' ? [['', health]] : [])
		expect(choose(three, { healthOf })).toBe('b')
	})

	test("a model's rate limit holds for that model only", () => {
		const limited = [key('a', { m: now + 1 }), key('b')]
		expect(choose(limited)).toBe('b')
		expect(choose(limited, { model: 'other' })).toBe('a')
	})

	test('switched-off and unreadable keys are never used', () => {
		expect(choose([key('a', {}, { enabled: false }), key('b', {}, { secret: undefined })])).toBeUndefined()
	})

	test('never a cooling key while a ready one is left, and every key exactly once', () => {
		const keys = fc.uniqueArray(
			fc.record({ id: fc.string({ minLength: 1 }), cooling: fc.integer({ min: -2, max: 2 }) }),
			{ selector: k => k.id, minLength: 1, maxLength: 8 },
		)
		const strategy = fc.constantFrom('failover', 'round-robin', 'random' as const)
		const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })
		fc.assert(
			fc.property(keys, strategy, fc.nat(), random, (specs, strategy, turn, random) => {
				const all = specs.map(({ id, cooling }) => key(id, { '': now + cooling }))
				const tried = new Set<string>()
				const order: number[] = []
				for (let n = 0; n < all.length; n++) {
					const id = choose(all, { strategy: strategy as never, turn, random, tried })
					expect(id).toBeDefined()
					tried.add(id as string)
					order.push(specs.find(spec => spec.id === id)!.cooling > 0 ? 1 : 0)
				}
				expect(order).toEqual([...order].sort())
				expect(choose(all, { tried })).toBeUndefined()
			}),
		)
	})
})

describe('selectFreeKey', () => {
	const choice = {
		model: 'm',
		tried: new Set<string>(),
		strategy: 'failover',
		now,
		turn: 0,
		random: 0,
	} as const
	const pick = (keys: KeySnapshot[], busy: string[], tried: string[] = []) => {
		const picked = selectFreeKey({
			...choice,
			keys,
			tried: new Set(tried),
			isBusy: id => busy.includes(id),
		})
		return picked === 'busy' ? picked : picked?.id
	}
	const cooling = { '': now + 1 }

	test.each([
		['passes a busy key over', [key('a'), key('b')], ['a'], [], 'b'],
		['says when only busy keys are left', [key('a'), key('b')], ['a', 'b'], [], 'busy'],
		[
			'would rather wait for a busy key than take one that cools',
			[key('a'), key('b', cooling)],
			['a'],
			[],
			'busy',
		],
		[
			'takes one that cools rather than wait for one that cools',
			[key('a', cooling), key('b', cooling)],
			['a'],
			[],
			'b',
		],
		['does not wait for a key that was tried', [key('a'), key('b', cooling)], ['a'], ['a'], 'b'],
		['has none when all were tried, busy or not', [key('a')], ['a'], ['a'], undefined],
	])('%s', (_, keys, busy, tried, expected) => {
		expect(pick(keys, busy, tried)).toBe(expected)
	})
})
