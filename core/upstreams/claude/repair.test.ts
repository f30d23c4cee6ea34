import { describe, expect, test } from 'vitest'
import type { LearnedFact } from '../../config/learned-facts.ts'
import type { Note } from '../../messages/notes.ts'
import { respectBetas, respectFacts } from './repair.ts'

function repair(text: string, ...facts: LearnedFact[]) {
	const notes: Note[] = []
	const body = new TextDecoder().decode(respectFacts(new TextEncoder().encode(text), facts, notes))
	return { body, notes: notes.map(({ action }) => action) }
}

const noField = (path: string): LearnedFact => ({ kind: 'no-field', path })

describe('one field is taken out and every other byte stays', () => {
	test.each([
		['the first', 'a', '{ "a" : [1] , "b":1.0,"c":"\\u00e9" }', '{ "b":1.0,"c":"\\u00e9" }'],
		['one in the middle', 'b', '{"a":1 , "b": {"x":[]} , "c":2}', '{"a":1 , "c":2}'],
		['the last', 'c', '{"a":1, "c":2 }', '{"a":1 }'],
		['the only one', 'a', '{"a":1}', '{}'],
		['a nested one', 'a.b', '{"a":{"b":1,"c":2},"b":3}', '{"a":{"c":2},"b":3}'],
		[
			'one of each element',
			't.*.x',
			'{"t":[{"x":1,"y":2},{"y":3},{"y":4, "x":5}]}',
			'{"t":[{"y":2},{"y":3},{"y":4}]}',
		],
		['elements of another kind', 's.*.x', '{"s":[1,"x",null,{"x":1}]}', '{"s":[1,"x",null,{}]}'],
	])('%s', (_case, path, before, after) => {
		expect(repair(before, noField(path))).toEqual({ body: after, notes: ['dropped'] })
	})

	test('what is not there changes nothing and is not noted', () => {
		const text = '{"a":{"b":1}, "s":"text"}'
		for (const path of ['b', 'a.c', 'a.b.c', 's.*.x', 'a.*.b']) {
			expect(repair(text, noField(path))).toEqual({ body: text, notes: [] })
		}
	})

	test('from indented JSON as well', () => {
		const body = { thinking: { type: 'adaptive', display: 'updates' }, t: [{ x: 1, y: { z: 2 } }] }
		const text = JSON.stringify(body, null, '\t')
		const { body: repaired } = repair(text, noField('thinking.display'), noField('t.*.y.z'))
		expect(JSON.parse(repaired)).toEqual({ thinking: { type: 'adaptive' }, t: [{ x: 1, y: {} }] })
	})

	test('several facts, one after the other', () => {
		const result = repair('{"a":1,"b":2,"max_tokens":9,"c":3}', noField('a'), noField('c'), {
			kind: 'token-limit',
			limit: 5,
		})
		expect(result).toEqual({ body: '{"b":2,"max_tokens":5}', notes: ['dropped', 'dropped', 'clamped'] })
	})
})

describe('a token limit', () => {
	const limit = (value: number): LearnedFact => ({ kind: 'token-limit', limit: value })
	test.each([
		['lowers what is above', 8192, '{"max_tokens":64000}', '{"max_tokens":8192}'],
		['leaves what is below', 8192, '{"max_tokens":100}', '{"max_tokens":100}'],
		[
			'keeps the budget below it',
			8192,
			'{"max_tokens":64000,"thinking":{"type":"enabled","budget_tokens":31999}}',
			'{"max_tokens":8192,"thinking":{"type":"enabled","budget_tokens":8191}}',
		],
		[
			'turns thinking off where no budget is left',
			500,
			'{"max_tokens":64000,"thinking":{"type":"enabled","budget_tokens":31999}}',
			'{"max_tokens":500}',
		],
	])('%s', (_case, value, before, after) => {
		expect(repair(before, limit(value)).body).toBe(after)
	})
})

