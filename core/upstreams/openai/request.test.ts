import type {
	ChatCompletionCreateParamsNonStreaming,
	ChatCompletionCreateParamsStreaming,
} from 'openai/resources/chat/completions'
import { describe, expect, expectTypeOf, test } from 'vitest'
import { ask, convert } from '../../../test/support/openai-conversion.ts'
import type { ChatRequest } from './wire.ts'

const messages = ask('hi')
const openAi = 'https://api.openai.com/v1'
const bodyOf = (request: object, options = {}) => convert({ messages, ...request }, options).body
const notesOf = (request: object, options = {}) => convert({ messages, ...request }, options).notes
const tool = (name: string, more = {}) => ({
	name,
	input_schema: { type: 'object', properties: {} },
	...more,
})

test('what we send is what the openai package takes', () => {
	expectTypeOf<Omit<ChatRequest, 'stream'>>().toExtend<ChatCompletionCreateParamsNonStreaming>()
	expectTypeOf<ChatRequest & { stream: true }>().toExtend<ChatCompletionCreateParamsStreaming>()
})

test('a small request, whole', () => {
	const request = { system: 'Be brief.', messages, temperature: 0.5, top_p: 0.9, stop_sequences: ['END'] }
	const { outgoing, notes, toolNames, body } = convert(request, { model: 'gpt-4o' })
	expect(body).toEqual({
		model: 'gpt-4o',
		messages: [
			{ role: 'system', content: 'Be brief.' },
			{ role: 'user', content: 'hi' },
		],
		max_completion_tokens: 1000,
		temperature: 0.5,
		top_p: 0.9,
		stop: ['END'],
	})
	expect(outgoing.method).toBe('POST')
	expect(outgoing.url).toBe('https://relay.example/v1/chat/completions')
	expect(outgoing.headers).toEqual({ 'content-type': 'application/json', accept: 'application/json' })
	expect([notes, toolNames.size]).toEqual([[], 0])
})

test.each(['openai', 'openaiold'] as const)('a stream asks for its usage: %s', dialect => {
	const { body, outgoing } = convert({ messages }, { dialect, stream: true })
	expect(body).toMatchObject({ stream: true, stream_options: { include_usage: true } })
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
		[
			[{ type: 'text', text: 'keep: x-anthropic-billing-header: is not first' }],
			'keep: x-anthropic-billing-header: is not first',
		],
	])('%j is sent as %j', (system, expected) => {
		expect(bodyOf({ system }).messages[0]).toEqual({ role: 'system', content: expected })
	})

	test.each(['', [], null, 'x-anthropic-billing-header: only', [{ type: 'text', text: '' }]])(
		'%j is left out',
		system => {
			expect(bodyOf({ system }).messages).toEqual([{ role: 'user', content: 'hi' }])
		},
	)
})

test('trap 7: the cache key is stable in a session, short, and sent to OpenAI alone', () => {
	const user = (session: string) => ({
		metadata: { user_id: JSON.stringify({ device_id: 'd'.repeat(64), session_id: session }) },
	})
	const key = bodyOf(user('1'), { baseUrl: openAi }).prompt_cache_key
	expect(key).toMatch(/^claude-proxy-[0-9a-f]{16}$/)
	expect(bodyOf(user('1'), { baseUrl: openAi }).prompt_cache_key).toBe(key)
	expect(bodyOf(user('2'), { baseUrl: openAi }).prompt_cache_key).not.toBe(key)
	expect(bodyOf(user('1'))).not.toHaveProperty('prompt_cache_key')
	expect(bodyOf(user('1'), { baseUrl: openAi, dialect: 'openaiold' })).not.toHaveProperty('prompt_cache_key')
})

test('fields of Anthropic’s own never reach the upstream', () => {
	const request = {
		service_tier: 'auto',
		container: 'c',
		context_management: { edits: [] },
		cache_control: { type: 'ephemeral' },
		metadata: { user_id: 'u' },
		tools: [
			tool('Read', {
				cache_control: { type: 'ephemeral' },
				defer_loading: true,
				strict: true,
				input_examples: [],
			}),
		],
		new_field_of_next_month: 1,
	}
	expect(bodyOf(request)).toEqual({
		model: 'some-model',
		messages: [{ role: 'user', content: 'hi' }],
		tools: [{ type: 'function', function: { name: 'Read', parameters: { type: 'object', properties: {} } } }],
		max_completion_tokens: 1000,
	})
	expect(notesOf(request).map(note => note.field)).toEqual(['container', 'new_field_of_next_month', 'tools'])
	const lost = { mcp_servers: [{ type: 'url' }], service_tier: 'standard_only' }
	expect(notesOf(lost).map(note => [note.field, note.action])).toEqual([
		['mcp_servers', 'dropped'],
		['service_tier', 'dropped'],
	])
})

