import type {
	ResponseCreateParamsNonStreaming,
	ResponseCreateParamsStreaming,
} from 'openai/resources/responses/responses'
import { describe, expect, expectTypeOf, test } from 'vitest'
import { ask, convert } from '../../../test/support/responses-conversion.ts'
import type { ResponsesRequest } from './wire.ts'

const messages = ask('hi')
const openAi = 'https://api.openai.com/v1'
const bodyOf = (request: object, options = {}) => convert({ messages, ...request }, options).body
const notesOf = (request: object, options = {}) => convert({ messages, ...request }, options).notes
const tool = (name: string, more = {}) => ({
	name,
	input_schema: { type: 'object', properties: {} },
	...more,
})
const hi = { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'hi' }] }

test('what we send is what the openai package takes', () => {
	// Its types do not name `web_search` among the tools that can be forced; the API does.
	type Typed = Omit<ResponsesRequest, 'stream' | 'tool_choice'> & {
		tool_choice?: Exclude<ResponsesRequest['tool_choice'], { type: 'web_search' }>
	}
	expectTypeOf<Typed>().toExtend<ResponseCreateParamsNonStreaming>()
	expectTypeOf<Typed & { stream: true }>().toExtend<ResponseCreateParamsStreaming>()
})

test('a small request, whole', () => {
	const request = { system: 'Be brief.', messages, temperature: 0.5, top_p: 0.9 }
	const { outgoing, notes, toolNames, body } = convert(request, { model: 'gpt-4o' })
	expect(body).toEqual({
		model: 'gpt-4o',
		instructions: 'Be brief.',
		input: [hi],
		max_output_tokens: 1000,
		temperature: 0.5,
		top_p: 0.9,
		store: false,
	})
	expect(outgoing.method).toBe('POST')
	expect(outgoing.url).toBe('https://relay.example/v1/responses')
	expect(outgoing.headers).toEqual({ 'content-type': 'application/json', accept: 'application/json' })
	expect([notes, toolNames.size]).toEqual([[], 0])
})

test('a stream is asked for where the client wants one', () => {
	const { body, outgoing } = convert({ messages }, { stream: true })
	expect(body.stream).toBe(true)
	expect(outgoing.headers.accept).toBe('text/event-stream')
})

describe('trap 6: system', () => {
	test.each([
		['plain', 'plain'],
		['x-anthropic-billing-header: cc_version=2.1; cch=1;\nrest', 'rest'],
		[
			[
				{ type: 'text', text: ' X-Anthropic-Billing-Header : a' },
				{ type: 'text', text: 'a' },
				{ type: 'text', text: 'b' },
			],
			'a\n\nb',
		],
	])('%j becomes the instructions %j', (system, expected) => {
		expect(bodyOf({ system }).instructions).toBe(expected)
	})

	test.each(['', [], null, 'x-anthropic-billing-header: only', [{ type: 'text', text: '' }]])(
		'%j is left out',
		system => {
			expect(bodyOf({ system })).not.toHaveProperty('instructions')
		},
	)
})

test('trap 7: the cache key is stable in a session, short, and always sent', () => {
	const user = (session: string) => ({
		metadata: { user_id: JSON.stringify({ device_id: 'd'.repeat(64), session_id: session }) },
	})
	const key = bodyOf(user('1')).prompt_cache_key
	expect(key).toMatch(/^claude-proxy-[0-9a-f]{16}$/)
	expect(bodyOf(user('1'), { baseUrl: openAi }).prompt_cache_key).toBe(key)
	expect(bodyOf(user('2')).prompt_cache_key).not.toBe(key)
	expect(bodyOf({})).not.toHaveProperty('prompt_cache_key')
})

