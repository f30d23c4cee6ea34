import { expect, it } from 'vitest'
import { inOrder, moveBy, moveTo } from './move.ts'

const ids = ['a', 'b', 'c', 'd']

it.each([
	['up', 'c', 'acbd'],
	['down', 'b', 'acbd'],
	['top', 'd', 'dabc'],
	['bottom', 'a', 'bcda'],
	['up', 'a', 'abcd'],
	['down', 'd', 'abcd'],
	['up', 'nobody', 'abcd'],
] as const)('moves %s: %s', (step, id, expected) => {
	expect(moveBy(ids, id, step).join('')).toBe(expected)
})

it('gives the same list back where nothing moves, so that nothing is saved', () => {
	expect(moveTo(ids, 'a', 0)).toBe(ids)
	expect(moveTo(ids, 'd', 99)).toBe(ids)
})

it('keeps what an order does not name behind what it names', () => {
	const items = ids.map(id => ({ id }))
	expect(inOrder(items, ['c', 'a']).map(({ id }) => id)).toEqual(['c', 'a', 'b', 'd'])
})