test('message threads are refused with the code that makes the SDK go on without them', () => {
	for (const thread of [{ type: 'create' }, { type: 'continue', previous_message_id: 'msg_1' }]) {
		const details = { error_code: 'thread_unsupported_request', unsupported: [] }
		expect(() => bodyOf({ thread })).toThrow(expect.objectContaining({ name: 'RequestRefused', details }))
	}
	expect(bodyOf({ thread: null }).messages).toHaveLength(1)
})

describe('trap 24: the token limit', () => {
	test('has the name that the type says', () => {
		expect(bodyOf({})).toMatchObject({ max_completion_tokens: 1000 })
		const old = bodyOf({}, { dialect: 'openaiold' })
		expect(old).toMatchObject({ max_tokens: 1000 })
		expect(old).not.toHaveProperty('max_completion_tokens')
	})

	test.each([
		'https://api.deepseek.com',
		'https://api.z.ai/api/paas/v4',
		'https://open.bigmodel.cn/api/paas/v4',
	])('has its old name at %s, which overlooks the new one', baseUrl => {
		const body = bodyOf({}, { baseUrl, model: 'deepseek-chat' })
		expect(body).toMatchObject({ max_tokens: 1000 })
		expect(body).not.toHaveProperty('max_completion_tokens')
	})

	test.each([
		['gpt-4o', 16_384],
		['openai/gpt-4o-mini', 16_384],
		['gpt-4.1-mini', 32_768],
		['gpt-4-turbo', 4096],
		['gpt-3.5-turbo', 4096],
		['o3', 100_000],
		['gpt-5.1', 128_000],
		['llama-4', 128_000],
	])('of 128000 is %s at most %i', (model, expected) => {
		const { body, notes } = convert({ messages, max_tokens: 128_000 }, { model })
		expect(body.max_completion_tokens).toBe(expected)
		expect(notes.some(note => note.action === 'clamped')).toBe(expected !== 128_000)
	})

	// Claude Code asks for one token when it tries a key.
	test.each([
		['gpt-5-mini', 16],
		['openai/o3', 16],
		['gpt-4o-mini', 1],
		['llama-4', 1],
	])('of 1 becomes at %s %i', (model, expected) => {
		const { body, notes } = convert({ messages, max_tokens: 1 }, { model })
		expect(body.max_completion_tokens).toBe(expected)
		expect(notes.some(note => note.action === 'clamped')).toBe(expected !== 1)
	})
})

describe('sampling', () => {
	test('top_k does not exist, only four stop sequences do, empty ones are no use', () => {
		const { body, notes } = convert({ messages, top_k: 5, stop_sequences: ['1', '', '2', '3', '4', '5'] })
		expect(body).not.toHaveProperty('top_k')
		expect(body.stop).toEqual(['1', '2', '3', '4'])
		expect(notes.map(note => note.field)).toEqual(['top_k', 'stop_sequences'])
	})

	test.each(['o1', 'o3-mini', 'o4-mini', 'gpt-5', 'gpt-5.1-mini', 'openai/gpt-6-sol', 'codex-mini-latest'])(
		'trap 25: %s reasons and refuses it',
		model => {
			const { body, notes } = convert(
				{ messages, temperature: 0, top_p: 1, stop_sequences: ['x'] },
				{ model },
			)
			expect(body).toEqual({
				model,
				messages: [{ role: 'user', content: 'hi' }],
				max_completion_tokens: 1000,
			})
			expect(notes.map(note => note.field)).toEqual(['temperature', 'top_p', 'stop_sequences'])
		},
	)

	test.each(['gpt-4o', 'gpt-5-chat-latest', 'llama-4', 'gpt-oss-120b', 'qwen3'])('%s takes it', model => {
		expect(bodyOf({ temperature: 0, top_p: 1 }, { model })).toMatchObject({ temperature: 0, top_p: 1 })
	})
})

