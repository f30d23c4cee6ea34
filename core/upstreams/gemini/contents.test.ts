import { describe, expect, test } from 'vitest'
import { convert } from './testing.ts'

const ask = (content: unknown) => [{ role: 'user', content }]
const text = (value: string) => ({ type: 'text', text: value })
const call = (id: string, name = 'Read', input: unknown = {}) => ({ type: 'tool_use', id, name, input })
const result = (id: string, content: unknown, more: object = {}) => ({
	type: 'tool_result',
	tool_use_id: id,
	content,
	...more,
})
const png = { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'iVBO' } }
const pdf = { type: 'document', source: { type: 'base64', media_type: 'application/pdf', data: 'JVBE' } }
const contentsOf = (messages: unknown[], model?: string) => convert({ messages }, model).body.contents

describe('the conversation', () => {
	test('begins with the user, joins turns of one side and has no empty turn', () => {
		const contents = contentsOf([
			{ role: 'assistant', content: 'first' },
			{ role: 'user', content: '' },
			{ role: 'assistant', content: [{ type: 'thinking', thinking: 'x', signature: 'foreign' }] },
			{ role: 'assistant', content: 'second' },
			{ role: 'user', content: 'a' },
			{ role: 'user', content: [text('b'), text('')] },
		])
		expect(contents).toEqual([
			{ role: 'user', parts: [{ text: '(no message)' }] },
			{ role: 'model', parts: [{ text: 'first' }, { text: 'second' }] },
			{ role: 'user', parts: [{ text: 'a' }, { text: 'b' }] },
		])
	})

	test('images, PDFs, text documents and search results are sent', () => {
		const blocks = [
			png,
			pdf,
			{ type: 'image', source: { type: 'url', url: 'https://x.test/a.webp?v=1' } },
			{ type: 'document', title: 'T', source: { type: 'text', media_type: 'text/plain', data: 'body' } },
			{ type: 'document', source: { type: 'url', url: 'https://x.test/notes.md' } },
			{ type: 'search_result', source: 'https://s.test', title: 'S', content: [text('found')] },
		]
		expect(contentsOf(ask(blocks))[0]?.parts).toEqual([
			{ inlineData: { mimeType: 'image/png', data: 'iVBO' } },
			{ inlineData: { mimeType: 'application/pdf', data: 'JVBE' } },
			{ fileData: { mimeType: 'image/webp', fileUri: 'https://x.test/a.webp?v=1' } },
			{ text: 'T' },
			{ text: 'body' },
			{ fileData: { mimeType: 'text/markdown', fileUri: 'https://x.test/notes.md' } },
			{ text: 'S\nhttps://s.test\nfound' },
		])
	})

	test.each([
		[{ type: 'image', source: { type: 'base64', media_type: 'image/gif', data: 'R0' } }, 'no image/gif'],
		[{ type: 'image', source: { type: 'url', url: 'https://x.test/a.GIF?v=1' } }, 'no image/gif'],
		[{ type: 'image', source: { type: 'file', file_id: 'file_1' } }, 'uploaded to Anthropic'],
		[
			{ type: 'document', source: { type: 'base64', media_type: 'application/zip', data: 'UEs' } },
			'no application/zip',
		],
		[{ type: 'image', source: { type: 'url', url: 'http://x.test/a.png' } }, 'https'],
	])('trap A13: what Gemini cannot see is told to the model and noted: %j', (block, words) => {
		const { body, notes } = convert({ messages: ask([block]) })
		expect(body.contents[0]?.parts[0]?.text).toContain(words)
		expect(notes).toMatchObject([{ field: 'messages.0.content.0', action: 'replaced' }])
	})

	test('trap A26: blocks of server tools in a history become text, unknown ones a note', () => {
		const { body, notes } = convert({
			messages: [
				{ role: 'user', content: 'hi' },
				{
					role: 'assistant',
					content: [
						{ type: 'server_tool_use', id: 's', name: 'web_search', input: { query: 'q' } },
						{
							type: 'web_search_tool_result',
							tool_use_id: 's',
							content: [{ type: 'web_search_result', title: 'T', url: 'https://t.test' }],
						},
						{ type: 'next_month', secret: 1 },
						text('so'),
					],
				},
				{ role: 'user', content: 'go on' },
			],
		})
		expect(body.contents[1]?.parts).toEqual([
			{ text: '[used web_search with {"query":"q"}]' },
			{ text: '[search results]\n- T https://t.test' },
			{ text: 'so' },
		])
		expect(notes).toMatchObject([{ field: 'messages.1.content.2', action: 'dropped' }])
	})

	test('newer models are asked to go on from a prefilled answer', () => {
		const messages = [
			{ role: 'user', content: 'hi' },
			{ role: 'assistant', content: 'Sure:' },
		]
		expect(contentsOf(messages).at(-1)?.role).toBe('model')
		expect(contentsOf(messages, 'gemini-3.6-flash').at(-1)?.role).toBe('user')
	})
})

