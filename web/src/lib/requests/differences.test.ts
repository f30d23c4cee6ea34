import { expect, it } from 'vitest'
import { compareBodies, hasMarkInside } from './differences.ts'

const note = (field: string) => ({ field })

it('marks what differs, where it differs', () => {
	const { left, right } = compareBodies(
		{ model: 'claude', max_tokens: 9, messages: [{ role: 'user' }] },
		{ model: 'kimi', max_tokens: 9, messages: [{ role: 'user' }] },
	)
	expect([...left]).toEqual([['model', { kind: 'changed' }]])
	expect([...right]).toEqual([['model', { kind: 'changed' }]])
})

it('takes a part that is missing for one difference, not for as many as it has values', () => {
	const { left, right } = compareBodies({ a: 1, thinking: { type: 'enabled', budget: 5 } }, { a: 1 })
	expect([...left]).toEqual([['thinking', { kind: 'removed' }]])
	expect(right.size).toBe(0)
})

it('sees what has only moved', () => {
	const { left, right } = compareBodies(
		{ system: 'You are helpful.', messages: [{ role: 'user', content: 'Hello there' }] },
		{
			messages: [
				{ role: 'user', content: 'Hello there' },
				{ role: 'system', content: 'You are helpful.' },
			],
		},
	)
	expect(left.get('system')).toEqual({ kind: 'moved' })
	expect([...right]).toEqual([['messages.1', { kind: 'moved' }]])
})

it('is not confused by what was put in front of a list', () => {
	const { left, right } = compareBodies(
		{ messages: [{ role: 'user', content: 'Hello there' }] },
		{
			messages: [
				{ role: 'system', content: 'You are helpful.' },
				{ role: 'user', content: 'Hello there', name: 'somebody' },
			],
		},
	)
	expect(left.size).toBe(0)
	expect([...right]).toEqual([
		['messages.1.name', { kind: 'added' }],
		['messages.0', { kind: 'added' }],
	])
})

it('links a difference to the note that explains it', () => {
	const { left } = compareBodies(
		{ tools: [{ name: 'x', input_schema: { format: 'uri', type: 'string' } }], top_k: 5, metadata: { a: 1 } },
		{ tools: [{ name: 'x', input_schema: { type: 'string' } }] },
		[note('top_k'), note('tools[0].input_schema'), note('metadata.user_id'), note('nowhere')],
	)
	expect([...left]).toEqual([
		['tools.0.input_schema.format', { kind: 'removed', note: 1 }],
		['top_k', { kind: 'removed', note: 0 }],
		['metadata', { kind: 'removed', note: 2 }],
	])
	expect(hasMarkInside(left, 'tools.0')).toBe(true)
	expect(hasMarkInside(left, 'tool')).toBe(false)
})

it('compares nothing with nothing, and nothing that would take too long', () => {
	expect(compareBodies(undefined, { a: 1 }).right.size).toBe(0)
	const large = Array.from({ length: 40_000 }, (_, place) => place)
	expect(compareBodies({ large }, { large: [] }).left.size).toBe(0)
})