describe('thinking', () => {
	test('with a budget becomes adaptive', () => {
		const before = '{"thinking":{"type":"enabled","budget_tokens":9,"display":"omitted"},"a":1}'
		expect(repair(before, { kind: 'thinking-type', type: 'adaptive' }).body).toBe(
			'{"thinking":{"type":"adaptive","display":"omitted"},"a":1}',
		)
	})

	test('is left out where there is none; disabled thinking stays', () => {
		const none: LearnedFact = { kind: 'thinking-type', type: 'none' }
		expect(repair('{"a":1,"thinking":{"type":"adaptive"}}', none).body).toBe('{"a":1}')
		expect(repair('{"thinking":{"type":"disabled"}}', none).notes).toEqual([])
	})

	test.each<[string, LearnedFact]>([
		['left out', { kind: 'thinking-type', type: 'none' }],
		['without room for a budget', { kind: 'token-limit', limit: 500 }],
	])('%s takes along its rule for clearing, which is refused without it', (_name, fact) => {
		const clear = '{"type":"clear_thinking_20251015","keep":"all"}'
		const other = '{"type":"clear_tool_uses_20250919"}'
		const body = (edits: string) =>
			`{"max_tokens":500,"context_management":{"edits":[${edits}]},"a":1,"thinking":{"type":"enabled","budget_tokens":9000}}`
		const given = (edits: string) => body(edits).replace('500', '501')
		const limited = fact.kind === 'token-limit' ? 500 : 501
		const left = (text: string) => text.replace('500', String(limited)).replace(/,"thinking".*$/, '}')
		expect(repair(given(`${clear}, ${other}`), fact).body).toBe(left(body(other)))
		expect(repair(given(clear), fact).body).toBe(`{"max_tokens":${limited},"a":1}`)
		expect(repair(given(other), fact).body).toBe(left(body(other)))
	})

	test('of another upstream leaves the history, and a turn of nothing else says so', () => {
		const history = [
			{ role: 'user', content: 'Hi' },
			{
				role: 'assistant',
				content: [
					{ type: 'thinking', thinking: 'a', signature: 'x' },
					{ type: 'text', text: 'b' },
				],
			},
			{ role: 'assistant', content: [{ type: 'redacted_thinking', data: 'x' }] },
			{ role: 'user', content: 'thinking' },
		]
		const { body } = repair(JSON.stringify({ messages: history, thinking: { type: 'adaptive' } }), {
			kind: 'foreign-thinking',
		})
		expect(JSON.parse(body)).toEqual({
			messages: [
				history[0],
				{ role: 'assistant', content: [{ type: 'text', text: 'b' }] },
				{ role: 'assistant', content: [{ type: 'text', text: '(no content)' }] },
				history[3],
			],
			thinking: { type: 'adaptive' },
		})
	})

	test('with a budget is off for the request whose last turn of tools lost its thinking', () => {
		const body = {
			thinking: { type: 'enabled', budget_tokens: 2000 },
			context_management: { edits: [{ type: 'clear_thinking_20251015' }] },
			messages: [
				{
					role: 'assistant',
					content: [
						{ type: 'thinking', thinking: 'a' },
						{ type: 'tool_use', id: 't' },
					],
				},
				{ role: 'user', content: [{ type: 'tool_result', tool_use_id: 't' }] },
			],
		}
		expect(JSON.parse(repair(JSON.stringify(body), { kind: 'foreign-thinking' }).body)).toEqual({
			messages: [{ role: 'assistant', content: [{ type: 'tool_use', id: 't' }] }, body.messages[1]],
		})
	})
})

test('ids of another upstream’s calls become legal ones, the same in calls and results, each its own', () => {
	const call = (id: string) => ({ type: 'tool_use', id, name: 'f', input: { id: 'a.b' } })
	const result = (tool_use_id: string) => ({ type: 'tool_result', tool_use_id, content: 'functions.f:0' })
	const ids = ['functions.f:0', 'functions_f_0', 'functions:f:0', 'call|fc_1', '']
	const messages = [
		{ role: 'user', content: 'Go' },
		{ role: 'assistant', content: ids.map(call) },
		{ role: 'user', content: ids.map(result) },
	]
	const { body, notes } = repair(JSON.stringify({ messages }, null, 1), { kind: 'foreign-tool-ids' })
	const [, asked, answered] = JSON.parse(body).messages
	const renamed: string[] = asked.content.map(({ id }: { id: string }) => id)
	expect(new Set(renamed).size).toBe(ids.length)
	for (const id of renamed) expect(id).toMatch(/^[a-zA-Z0-9_-]+$/)
	expect(renamed[1]).toBe('functions_f_0')
	expect(asked.content).toEqual(renamed.map(call))
	expect(answered.content).toEqual(renamed.map(result))
	expect(notes).toEqual(['replaced'])
})

