import { describe, expect, test } from 'vitest'
import { ask, convert } from '../../../test/support/openai-conversion.ts'

const messages = ask('hi')
const bodyOf = (request: object, options = {}) => convert({ messages, ...request }, options).body
const tool = (name: string, more = {}) => ({
	name,
	input_schema: { type: 'object', properties: {} },
	...more,
})
const webSearch = { type: 'web_search_20250305', name: 'web_search', max_uses: 8 }

describe('tools', () => {
	test('an empty list is left out, and tool_choice with it', () => {
		expect(bodyOf({ tools: [], tool_choice: { type: 'auto' } })).toEqual(bodyOf({}))
	})

	test('tools in OpenAI’s own shape are understood', () => {
		const parameters = { type: 'object', properties: { a: { type: 'string' } } }
		const tools = [{ type: 'function', function: { name: 'f', description: 'd', parameters } }]
		expect(bodyOf({ tools }).tools).toEqual(tools)
	})

	test.each([
		[{ type: 'auto' }, 'auto'],
		[{ type: 'any' }, 'required'],
		[{ type: 'none' }, 'none'],
		[
			{ type: 'tool', name: 'Read' },
			{ type: 'function', function: { name: 'Read' } },
		],
	])('tool_choice %j is %j', (choice, expected) => {
		expect(bodyOf({ tools: [tool('Read'), tool('Bash')], tool_choice: choice }).tool_choice).toEqual(expected)
	})

	test('the old type has no `required`: one tool is named, of several none can be forced', () => {
		const old = (tools: object[]) =>
			convert({ messages, tools, tool_choice: { type: 'any' } }, { dialect: 'openaiold' })
		expect(old([tool('Read')]).body.tool_choice).toEqual({ type: 'function', function: { name: 'Read' } })
		const several = old([tool('Read'), tool('Bash')])
		expect(several.body.tool_choice).toBe('auto')
		expect(several.notes).toMatchObject([{ field: 'tool_choice', action: 'replaced' }])
	})

	test('one call at a time is asked for where the field exists', () => {
		const request = { tools: [tool('Read')], tool_choice: { type: 'auto', disable_parallel_tool_use: true } }
		expect(bodyOf(request).parallel_tool_calls).toBe(false)
		const old = convert({ messages, ...request }, { dialect: 'openaiold' })
		expect(old.body).not.toHaveProperty('parallel_tool_calls')
		expect(old.notes).toMatchObject([{ field: 'tool_choice', action: 'dropped' }])
		const free = { ...request, tool_choice: { type: 'auto', disable_parallel_tool_use: false } }
		expect(bodyOf(free)).not.toHaveProperty('parallel_tool_calls')
	})

	test('trap 16: long and odd names are renamed alike in tools, tool_choice and history', () => {
		const name = `mcp__some.server__${'x'.repeat(70)}`
		const request = {
			messages: [
				...ask('go'),
				{ role: 'assistant', content: [{ type: 'tool_use', id: 'a', name, input: {} }] },
				{ role: 'user', content: [{ type: 'tool_result', tool_use_id: 'a', content: 'x' }] },
			],
			tools: [tool('Read'), tool(name)],
			tool_choice: { type: 'tool', name },
		}
		const { body, toolNames, notes } = convert(request)
		const sent = body.tools?.[1]?.function.name ?? ''
		expect(sent).toMatch(/^[A-Za-z0-9_-]{64}$/)
		expect(body.tool_choice).toEqual({ type: 'function', function: { name: sent } })
		expect(body.messages[1]).toMatchObject({ tool_calls: [{ function: { name: sent } }] })
		expect([...toolNames]).toEqual([[sent, name]])
		expect(notes).toMatchObject([{ field: 'tools', action: 'renamed' }])
	})

	test('a strict tool stays strict where its schema keeps OpenAI’s rules, otherwise that is noted', () => {
		const input = (more: object) => ({
			type: 'object',
			properties: { a: { type: 'string' } },
			required: ['a'],
			...more,
		})
		const closed = { name: 'Closed', strict: true, input_schema: input({ additionalProperties: false }) }
		const tools = [closed, { name: 'Open', strict: true, input_schema: input({}) }, tool('Plain')]
		const { body, notes } = convert({ messages, tools })
		expect(body.tools?.map(one => one.function.strict)).toEqual([true, undefined, undefined])
		expect(notes).toMatchObject([
			{ field: 'tools', action: 'dropped', detail: expect.stringContaining('"Open"') },
		])
		const old = convert({ messages, tools: [closed] }, { dialect: 'openaiold' })
		expect(old.body.tools?.[0]?.function).not.toHaveProperty('strict')
		expect(old.notes).toMatchObject([{ field: 'tools', action: 'dropped' }])
	})

	test('trap 26: a server tool is left out with a note', () => {
		const { body, notes } = convert({ messages, tools: [webSearch], tool_choice: { type: 'auto' } })
		expect(body).not.toHaveProperty('tools')
		expect(body).not.toHaveProperty('tool_choice')
		expect(notes).toMatchObject([{ field: 'tools', action: 'dropped' }])
	})

	test.each([
		[[webSearch], { type: 'any' }],
		[[webSearch, tool('Read')], { type: 'tool', name: 'web_search' }],
	])('trap 26: forcing a server tool is refused', (tools, choice) => {
		const refusal = expect.objectContaining({ name: 'RequestRefused', field: 'tool_choice' })
		expect(() => bodyOf({ tools, tool_choice: choice })).toThrow(refusal)
	})
})

