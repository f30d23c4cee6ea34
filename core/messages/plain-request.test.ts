import { describe, expect, test } from 'vitest'
import * as fc from '../../test/support/fast-check.ts'
import { isPlainRequest } from './plain-request.ts'
import { messageRequestSchema } from './request.ts'

const text = fc.constantFrom('', 'a', 'text', 'tool', 'none')
const name = fc.oneof({ weight: 40, arbitrary: fc.constant('a') }, text)
/** What may stand anywhere by mistake. */
const odd = fc.oneof(
	fc.constantFrom<unknown>(
		null,
		0,
		-1,
		0.5,
		3,
		1e300,
		true,
		'',
		'x',
		[],
		{},
		[null],
		{ type: 'x' },
		{ type: 1 },
	),
	fc.jsonValue({ maxDepth: 1 }),
)
/** Mostly what the API takes, sometimes nothing, sometimes anything. */
const mostly = (right: fc.Arbitrary<unknown>) =>
	fc.oneof({ weight: 200, arbitrary: right }, { weight: 1, arbitrary: odd })
const record = (fields: Record<string, fc.Arbitrary<unknown>>, required: string[] = []) =>
	fc.record(Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, mostly(value)])), {
		requiredKeys: required,
	})

const cacheControl = record({ type: fc.constant('ephemeral') }, ['type'])
const textBlock = record({ type: fc.constant('text'), text, cache_control: cacheControl }, ['type', 'text'])
const source = fc.oneof(
	record({ type: fc.constant('base64'), media_type: text, data: text }, ['type', 'media_type', 'data']),
	record({ type: fc.constantFrom('url', 'url', 'url', 'file'), url: text, file_id: text }, ['type', 'url']),
)
const image = record({ type: fc.constant('image'), source }, ['type', 'source'])
const resultPart = fc.oneof(
	textBlock,
	image,
	record({ type: fc.constant('tool_reference'), tool_name: text }, ['type', 'tool_name']),
	record({ type: fc.constantFrom('new', 'new', 'new', 'document', 'search_result') }, ['type']),
)
const block = fc.oneof(
	resultPart,
	record({ type: fc.constant('thinking'), thinking: text, signature: text }, ['type', 'thinking']),
	record({ type: fc.constant('redacted_thinking'), data: text }, ['type', 'data']),
	record({ type: fc.constant('tool_use'), id: name, name, input: odd }, ['type', 'id', 'name', 'input']),
	record(
		{
			type: fc.constant('tool_result'),
			tool_use_id: name,
			content: fc.oneof(text, fc.array(mostly(resultPart), { maxLength: 2 })),
			is_error: fc.boolean(),
		},
		['type', 'tool_use_id', 'content'],
	),
)
const message = record(
	{
		role: fc.constantFrom('user', 'assistant', 'system'),
		content: fc.oneof(text, fc.array(mostly(block), { maxLength: 3 })),
	},
	['role', 'content'],
)
const schema = fc.constant({ type: 'object', properties: {} })
const tool = record(
	{
		name,
		type: fc.constantFrom('custom', 'custom', 'custom', 'web_search_1', 'web_search_1', 'mcp_toolset'),
		description: text,
		input_schema: schema,
		function: schema,
	},
	['name'],
)
const request = record(
	{
		model: fc.constant('m'),
		max_tokens: fc.constantFrom(1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1.5),
		messages: fc.array(mostly(message), { minLength: 1, maxLength: 3 }),
		system: fc.oneof(text, fc.array(mostly(textBlock), { maxLength: 2 })),
		tools: fc.array(mostly(tool), { maxLength: 2 }),
		tool_choice: record(
			{
				type: fc.constantFrom('auto', 'any', 'tool', 'none'),
				name,
				disable_parallel_tool_use: fc.boolean(),
			},
			['type'],
		),
		thinking: record({ type: text, budget_tokens: fc.integer() }, ['type']),
		output_config: record({ effort: text, format: record({ type: text, schema }, ['type']) }),
		output_format: fc.oneof(
			{ weight: 9, arbitrary: fc.constant(null) },
			record({ type: text, schema }, ['type']),
		),
		stream: fc.boolean(),
		temperature: fc.double({ min: -0.1, max: 2.1, noNaN: true }),
		top_p: fc.double({ min: -0.1, max: 1.1, noNaN: true }),
		top_k: fc.integer({ min: -1, max: 40 }),
		stop_sequences: fc.array(mostly(text)),
		metadata: record({ user_id: text }),
		service_tier: text,
		other: odd,
	},
	['model', 'max_tokens', 'messages'],
)

describe('isPlainRequest', () => {
	test('what it calls plain, the schema takes and returns as it is', () => {
		let plain = 0
		fc.assert(
			fc.property(request, generated => {
				const given: unknown = JSON.parse(JSON.stringify(generated))
				if (!isPlainRequest(given)) return
				plain++
				const result = messageRequestSchema.safeParse(given)
				expect(result.error).toBeUndefined()
				expect(result.data).toEqual(given)
			}),
			{ numRuns: 3000 },
		)
		// Were hardly any request plain, nothing would have been compared.
		expect(plain).toBeGreaterThan(100)
	})

	test('a request in the middle of a coding session is plain', () => {
		expect(
			isPlainRequest({
				model: 'claude-sonnet-4-5',
				max_tokens: 32_000,
				stream: true,
				thinking: { type: 'enabled', budget_tokens: 10_000 },
				metadata: { user_id: 'user_1' },
				system: [{ type: 'text', text: 'You are', cache_control: { type: 'ephemeral' } }],
				tools: [{ name: 'Read', description: 'Reads.', input_schema: { type: 'object' } }],
				messages: [
					{ role: 'user', content: 'Look.' },
					{
						role: 'assistant',
						content: [
							{ type: 'thinking', thinking: 'Well', signature: 'x' },
							{ type: 'tool_use', id: 'toolu_1', name: 'Read', input: { path: 'a' } },
						],
					},
					{
						role: 'user',
						content: [
							{ type: 'tool_result', tool_use_id: 'toolu_1', content: [{ type: 'text', text: 'b' }] },
						],
					},
				],
			}),
		).toBe(true)
	})
})