describe('trap A14: calls and results', () => {
	const history = (results: unknown[], model?: string) =>
		convert(
			{
				messages: [
					{ role: 'user', content: 'hi' },
					{ role: 'assistant', content: [text('Both.'), call('a', 'Read', { p: 1 }), call('b', 'Bash')] },
					{ role: 'user', content: results },
				],
			},
			model,
		)

	test('as many responses as calls, in the calls’ order, text after them', () => {
		const { body } = history([result('b', '{"x":1}'), text('and now?'), result('a', 'A', { is_error: true })])
		expect(body.contents.slice(1)).toEqual([
			{
				role: 'model',
				parts: [
					{ text: 'Both.' },
					{ functionCall: { name: 'Read', args: { p: 1 } } },
					{ functionCall: { name: 'Bash', args: {} } },
				],
			},
			{
				role: 'user',
				parts: [
					{ functionResponse: { name: 'Read', response: { error: 'A' } } },
					{ functionResponse: { name: 'Bash', response: { result: '{"x":1}' } } },
					{ text: 'and now?' },
				],
			},
		])
	})

	test('Gemini 3 gets the ids too', () => {
		const { body } = history([result('a', 'A'), result('b', 'B')], 'gemini-3-pro-preview')
		expect(body.contents[1]?.parts[1]?.functionCall?.id).toBe('a')
		expect(body.contents[2]?.parts.map(part => part.functionResponse?.id)).toEqual(['a', 'b'])
	})

	test('a call without a result gets one, a result without a call becomes text', () => {
		const { body, notes } = history([result('a', 'A'), result('zz', 'lost')])
		expect(body.contents[2]?.parts).toEqual([
			{ functionResponse: { name: 'Read', response: { result: 'A' } } },
			{ functionResponse: { name: 'Bash', response: { result: '(no result)' } } },
			{ text: '[result of an earlier tool call]\nlost' },
		])
		expect(notes.map(note => note.action).sort()).toEqual(['repaired', 'replaced'])
	})

	test('calls at the very end, or before another answer, get results as well', () => {
		const roles = contentsOf([
			{ role: 'user', content: 'hi' },
			{ role: 'assistant', content: [call('a')] },
		]).map(({ role, parts }) => [role, Object.keys(parts[0] ?? {})[0]])
		expect(roles).toEqual([
			['user', 'text'],
			['model', 'functionCall'],
			['user', 'functionResponse'],
		])
	})

	test('trap A13: images and PDFs of results follow the responses', () => {
		const { body } = history([result('b', [pdf]), result('a', [text('here'), png])])
		expect(body.contents[2]?.parts).toEqual([
			{ functionResponse: { name: 'Read', response: { result: 'here\n[see the attachment below]' } } },
			{ functionResponse: { name: 'Bash', response: { result: '[see the attachment below]' } } },
			{ text: '[from Read]' },
			{ inlineData: { mimeType: 'image/png', data: 'iVBO' } },
			{ text: '[from Bash]' },
			{ inlineData: { mimeType: 'application/pdf', data: 'JVBE' } },
		])
	})

	test('results made of tool references are text', () => {
		const { body } = history([
			result('a', [{ type: 'tool_reference', tool_name: 'WebFetch' }]),
			result('b', null),
		])
		expect(body.contents[2]?.parts).toEqual([
			{ functionResponse: { name: 'Read', response: { result: 'Tool WebFetch is available.' } } },
			{ functionResponse: { name: 'Bash', response: { result: '' } } },
		])
	})

	test('trap A16: a tool that is told of has the name that it can be called by', () => {
		const name = `mcp__files__${'x'.repeat(70)}`
		const block = { type: 'tool_reference', tool_name: name }
		const found = [{ role: 'assistant', content: [call('a')] }, ...ask([result('a', [block]), block])]
		const { body } = convert({ tools: [{ name, input_schema: {} }], messages: [...ask('Go'), ...found] })
		const sent = body.tools?.[0]?.functionDeclarations?.[0]?.name
		expect(sent).toHaveLength(64)
		const said = `Tool ${sent} is available.`
		expect(body.contents[2]?.parts).toEqual([
			{ functionResponse: { name: 'Read', response: { result: said } } },
			{ text: said },
		])
	})

	test.each([
		['', {}],
		['{"a":1}', { a: 1 }],
		['[1]', { _raw: '[1]' }],
		['{"a":', { _raw: '{"a":' }],
		[null, {}],
	])('trap A15: the replayed input %j becomes %j', (input, args) => {
		const contents = contentsOf([
			{ role: 'user', content: 'hi' },
			{ role: 'assistant', content: [call('a', 'Read', input)] },
			{ role: 'user', content: [result('a', 'ok')] },
		])
		expect(contents[1]?.parts[0]?.functionCall?.args).toEqual(args)
	})
})

