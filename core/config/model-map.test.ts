import { describe, expect, test } from 'vitest'
import { explainModel, mapModel, ruleKind } from './model-map.ts'

describe('mapModel', () => {
	const map = {
		haiku: 'small',
		opus: 'big',
		'claude-*-haiku-*': 'globbed',
		'claude-sonnet-5': 'exact',
		'*-preview': 'preview',
	}
	test.each([
		['claude-sonnet-5', 'exact'],
		['claude-sonnet-5-20260101', 'exact'],
		['claude-sonnet-5[1m]', 'exact'],
		['claude-sonnet-5-20260101-thinking', 'exact'],
		['Claude-Sonnet-5', 'exact'],
		['claude-3-haiku-20240307', 'globbed'],
		['claude-haiku-4-5', 'small'],
		['claude-opus-5-5-20260201[1m]', 'big'],
		['gpt-preview', 'preview'],
		['gpt-5', 'gpt-5'],
		['opusculum-1', 'opusculum-1'],
		['claude-sonnet-55', 'claude-sonnet-55'],
	])('%s asks for %s', (model, expected) => {
		expect(mapModel(model, map)).toBe(expected)
	})

	test('a more exact rule wins whatever the order of the rules', () => {
		expect(mapModel('claude-opus-5', { opus: 'tier', 'claude-*': 'glob', 'claude-opus-5': 'exact' })).toBe(
			'exact',
		)
		expect(mapModel('claude-opus-6', { opus: 'tier', 'claude-*': 'glob' })).toBe('glob')
	})

	test('a glob matches the whole name only', () => {
		expect(mapModel('my-claude-x', { 'claude-*': 'no' })).toBe('my-claude-x')
		expect(mapModel('ab', { 'ab*b': 'no' })).toBe('ab')
		expect(mapModel('a-x-b-y-c', { 'a*b*c': 'yes' })).toBe('yes')
	})

	test('without rules the name stays', () => {
		expect(mapModel('x', {})).toBe('x')
	})

	test('a name that was mapped before goes by the map at hand', () => {
		const [first, second] = [{ opus: 'one' }, { opus: 'two' }]
		const names = [first, second, first, second].map(each => mapModel('claude-opus-5-5', each))
		expect(names).toEqual(['one', 'two', 'one', 'two'])
		expect(mapModel('claude-haiku-4-5', first)).toBe('claude-haiku-4-5')
	})

	test('more names than are kept are still mapped, and long ones', () => {
		const own = { 'many-*': 'found' }
		const names = Array.from({ length: 250 }, (_, count) => `many-${count}`)
		expect(
			new Set([...names, ...names, `many-${'x'.repeat(1000)}`].map(name => mapModel(name, own))),
		).toEqual(new Set(['found']))
	})
})

describe('explainModel', () => {
	const map = { Opus: 'big', 'claude-*-haiku-*': 'small', 'claude-sonnet-5': 'exact', '*-sonnet-*': 'any' }

	test.each([
		[
			'claude-sonnet-5',
			{ model: 'exact', rule: 'exact', from: 'claude-sonnet-5', matched: 'claude-sonnet-5' },
		],
		[
			'Claude-Sonnet-5-20260101[1m]',
			{ model: 'exact', rule: 'exact', from: 'claude-sonnet-5', matched: 'claude-sonnet-5' },
		],
		['claude-sonnet-6', { model: 'any', rule: 'glob', from: '*-sonnet-*', matched: 'claude-sonnet-6' }],
		[
			'claude-3-haiku-20240307',
			{ model: 'small', rule: 'glob', from: 'claude-*-haiku-*', matched: 'claude-3-haiku-20240307' },
		],
		['claude-opus-5-5', { model: 'big', rule: 'tier', from: 'Opus', matched: 'claude-opus-5-5' }],
		['opus', { model: 'big', rule: 'exact', from: 'Opus', matched: 'opus' }],
		['gpt-5', { model: 'gpt-5', rule: 'none' }],
	])('%s: which rule decided, and as what it saw the name', (model, expected) => {
		expect(explainModel(model, map)).toEqual(expected)
	})

	test('without rules none decides', () => {
		expect(explainModel('claude-opus-5', {})).toEqual({ model: 'claude-opus-5', rule: 'none' })
	})
})

test('ruleKind tells a rule by its left side', () => {
	expect(['gpt-5', 'claude-*', 'HAIKU', 'haiku-2'].map(ruleKind)).toEqual(['exact', 'glob', 'tier', 'exact'])
})