describe('trap 25: thinking becomes reasoning_effort', () => {
	const budget = (tokens: number) => ({ thinking: { type: 'enabled', budget_tokens: tokens } })
	const effort = (name: string) => ({
		thinking: { type: 'adaptive', display: 'updates' },
		output_config: { effort: name },
	})
	const off = { thinking: { type: 'disabled' }, output_config: { effort: 'high' } }

	test.each<[string, object, string | undefined]>([
		['gpt-5', budget(1024), 'low'],
		['gpt-5', budget(8000), 'medium'],
		['gpt-5', budget(31_999), 'high'],
		['o3', effort('medium'), 'medium'],
		['o3', effort('max'), 'high'],
		['o3', off, 'low'],
		['gpt-5', effort('xhigh'), 'high'],
		['gpt-5-mini', off, 'minimal'],
		['gpt-5.1', effort('xhigh'), 'high'],
		['gpt-5.1', off, 'none'],
		['gpt-5.2', effort('max'), 'xhigh'],
		['gpt-5.2', { thinking: { type: 'adaptive' } }, undefined],
		['gpt-5.2', {}, undefined],
		['gpt-5-chat-latest', effort('high'), undefined],
		['gpt-5.3-codex', off, 'low'],
		['gpt-5.3-codex', effort('max'), 'xhigh'],
		['gpt-5.6-terra', effort('max'), 'xhigh'],
		['gpt-oss-120b', effort('low'), 'low'],
		['gpt-4o', effort('high'), undefined],
		['qwen3-max', budget(8000), undefined],
	])('%s %j: %s', (model, request, expected) => {
		expect(bodyOf(request, { model }).reasoning_effort).toBe(expected)
	})

	test('hosts that document it for all their models get it too', () => {
		expect(bodyOf(effort('medium'), { baseUrl: 'https://openrouter.ai/api/v1' }).reasoning_effort).toBe(
			'medium',
		)
		expect(bodyOf(effort('max'), { baseUrl: 'https://api.deepseek.com' }).reasoning_effort).toBe('max')
	})

	test('where it is not sent, a note says so; the old type never sends it', () => {
		expect(notesOf(effort('high'), { model: 'qwen3-max' })).toMatchObject([
			{ field: 'thinking', action: 'dropped' },
		])
		expect(notesOf(off, { model: 'qwen3-max' })).toEqual([])
		const old = { model: 'gpt-5', dialect: 'openaiold' } as const
		expect(bodyOf(effort('high'), old)).not.toHaveProperty('reasoning_effort')
		expect(notesOf(budget(8000), old)).toMatchObject([{ field: 'thinking', action: 'dropped' }])
		expect(notesOf(off, old)).toEqual([])
	})

	test.each<[string, object, string[]]>([
		['gpt-5.2', effort('max'), ['clamped']],
		['gpt-5.2', effort('xhigh'), []],
		['gpt-5', effort('xhigh'), ['clamped']],
		['gpt-5', off, []],
		['o3', off, ['clamped']],
	])('what a model cannot do is noted: %s %j', (model, request, actions) => {
		expect(notesOf(request, { model }).map(note => [note.field, note.action])).toEqual(
			actions.map(action => ['thinking', action]),
		)
	})

	test('OpenAI refuses reasoning beside tools since gpt-5.4: tools win, with a note', () => {
		const request = { ...effort('high'), tools: [tool('Read')] }
		const at = (model: string, baseUrl: string) => bodyOf(request, { model, baseUrl }).reasoning_effort
		expect(at('gpt-5.4', openAi)).toBe('none')
		expect(at('gpt-5.6-luna', 'https://x.openai.azure.com/openai/v1')).toBe('none')
		expect(at('gpt-6-astra', openAi)).toBeUndefined()
		expect(at('gpt-5.2', openAi)).toBe('high')
		expect(at('gpt-5.6-luna', 'https://relay.example')).toBe('high')
		const notesAt = (model: string) => notesOf(request, { model, baseUrl: openAi })
		expect(notesAt('gpt-5.4')).toMatchObject([{ field: 'thinking', action: 'replaced' }])
		expect(notesAt('gpt-6-astra')).toMatchObject([{ field: 'thinking', action: 'dropped' }])
	})

	test('with reasoning off, sampling is allowed again', () => {
		expect(bodyOf({ ...off, temperature: 0.2 }, { model: 'gpt-5.2' })).toMatchObject({
			reasoning_effort: 'none',
			temperature: 0.2,
		})
	})
})

describe('structured output', () => {
	const strict = {
		type: 'object',
		properties: { a: { type: 'string' }, b: { type: 'array', items: { enum: [1, 2] } } },
		required: ['a', 'b'],
		additionalProperties: false,
	}
	const ask = (schema: object) => ({ output_config: { format: { type: 'json_schema', schema } } })

	test('is strict where the schema allows that', () => {
		expect(bodyOf(ask(strict)).response_format).toEqual({
			type: 'json_schema',
			json_schema: { name: 'answer', schema: strict, strict: true },
		})
	})

	test.each([
		{ ...strict, required: ['a'] },
		{ ...strict, additionalProperties: undefined },
		{ ...strict, properties: { ...strict.properties, a: { type: 'string', minLength: 2 } } },
		{ ...strict, properties: { ...strict.properties, b: { type: 'array', items: { type: 'object' } } } },
	])('is not strict for %j', schema => {
		const sent = bodyOf(ask(schema)).response_format?.json_schema
		expect(sent).not.toHaveProperty('strict')
		expect(sent?.schema).toEqual(JSON.parse(JSON.stringify(schema)))
	})

	test('is asked for in words where it is unknown', () => {
		const { body, notes } = convert(
			{ messages, system: 'Be brief.', ...ask(strict) },
			{ dialect: 'openaiold' },
		)
		expect(body).not.toHaveProperty('response_format')
		expect(body.messages[0]).toEqual({
			role: 'system',
			content: `Be brief.\n\nAnswer with JSON only, without any other text, matching this JSON Schema:\n${JSON.stringify(strict)}`,
		})
		expect(notes).toMatchObject([{ field: 'output_config.format', action: 'replaced' }])
	})
})