test('trap 12: fields of Anthropic’s own never reach the upstream; what is lost is noted', () => {
	const request = {
		service_tier: 'standard_only',
		container: 'c',
		context_management: { edits: [] },
		cache_control: { type: 'ephemeral' },
		mcp_servers: [{ type: 'url' }],
		tools: [tool('Read', { cache_control: { type: 'ephemeral' }, defer_loading: true, input_examples: [] })],
		new_field_of_next_month: 1,
	}
	expect(bodyOf(request)).toEqual({
		model: 'some-model',
		input: [hi],
		tools: [
			{ type: 'function', name: 'Read', parameters: { type: 'object', properties: {} }, strict: false },
		],
		max_output_tokens: 1000,
		store: false,
	})
	expect(notesOf(request).map(note => [note.field, note.action])).toEqual([
		['mcp_servers', 'dropped'],
		['container', 'dropped'],
		['service_tier', 'dropped'],
		['new_field_of_next_month', 'dropped'],
	])
})

test('message threads are refused with the code that makes the SDK go on without them', () => {
	for (const thread of [{ type: 'create' }, { type: 'continue', previous_message_id: 'msg_1' }]) {
		const details = { error_code: 'thread_unsupported_request', unsupported: [] }
		expect(() => bodyOf({ thread })).toThrow(expect.objectContaining({ name: 'RequestRefused', details }))
	}
	expect(bodyOf({ thread: null }).input).toHaveLength(1)
})

test.each([
	[1, 'gpt-4o', 16],
	[1000, 'gpt-4o', 1000],
	[128_000, 'gpt-4o', 16_384],
	[128_000, 'gpt-5.4', 128_000],
	[128_000, 'some-model', 128_000],
])('trap 24: max_tokens %i for %s is max_output_tokens %i', (given, model, expected) => {
	expect(bodyOf({ max_tokens: given }, { model }).max_output_tokens).toBe(expected)
})

describe('sampling', () => {
	test('top_k and stop sequences do not exist: notes say so', () => {
		const { body, notes } = convert({ messages, top_k: 5, stop_sequences: ['', 'END'] })
		expect(body).not.toHaveProperty('stop')
		expect(notes.map(note => note.field)).toEqual(['stop_sequences', 'top_k'])
		expect(notesOf({ stop_sequences: [''] })).toEqual([])
	})

	test.each(['o3', 'gpt-5', 'gpt-5.4', 'openai/gpt-6-sol'])('trap 25: %s reasons and refuses it', model => {
		const { body, notes } = convert({ messages, temperature: 0, top_p: 1 }, { model })
		expect(body).not.toHaveProperty('temperature')
		expect(body).not.toHaveProperty('top_p')
		expect(notes.map(note => note.field)).toEqual(['temperature', 'top_p'])
	})

	test('with reasoning off it is allowed again', () => {
		const off = { thinking: { type: 'disabled' }, temperature: 0.2 }
		expect(bodyOf(off, { model: 'gpt-5.2' })).toMatchObject({
			reasoning: { effort: 'none' },
			temperature: 0.2,
		})
	})
})

