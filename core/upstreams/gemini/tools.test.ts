import { describe, expect, test } from 'vitest'
import { RequestRefused } from '../contract.ts'
import { convert } from './testing.ts'

const ask = (content: unknown) => [{ role: 'user', content }]
const call = (id: string, name = 'Read', input: unknown = {}) => ({ type: 'tool_use', id, name, input })
const result = (id: string, content: unknown, more: object = {}) => ({
	type: 'tool_result',
	tool_use_id: id,
	content,
	...more,
})

describe('tools', () => {
	const tool = (name: string, more: object = {}) => ({
		name,
		description: `does ${name}`,
		input_schema: { type: 'object', properties: { a: { type: 'string' } }, required: ['a'] },
		...more,
	})
	const convertTools = (tools: unknown[], more: object = {}) =>
		convert({ tools, messages: ask('hi'), ...more })
	const search = { type: 'web_search_20250305', name: 'web_search', max_uses: 8 }

	test('become one list of declarations', () => {
		const { body } = convertTools([
			tool('A', { type: 'custom' }),
			{ name: 'B', description: '', input_schema: {} },
		])
		expect(body.tools).toEqual([
			{
				functionDeclarations: [
					{
						name: 'A',
						description: 'does A',
						parameters: { type: 'OBJECT', properties: { a: { type: 'STRING' } }, required: ['a'] },
					},
					{ name: 'B' },
				],
			},
		])
		expect(convertTools([]).body).not.toHaveProperty('tools')
	})

	test('with an object of any shape go as JSON Schema, which can say that', () => {
		const schema = {
			type: 'object',
			properties: { env: { type: 'object', additionalProperties: { type: 'string' } } },
		}
		const { body, notes } = convertTools([tool('A', { input_schema: schema })])
		expect(body.tools?.[0]?.functionDeclarations?.[0]).toEqual({
			name: 'A',
			description: 'does A',
			parametersJsonSchema: { type: 'object', properties: { env: { type: 'object' } } },
		})
		expect(notes).toMatchObject([{ field: 'tools.0.input_schema' }])
	})

	test('trap A16: names that Gemini refuses are replaced everywhere, and restored later', () => {
		const long = `mcp__${'x'.repeat(70)}`
		const { body, toolNames } = convert({
			tools: [tool(long), tool('1st')],
			tool_choice: { type: 'tool', name: long },
			messages: [
				{ role: 'user', content: 'hi' },
				{ role: 'assistant', content: [call('a', long)] },
				{ role: 'user', content: [result('a', 'ok')] },
			],
		})
		const names = body.tools?.[0]?.functionDeclarations?.map(({ name }) => name) ?? []
		expect(names).toHaveLength(2)
		for (const name of names) expect(name).toMatch(/^[A-Za-z_][A-Za-z0-9_-]{0,63}$/)
		expect(names.map(name => toolNames.get(name))).toEqual([long, '1st'])
		expect(body.contents[1]?.parts[0]?.functionCall?.name).toBe(names[0])
		expect(body.contents[2]?.parts[0]?.functionResponse?.name).toBe(names[0])
		expect(body.toolConfig?.functionCallingConfig.allowedFunctionNames).toEqual([names[0]])
	})

	test.each([
		[{ type: 'auto' }, { mode: 'AUTO' }],
		[{ type: 'any' }, { mode: 'ANY' }],
		[{ type: 'none' }, { mode: 'NONE' }],
		[
			{ type: 'tool', name: 'A' },
			{ mode: 'ANY', allowedFunctionNames: ['A'] },
		],
	])('tool_choice %j is %j', (tool_choice, functionCallingConfig) => {
		const { body } = convertTools([tool('A')], { tool_choice })
		expect(body.toolConfig).toEqual({ functionCallingConfig })
	})

	test('what Gemini cannot promise is noted', () => {
		const { notes } = convertTools([tool('A'), tool('A')], {
			tool_choice: { type: 'auto', disable_parallel_tool_use: true },
		})
		expect(notes.map(note => note.field)).toEqual(['tools.1', 'tool_choice.disable_parallel_tool_use'])
	})

	test('trap A26: web search, web fetch and code execution are Gemini’s own when they are alone', () => {
		const { body } = convertTools(
			[search, { type: 'web_fetch_20250910', name: 'f' }, { type: 'code_execution_20250825', name: 'c' }],
			{ tool_choice: { type: 'auto' } },
		)
		expect(body.tools).toEqual([{ googleSearch: {} }, { urlContext: {} }, { codeExecution: {} }])
		expect(body).not.toHaveProperty('toolConfig')
	})

	test('trap A26: limits that Gemini’s own tools do not know are noted', () => {
		const { notes } = convertTools([{ ...search, max_uses: 8, blocked_domains: ['x.test'] }])
		expect(notes).toEqual([
			{ field: 'tools.0', action: 'dropped', detail: expect.stringContaining('blocked_domains, max_uses') },
		])
	})

	test('trap A26: beside functions they are left out with a note, or refused when forced', () => {
		const { body, notes } = convertTools([tool('A'), search])
		expect(body.tools).toHaveLength(1)
		expect(notes).toMatchObject([{ field: 'tools.1', action: 'dropped' }])
		const forced = { tool_choice: { type: 'tool', name: 'web_search' } }
		expect(() => convertTools([tool('A'), search], forced)).toThrow(RequestRefused)
		expect(convertTools([search], forced).body.tools).toEqual([{ googleSearch: {} }])
	})

	test('tools that only Anthropic knows are left out with a note; a choice that is not there is refused', () => {
		const { body, notes } = convertTools([{ type: 'computer_20250124', name: 'computer' }])
		expect(body).not.toHaveProperty('tools')
		expect(notes).toMatchObject([{ field: 'tools.0', action: 'dropped' }])
		expect(() => convertTools([tool('A')], { tool_choice: { type: 'tool', name: 'Z' } })).toThrow(
			RequestRefused,
		)
	})
})