describe('trap A26: server tools in a history that another upstream wrote', () => {
	const partsOf = (content: unknown[]) =>
		contentsOf([
			{ role: 'user', content: 'hi' },
			{ role: 'assistant', content },
		])[1]?.parts

	test('calls and results are text, whatever their content', () => {
		const parts = partsOf([
			{ type: 'server_tool_use', id: 's', name: 'web_search', input: { query: 'q' } },
			{
				type: 'web_search_tool_result',
				tool_use_id: 's',
				content: { type: 'web_search_tool_result_error', error_code: 'max_uses_exceeded' },
			},
			{ type: 'mcp_tool_use', id: 'm', name: 'echo', server_name: 'docs', input: { a: 1 } },
			{ type: 'mcp_tool_result', tool_use_id: 'm', content: [{ type: 'text', text: 'hello' }] },
		])
		expect(parts).toEqual([
			{ text: '[used web_search with {"query":"q"}]' },
			{ text: '[web_search_tool_result] {"tool_use_id":"s","content":{"error_code":"max_uses_exceeded"}}' },
			{ text: '[used echo with {"a":1}]' },
			{ text: '[mcp_tool_result] {"tool_use_id":"m","content":[{"text":"hello"}]}' },
		])
	})
})

describe('citations', () => {
	test('that the client asks for are noted, since Gemini gives none of documents', () => {
		const source = { type: 'text', media_type: 'text/plain', data: 'Green.' }
		const found = { type: 'search_result', source: 's', title: 't', content: [text('x')] }
		const wanted = { citations: { enabled: true } }
		const { notes } = convert({
			messages: [
				{
					role: 'user',
					content: [
						{ type: 'document', source, ...wanted },
						{ type: 'document', source, citations: { enabled: false } },
						{ ...found, ...wanted },
						found,
					],
				},
			],
		})
		expect(notes).toMatchObject([
			{ field: 'messages.0.content.0', action: 'dropped' },
			{ field: 'messages.0.content.2', action: 'dropped' },
		])
	})
})
