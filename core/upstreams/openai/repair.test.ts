import { describe, expect, test } from 'vitest'
import type { LearnedFact } from '../../config/learned-facts.ts'
import type { Note } from '../../messages/notes.ts'
import { respectFacts } from './repair.ts'
import type { ChatRequest } from './wire.ts'

function repair(fields: Partial<ChatRequest>, ...facts: LearnedFact[]) {
	const notes: Note[] = []
	const body: ChatRequest = { model: 'm', messages: [{ role: 'user', content: 'Hi' }], ...fields }
	const { model: _model, ...repaired } = respectFacts(structuredClone(body), facts, notes)
	return { repaired, actions: notes.map(({ action }) => action) }
}

const messages = [{ role: 'user', content: 'Hi' }]
const noField = (path: string): LearnedFact => ({ kind: 'no-field', path })
const tool = {
	type: 'function' as const,
	function: { name: 'f', parameters: { type: 'object', properties: {} } },
}

describe('fields', () => {
	test.each<[string, Partial<ChatRequest>, LearnedFact, object]>([
		[
			'a renamed limit',
			{ max_completion_tokens: 5 },
			{ kind: 'token-field', field: 'max_tokens' },
			{ max_tokens: 5 },
		],
		['a lowered limit', { max_tokens: 5 }, { kind: 'token-limit', limit: 3 }, { max_tokens: 3 }],
		[
			'a stream, with its options',
			{ stream: true, stream_options: { include_usage: true } },
			noField('stream'),
			{},
		],
		['one that is left out', { stop: ['x'], top_p: 1 }, noField('stop'), { top_p: 1 }],
		[
			'a choice of tools',
			{ tools: [tool], tool_choice: 'required' },
			noField('tool_choice'),
			{ tools: [tool] },
		],
		[
			'the choice of none: no tools either',
			{ tools: [tool], tool_choice: 'none' },
			noField('tool_choice'),
			{},
		],
		[
			'an effort that is too strong',
			{ reasoning_effort: 'xhigh' },
			{ kind: 'efforts', values: ['low', 'high'] },
			{ reasoning_effort: 'high' },
		],
		[
			'an effort that is too weak',
			{ reasoning_effort: 'minimal' },
			{ kind: 'efforts', values: ['none', 'low', 'high'] },
			{ reasoning_effort: 'low' },
		],
		[
			'an effort where only off and default are known: thinking is never turned off by that',
			{ reasoning_effort: 'high' },
			{ kind: 'efforts', values: ['none', 'default'] },
			{},
		],
		[
			'tools without reasoning',
			{ tools: [tool], reasoning_effort: 'high' },
			{ kind: 'no-effort-with-tools', off: true },
			{ tools: [tool], reasoning_effort: 'none' },
		],
		[
			'tools without an effort',
			{ tools: [tool], reasoning_effort: 'high' },
			{ kind: 'no-effort-with-tools', off: false },
			{ tools: [tool] },
		],
	])('%s', (_case, fields, fact, expected) => {
		const { repaired, actions } = repair(fields, fact)
		expect(repaired).toEqual({ messages, ...expected })
		expect(actions).toHaveLength(1)
	})

	test('structured output that is not taken is asked for in words', () => {
		const format = {
			type: 'json_schema',
			json_schema: { name: 'answer', schema: { type: 'object' } },
		} as const
		const { repaired, actions } = repair({ response_format: format }, noField('response_format'))
		expect(repaired).not.toHaveProperty('response_format')
		expect(repaired.messages[0]).toEqual({
			role: 'system',
			content: expect.stringContaining('{"type":"object"}'),
		})
		expect(actions).toEqual(['replaced'])
	})

	test('facts about what the request does not have change nothing and are not noted', () => {
		const facts: LearnedFact[] = [
			noField('stop'),
			noField('response_format'),
			{ kind: 'token-field', field: 'max_tokens' },
			{ kind: 'token-limit', limit: 1 },
			{ kind: 'efforts', values: ['low'] },
			{ kind: 'no-effort-with-tools', off: true },
			{ kind: 'no-role', role: 'developer' },
			{ kind: 'no-keyword', keyword: 'title', root: false },
			{ kind: 'no-media', media: 'image' },
			{ kind: 'no-beta', beta: 'x' },
		]
		expect(repair({}, ...facts)).toEqual({ repaired: { messages }, actions: [] })
	})
})

describe('messages', () => {
	test('developer in the middle becomes the user’s reminder, at its place', () => {
		const { repaired } = repair(
			{
				messages: [
					{ role: 'system', content: 'a' },
					{ role: 'developer', content: 'b' },
				],
			},
			{ kind: 'no-role', role: 'developer' },
		)
		expect(repaired.messages).toEqual([
			{ role: 'system', content: 'a' },
			{ role: 'user', content: '<system-reminder>\nb\n</system-reminder>' },
		])
	})

	test('a model without a system role reads the prompt in the user’s turn', () => {
		const { repaired, actions } = repair(
			{ messages: [{ role: 'system', content: 'a' }] },
			{ kind: 'no-role', role: 'system' },
		)
		expect(repaired.messages).toEqual([{ role: 'user', content: '<system-reminder>\na\n</system-reminder>' }])
		expect(actions).toEqual(['replaced'])
	})

	test('a file becomes a text; an image beside it stays', () => {
		const image = { type: 'image_url', image_url: { url: 'data:,' } } as const
		const file = { type: 'file', file: { filename: 'a.pdf', file_data: 'data:,' } } as const
		const { repaired } = repair(
			{ messages: [{ role: 'user', content: [image, file] }] },
			{ kind: 'no-media', media: 'document' },
		)
		const placeholder = { type: 'text', text: expect.stringContaining('The document that belongs here') }
		expect(repaired.messages).toEqual([{ role: 'user', content: [image, placeholder] }])
	})

	test('where only texts are left, they are one string', () => {
		const image = { type: 'image_url', image_url: { url: 'data:,' } } as const
		const { repaired } = repair(
			{ messages: [{ role: 'user', content: [image, { type: 'text', text: 'What?' }] }] },
			{ kind: 'no-media', media: 'image' },
		)
		expect(repaired.messages[0]?.content).toMatch(/^\[The image .*\]\n\nWhat\?$/)
	})
})

test('a keyword leaves every tool’s schema', () => {
	const parameters = { type: 'object', $schema: 'x', properties: { $schema: { $schema: 'y' } } }
	const { repaired, actions } = repair(
		{ tools: [tool, { ...tool, function: { name: 'g', parameters } }] },
		{ kind: 'no-keyword', keyword: '$schema', root: false },
	)
	expect(repaired.tools?.map(one => one.function.parameters)).toEqual([
		tool.function.parameters,
		{ type: 'object', properties: { $schema: {} } },
	])
	expect(actions).toEqual(['dropped'])
})
