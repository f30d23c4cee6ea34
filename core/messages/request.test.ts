import { describe, expect, test } from 'vitest'
import { messageRequestSchema } from './request.ts'
import { describeIssues } from './request-issues.ts'

const base = { model: 'm', max_tokens: 1, messages: [{ role: 'user', content: 'x' }] }
const parse = (changes: object) => messageRequestSchema.safeParse({ ...base, ...changes })

function problem(changes: object): string {
	const result = parse(changes)
	return result.success ? 'accepted' : describeIssues(result.error)
}

describe('messageRequestSchema', () => {
	test('the smallest request needs no other field', () => {
		expect(parse({}).success).toBe(true)
	})

	test('what it does not know stays as it is', () => {
		const changes = {
			future: { a: [1] },
			messages: [
				{ role: 'user', content: [{ type: 'next_month_block', data: 1 }], output_config: { effort: 'low' } },
				{ role: 'system', content: [{ type: 'text', text: 'x', odd: true }] },
			],
			tools: [{ type: 'web_search_20250305', name: 'web_search', max_uses: 8 }],
			thinking: { type: 'adaptive', display: 'updates' },
		}
		expect(parse(changes).data).toEqual({ ...base, ...changes })
	})

	test('a tool in OpenAI’s shape comes out in Anthropic’s', () => {
		const parameters = { type: 'object', properties: {} }
		const tools = [
			{ type: 'function', function: { name: 'a', description: 'A', parameters } },
			{ type: 'function', function: { name: 'b' } },
			{ type: 'custom', name: 'function', input_schema: parameters },
		]
		expect(parse({ tools }).data?.tools).toEqual([
			{ name: 'a', description: 'A', input_schema: parameters },
			{ name: 'b', input_schema: parameters },
			tools[2],
		])
	})

	test('the older name of structured output is read as the newer one', () => {
		const format = { type: 'json_schema', schema: { type: 'object' } }
		expect(parse({ output_format: format }).data?.output_config).toEqual({ format })
		expect(parse({ output_format: format, output_config: { effort: 'low' } }).data?.output_config).toEqual({
			effort: 'low',
			format,
		})
		const own = { type: 'json_schema', schema: {} }
		expect(parse({ output_format: format, output_config: { format: own } }).data?.output_config).toEqual({
			format: own,
		})
	})

	test('a toolset without a name is a server tool of its type', () => {
		const tools = [{ type: 'mcp_toolset', mcp_server_name: 'x' }]
		expect(parse({ tools }).data?.tools).toEqual([{ name: 'mcp_toolset', ...tools[0] }])
	})

	test('a system message may only carry settings; a user message must say something', () => {
		const only = { role: 'system', output_config: { effort: 'low' } }
		const messages = [base.messages[0], only]
		expect(parse({ messages }).data?.messages[1]).toEqual({ ...only, content: [] })
		expect(problem({ messages: [{ role: 'user' }] })).toMatch(/^messages\.0\.content: /)
	})

	test('trap 15: what a broken model left as input does not refuse the session', () => {
		for (const input of [{}, '', '{"a":', null, undefined]) {
			const content = [{ type: 'tool_use', id: 'a', name: 'b', input }]
			expect(parse({ messages: [{ role: 'assistant', content }] }).success).toBe(true)
		}
	})

	test('nulls stand for absent fields', () => {
		const nulls = {
			system: null,
			tools: null,
			tool_choice: null,
			temperature: null,
			metadata: null,
			stream: null,
		}
		expect(parse(nulls).success).toBe(true)
	})
})

describe('describeIssues', () => {
	const block = (content: unknown) => ({
		messages: [{ role: 'user', content: [{ type: 'text', text: 'ok' }, content] }],
	})

	test.each([
		[{ model: undefined }, 'model: Field required'],
		[{ messages: undefined }, 'messages: Field required'],
		[{ messages: null }, 'messages: Input should be a list'],
		[block({ type: 'text' }), 'messages.0.content.1.text: Field required'],
		[
			block({ type: 'image', source: { type: 'base64', media_type: 'image/png' } }),
			'messages.0.content.1.source.data: Field required',
		],
		[
			block({ type: 'tool_result', tool_use_id: 'a', is_error: 'no' }),
			'messages.0.content.1.is_error: Input should be a boolean',
		],
		[
			block({ type: 'document', source: { type: 'content', content: [{ type: 'text' }] } }),
			'messages.0.content.1.source.content.0.text: Field required',
		],
		[block('text'), 'messages.0.content.1: Input should be an object'],
		[{ tools: [{ name: 'a', input_schema: [] }] }, 'tools.0.input_schema: Input should be an object'],
	])('names the field: %j', (changes, words) => {
		expect(problem(changes)).toBe(words)
	})

	test('names several fields, and says when there are more', () => {
		expect(problem({ model: 1, max_tokens: 'x' })).toBe(
			'model: Input should be a string; max_tokens: Input should be a number',
		)
		const messages = Array.from({ length: 9 }, () => ({ role: 'robot', content: 'x' }))
		expect(problem({ messages })).toMatch(/^messages\.0\.role: .*messages\.4\.role: .*\(and 4 more\)$/)
	})
})