describe('trap 17: tool schemas', () => {
	const sent = (schema: unknown) =>
		bodyOf({ tools: [{ name: 'f', input_schema: schema }] }).tools?.[0]?.function.parameters

	test('pass untouched, odd keywords and all', () => {
		const schema = {
			$schema: 'https://json-schema.org/draft/2020-12/schema',
			type: 'object',
			properties: {
				title: { type: ['string', 'null'], default: null, pattern: '^a', format: 'uri', maxLength: 524_288 },
				args: { description: 'no type' },
				n: {
					anyOf: [{ const: 1 }, { type: 'integer', exclusiveMinimum: 0, maximum: 9_007_199_254_740_991 }],
				},
				map: { type: 'object', propertyNames: { type: 'string' }, additionalProperties: {} },
				self: { $ref: '#' },
			},
			required: ['title'],
			additionalProperties: false,
		}
		expect(sent(schema)).toEqual(schema)
	})

	test.each([
		[null, { type: 'object', properties: {} }],
		[{}, { type: 'object', properties: {} }],
		[{ type: 'object' }, { type: 'object', properties: {} }],
		[{ properties: { a: {} } }, { type: 'object', properties: { a: {} } }],
	])('%j gets what OpenAI insists on', (schema, expected) => {
		expect(sent(schema)).toEqual(expected)
	})

	test('alternatives at the top become one object at OpenAI, which refuses them, and stay elsewhere', () => {
		const either = { anyOf: [{ properties: { a: { type: 'array' } } }, { required: ['b'] }] }
		const tools = [webSearch, { name: 'f', input_schema: either }]
		for (const baseUrl of ['https://api.openai.com/v1', 'https://me.openai.azure.com']) {
			const { body, notes } = convert({ messages, tools }, { baseUrl })
			const parameters = { type: 'object', properties: { a: { type: 'array', items: {} } } }
			expect(body.tools?.[0]?.function.parameters).toEqual(parameters)
			expect(notes).toMatchObject([{ field: 'tools' }, { field: 'tools.1.input_schema', action: 'replaced' }])
		}
		expect(sent(either)).toMatchObject({ anyOf: [{}, { required: ['b'] }] })
	})

	describe('Moonshot’s flavour', () => {
		const kimi = { model: 'kimi-k2.6', baseUrl: 'https://api.moonshot.ai/v1' }
		const sent = (input_schema: object, options: object = kimi) =>
			convert({ messages, tools: [{ name: 'f', input_schema }] }, options).body.tools?.[0]?.function
				.parameters

		test('has the type in the alternatives', () => {
			const either = { type: 'object', anyOf: [{ required: ['a'] }, { type: 'null' }, { $ref: '#/$defs/A' }] }
			const input_schema = { type: 'object', properties: { one: either }, $defs: { A: { type: 'string' } } }
			expect(sent(input_schema)).toMatchObject({
				properties: {
					one: { anyOf: [{ type: 'object', required: ['a'] }, { type: 'null' }, { $ref: '#/$defs/A' }] },
				},
			})
			expect(sent(input_schema)).not.toHaveProperty('properties.one.type')
			expect(sent(input_schema, { model: 'kimi-k2.6' })).toEqual(sent(input_schema))
			expect(sent(input_schema, { model: 'qwen-max' })).toEqual(input_schema)
		})

		test('has no alternatives at the top', () => {
			const one = { type: 'object', properties: { a: { type: 'string' } }, required: ['a'] }
			const other = { type: 'object', properties: { b: { type: 'string' } }, required: ['b'] }
			expect(sent({ type: 'object', anyOf: [one, other] })).toEqual({
				type: 'object',
				properties: { a: { type: 'string' }, b: { type: 'string' } },
			})
		})

		test('says nothing beside a reference that its target says', () => {
			const $defs = { A: { type: 'string', description: 'An asset.' } }
			const one = { $ref: '#/$defs/A', description: 'The asset.', default: 'x' }
			expect(sent({ type: 'object', properties: { one }, $defs })).toMatchObject({
				properties: { one: { $ref: '#/$defs/A', default: 'x' } },
			})
			expect(sent({ type: 'object', properties: { one }, $defs })).not.toHaveProperty(
				'properties.one.description',
			)
		})

		test('begins the names of tools with a letter', () => {
			const request = { messages, tools: [tool('21st_magic'), tool('_x'), tool('Read')] }
			const { body, toolNames } = convert(request, kimi)
			const names = body.tools?.map(({ function: { name } }) => name) ?? []
			expect(names).toEqual([
				expect.stringMatching(/^tool_21st_magic_/),
				expect.stringMatching(/^tool__x_/),
				'Read',
			])
			expect(names.map(name => toolNames.get(name) ?? name)).toEqual(['21st_magic', '_x', 'Read'])
			expect(convert(request).body.tools?.[0]?.function.name).toBe('21st_magic')
		})
	})

	test('an enum without values goes, however deep; a property named enum is no keyword', () => {
		const nested = { type: 'object', properties: { one: { type: 'string', enum: [] } } }
		const input_schema = {
			type: 'object',
			properties: {
				any: { enum: [] },
				enum: { type: 'string', enum: ['a'] },
				list: { type: 'array', items: nested },
			},
		}
		const { body } = convert({ messages, tools: [{ name: 'f', input_schema }] })
		expect(body.tools?.[0]?.function.parameters).toEqual({
			type: 'object',
			properties: {
				any: {},
				enum: { type: 'string', enum: ['a'] },
				list: { type: 'array', items: { type: 'object', properties: { one: { type: 'string' } } } },
			},
		})
	})

	test('arrays without items get some, however deep; a property named items is no keyword', () => {
		const schema = {
			type: 'object',
			properties: {
				list: { type: 'array' },
				items: { type: 'string' },
				deep: {
					anyOf: [{ type: 'object', properties: { l: { type: ['array', 'null'] } } }, { type: 'null' }],
				},
			},
		}
		expect(sent(schema)).toEqual({
			type: 'object',
			properties: {
				list: { type: 'array', items: {} },
				items: { type: 'string' },
				deep: {
					anyOf: [
						{ type: 'object', properties: { l: { type: ['array', 'null'], items: {} } } },
						{ type: 'null' },
					],
				},
			},
		})
	})
})