describe('trap 25: thinking becomes reasoning', () => {
	const budget = (tokens: number) => ({ thinking: { type: 'enabled', budget_tokens: tokens } })
	const effort = (name: string, display = 'updates') => ({
		thinking: { type: 'adaptive', display },
		output_config: { effort: name },
	})
	const off = { thinking: { type: 'disabled' }, output_config: { effort: 'high' } }

	test.each<[string, object, object | undefined]>([
		['gpt-5', budget(1024), { effort: 'low', summary: 'auto' }],
		['gpt-5', budget(31_999), { effort: 'high', summary: 'auto' }],
		['o3', effort('max'), { effort: 'high', summary: 'auto' }],
		['o3', off, { effort: 'low' }],
		['gpt-5', off, { effort: 'minimal' }],
		['gpt-5-codex', off, { effort: 'low' }],
		['gpt-5.4', effort('medium', 'omitted'), { effort: 'medium' }],
		['gpt-5.4', effort('max'), { effort: 'xhigh', summary: 'auto' }],
		['gpt-5.6-terra', effort('max'), { effort: 'max', summary: 'auto' }],
		['gpt-6.1-sol', effort('max'), { effort: 'max', summary: 'auto' }],
		['gpt-6.1-sol', off, { effort: 'low' }],
		['gpt-5.2-codex', off, { effort: 'low' }],
		['gpt-5.2', { thinking: { type: 'adaptive' } }, { summary: 'auto' }],
		['gpt-5.2', off, { effort: 'none' }],
		['gpt-5-pro', effort('high'), { summary: 'auto' }],
		['gpt-5.2', {}, undefined],
		['gpt-4o', effort('high'), undefined],
		['gpt-5-chat-latest', effort('high'), undefined],
	])('%s %j: %j', (model, request, expected) => {
		expect(bodyOf(request, { model }).reasoning).toEqual(expected)
	})

	test('tools and reasoning go together here, which Chat Completions refuses', () => {
		const request = { ...effort('high'), tools: [tool('Read')] }
		expect(bodyOf(request, { model: 'gpt-5.4', baseUrl: openAi }).reasoning?.effort).toBe('high')
	})

	test.each([
		['gpt-5.4', openAi, ['reasoning.encrypted_content']],
		['gpt-4o', openAi, undefined],
		['gpt-oss-120b', 'http://localhost:8000/v1', ['reasoning.encrypted_content']],
		['grok-4', 'https://api.x.ai/v1', ['reasoning.encrypted_content']],
		['llama-4', 'https://relay.example', undefined],
	])('%s at %s includes %j', (model, baseUrl, expected) => {
		expect(bodyOf({}, { model, baseUrl }).include).toEqual(expected)
	})

	test('an effort that cannot be sent is noted', () => {
		expect(notesOf(effort('high'), { model: 'qwen3-max' })).toMatchObject([
			{ field: 'thinking', action: 'dropped' },
		])
	})
})

describe('structured output', () => {
	const strict = {
		type: 'object',
		properties: { a: { type: 'string' } },
		required: ['a'],
		additionalProperties: false,
	}
	test.each([
		[strict, true],
		[{ ...strict, required: [] }, false],
	])('%j is strict: %s', (schema, expected) => {
		const format = { type: 'json_schema', name: 'answer', schema, strict: expected }
		expect(bodyOf({ output_config: { format: { type: 'json_schema', schema } } }).text).toEqual({ format })
	})
})

describe('tools', () => {
	test('an empty list is left out, and tool_choice with it', () => {
		expect(bodyOf({ tools: [], tool_choice: { type: 'any' } })).toEqual(bodyOf({}))
	})

	test.each([
		[{ type: 'auto' }, 'auto'],
		[{ type: 'any' }, 'required'],
		[{ type: 'none' }, 'none'],
		[
			{ type: 'tool', name: 'Read' },
			{ type: 'function', name: 'Read' },
		],
	])('tool_choice %j is %j', (choice, expected) => {
		expect(bodyOf({ tools: [tool('Read'), tool('Bash')], tool_choice: choice }).tool_choice).toEqual(expected)
	})

	test.each([true, false])('disable_parallel_tool_use %s', single => {
		const request = {
			tools: [tool('Read')],
			tool_choice: { type: 'auto', disable_parallel_tool_use: single },
		}
		expect(bodyOf(request).parallel_tool_calls).toBe(single ? false : undefined)
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
		const [sent] = toolNames.keys()
		expect(sent).toMatch(/^[A-Za-z0-9_-]{64}$/)
		expect(body.tools?.[1]).toMatchObject({ name: sent })
		expect(body.tool_choice).toEqual({ type: 'function', name: sent })
		expect(body.input[1]).toMatchObject({ type: 'function_call', name: sent })
		expect([...toolNames]).toEqual([[sent, name]])
		expect(notes).toMatchObject([{ field: 'tools', action: 'renamed' }])
	})

	test('trap 17: schemas pass untouched but for what OpenAI insists on, and are never made strict', () => {
		const odd = {
			$schema: 'https://json-schema.org/draft/2020-12/schema',
			type: 'object',
			properties: { title: { const: 1 }, list: { type: 'array' }, self: { $ref: '#' } },
			required: ['title'],
		}
		const sent = bodyOf({
			tools: [
				{ name: 'f', input_schema: odd },
				{ name: 'g', input_schema: null },
			],
		}).tools
		expect(sent).toEqual([
			{
				type: 'function',
				name: 'f',
				parameters: { ...odd, properties: { ...odd.properties, list: { type: 'array', items: {} } } },
				strict: false,
			},
			{ type: 'function', name: 'g', parameters: { type: 'object', properties: {} }, strict: false },
		])
	})
})