test('searches of another service: results become text, calls and citations go, every other byte stays', () => {
	const call = '{"type":"server_tool_use","id":"s1","name":"web_search","input":{"query":"q"}}'
	const found = '{"type":"web_search_result","title":"T","url":"https://t","encrypted_content":""}'
	const result = `{"type":"web_search_tool_result","tool_use_id":"s1","content":[${found}]}`
	const cited = '{"type":"text", "text":"So.","citations":[{"cited_text":"x","encrypted_index":""}]}'
	const failed =
		'{"type":"web_search_tool_result","tool_use_id":"s2","content":{"type":"web_search_tool_result_error"}}'
	const fetched = '{"type":"server_tool_use","id":"s2","name":"web_search","input":{}}'
	const kept = '{"type":"text","text":"a \\u0062","citations":[{"type":"char_location"}]}'
	const body = (...blocks: string[]) =>
		`{"messages":[{"role":"user","content":"encrypted_content"}, {"role":"assistant","content":[${blocks.join(', ')}]}]}`
	expect(repair(body(call, result, cited, fetched, failed, kept), { kind: 'foreign-search' })).toEqual({
		body: body(
			'{"type":"text","text":"[search results]\\n- T https://t"}',
			'{"type":"text", "text":"So."}',
			...[fetched, failed, kept],
		),
		notes: ['replaced'],
	})
	expect(repair(body(kept), { kind: 'foreign-search' })).toEqual({ body: body(kept), notes: [] })
})

describe('messages', () => {
	test('a role that is refused becomes the user’s, marked, at its place', () => {
		const system = [
			{ role: 'system', content: 'a "b"' },
			{ role: 'system', content: [{ type: 'text', text: 'c' }] },
		]
		const { body } = repair(JSON.stringify({ messages: system }), { kind: 'no-role', role: 'system' })
		expect(JSON.parse(body).messages).toEqual([
			{ role: 'user', content: '<system-reminder>\na "b"\n</system-reminder>' },
			{
				role: 'user',
				content: ['<system-reminder>', 'c', '</system-reminder>'].map(text => ({ type: 'text', text })),
			},
		])
	})

	test('an image becomes a text that says so, in a tool’s result too', () => {
		const png = { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AAAA' } }
		const text = { type: 'text', text: 'Hi' }
		const messages = [{ role: 'user', content: [png, text, { type: 'tool_result', content: [text, png] }] }]
		const result = repair(JSON.stringify({ messages }), { kind: 'no-media', media: 'image' })
		const placeholder = { type: 'text', text: expect.stringContaining('The image that belongs here') }
		expect(JSON.parse(result.body).messages[0].content).toEqual([
			placeholder,
			text,
			{ type: 'tool_result', content: [text, placeholder] },
		])
		expect(result.notes).toEqual(['replaced'])
	})
})

test('betas that the upstream does not know are left out', () => {
	const notes: Note[] = []
	const facts: LearnedFact[] = [{ kind: 'no-beta', beta: 'b' }]
	expect(respectBetas('a, b,c', facts, notes)).toBe('a,c')
	expect(respectBetas('b', facts, notes)).toBeUndefined()
	expect(notes).toHaveLength(2)
	expect(respectBetas('a, c', facts, notes)).toBe('a, c')
	expect(respectBetas('a,c', [{ kind: 'no-beta', beta: '*' }], notes)).toBeUndefined()
	expect(respectBetas(undefined, facts, notes)).toBeUndefined()
	expect(notes).toHaveLength(3)
})
