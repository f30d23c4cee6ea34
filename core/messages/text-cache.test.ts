import { describe, expect, test } from 'vitest'
import { createTextCache } from './text-cache.ts'

describe('createTextCache', () => {
	test('forgets the entry unused longest when there are too many', () => {
		const cache = createTextCache<number>({ entries: 2, characters: 100 })
		cache.set('a', 1)
		cache.set('b', 2)
		expect(cache.get('a')).toBe(1)
		cache.set('c', 3)
		expect(cache.get('b')).toBeUndefined()
		expect([cache.get('a'), cache.get('c')]).toEqual([1, 3])
	})

	test('forgets as many as its characters are too many for', () => {
		const cache = createTextCache<number>({ entries: 10, characters: 10 })
		cache.set('aaaa', 1)
		cache.set('bbbb', 2)
		cache.set('cccccccc', 3)
		expect([cache.get('aaaa'), cache.get('bbbb'), cache.get('cccccccc')]).toEqual([undefined, undefined, 3])
	})

	test('does not keep what is larger than all it may hold', () => {
		const cache = createTextCache<number>({ entries: 10, characters: 3 })
		cache.set('abc', 1)
		cache.set('abcd', 2)
		expect([cache.get('abc'), cache.get('abcd')]).toEqual([1, undefined])
	})

	test('counts a text that is set again once', () => {
		const cache = createTextCache<number>({ entries: 10, characters: 8 })
		for (let value = 0; value < 5; value++) cache.set('abcd', value)
		cache.set('efgh', 9)
		expect([cache.get('abcd'), cache.get('efgh')]).toEqual([4, 9])
	})
})