describe('trap 26: server tools', () => {
	const webSearch = { type: 'web_search_20250305', name: 'web_search' }
	const fetchTool = { type: 'web_fetch_20250910', name: 'web_fetch' }

	test('web search is the upstream’s own, with its limits', () => {
		const location = {
			type: 'approximate',
			city: 'Oslo',
			country: 'NO',
			region: null,
			timezone: 'Europe/Oslo',
		}
		const tools = [
			{ ...webSearch, max_uses: 3, allowed_domains: ['a.example'], user_location: location },
			tool('Read'),
		]
		const { body, notes } = convert({ messages, tools }, { baseUrl: openAi, model: 'gpt-5.4' })
		expect(body.tools?.[0]).toEqual({
			type: 'web_search',
			filters: { allowed_domains: ['a.example'] },
			user_location: { type: 'approximate', city: 'Oslo', country: 'NO', timezone: 'Europe/Oslo' },
		})
		expect(body.max_tool_calls).toBe(3)
		expect(body.include).toEqual(['reasoning.encrypted_content', 'web_search_call.action.sources'])
		expect(notes).toEqual([])
	})

	test('domains cannot be blocked: a note says so', () => {
		const { body, notes } = convert({ messages, tools: [{ ...webSearch, blocked_domains: ['b.example'] }] })
		expect(body.tools).toEqual([{ type: 'web_search' }])
		expect(notes).toMatchObject([{ field: 'tools.blocked_domains', action: 'dropped' }])
	})

	test('a forced search is forced upstream', () => {
		const request = { tools: [webSearch, tool('Read')], tool_choice: { type: 'tool', name: 'web_search' } }
		expect(bodyOf(request).tool_choice).toEqual({ type: 'web_search' })
		expect(bodyOf({ tools: [webSearch], tool_choice: { type: 'any' } }).tool_choice).toBe('required')
	})

	test('a client’s own tool of that name stays a function', () => {
		expect(bodyOf({ tools: [tool('web_search')] }).tools).toMatchObject([
			{ type: 'function', name: 'web_search' },
		])
	})

	test('gpt-5 cannot search with effort minimal: it is low then', () => {
		const request = { tools: [webSearch], thinking: { type: 'disabled' } }
		expect(bodyOf(request, { model: 'gpt-5' }).reasoning).toEqual({ effort: 'low' })
	})

	test('other server tools are left out with a note, and refused where forced', () => {
		expect(bodyOf({ tools: [fetchTool] })).not.toHaveProperty('tools')
		expect(notesOf({ tools: [fetchTool] })).toMatchObject([{ field: 'tools', action: 'dropped' }])
		const refusal = expect.objectContaining({ name: 'RequestRefused', field: 'tool_choice' })
		expect(() => bodyOf({ tools: [fetchTool], tool_choice: { type: 'any' } })).toThrow(refusal)
		expect(() =>
			bodyOf({ tools: [fetchTool, tool('a')], tool_choice: { type: 'tool', name: 'web_fetch' } }),
		).toThrow(refusal)
	})
})
