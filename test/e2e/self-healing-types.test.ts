import { afterEach, describe, expect, test } from 'vitest'
import { call, hello, readEvents } from '../support/call.ts'
import { bodyOf, type HealingSetup, setUpHealing } from '../support/healing.ts'
import {
	startAnthropicUpstream,
	startGeminiUpstream,
	startOpenAiUpstream,
} from '../support/upstreams/index.ts'

let setup: HealingSetup

const setUp = async (...options: Parameters<typeof setUpHealing>): Promise<HealingSetup> => {
	setup = await setUpHealing(...options)
	return setup
}
afterEach(() => setup.close())

describe('OpenAI-compatible upstreams', () => {
	test('an old one that takes no stream_options', async () => {
		const { upstream, callTwice } = await setUp('openaiold', startOpenAiUpstream({ compat: 'old' }))
		const { first, counts } = await callTwice({ ...hello, stream: true })
		expect(counts).toEqual([2, 1])
		expect(readEvents(first.text).at(-1)).toMatchObject({ type: 'message_stop' })
		expect(bodyOf(upstream.requests[0])).toHaveProperty('stream_options')
		expect(bodyOf(upstream.requests[2])).not.toHaveProperty('stream_options')
	})

	test('an old one that takes stream_options keeps getting them, and tells the tokens', async () => {
		const { proxy, upstream } = await setUp(
			'openaiold',
			startOpenAiUpstream({ compat: 'old', streamOptions: true }),
		)
		upstream.script({ text: 'Hello', usage: { input: 7, output: 3 } })
		const answer = await call(proxy, { ...hello, stream: true })
		expect(upstream.requests).toHaveLength(1)
		expect(readEvents(answer.text).find(({ type }) => type === 'message_delta')).toMatchObject({
			usage: { input_tokens: 7, output_tokens: 3 },
		})
	})

	test('a reasoning model behind the older dialect wants max_completion_tokens', async () => {
		const { upstream, callTwice } = await setUp('openaiold', startOpenAiUpstream())
		const { second, counts } = await callTwice({ ...hello, model: 'gpt-5.1' })
		expect(counts).toEqual([2, 1])
		expect(second.status).toBe(200)
		expect(bodyOf(upstream.requests[2])).toHaveProperty('max_completion_tokens', 50)
	})

	test('a limit on the answer (trap 24)', async () => {
		const { proxy, upstream, callTwice, refuseWhen } = await setUp(
			'openaiold',
			startOpenAiUpstream({ models: ['deepseek-chat'] }),
		)
		refuseWhen(
			(body: { max_tokens: number }) => body.max_tokens > 8192,
			'Invalid max_tokens value, the valid range of max_tokens is [1, 8192]',
		)
		const { first, second, counts } = await callTwice({
			...hello,
			model: 'deepseek-chat',
			max_tokens: 32_000,
		})
		expect([first.status, second.status, ...counts]).toEqual([200, 200, 2, 1])
		expect(bodyOf(upstream.requests[2])).toMatchObject({ max_tokens: 8192 })
		await call(proxy, { ...hello, model: 'deepseek-chat', max_tokens: 100 })
		expect(bodyOf(upstream.requests[3])).toMatchObject({ max_tokens: 100 })
	})

	test('what a conversation leaves of the context is not taken for a limit of the model', async () => {
		const { proxy, upstream, refuseWhen, facts } = await setUp(
			'openai',
			startOpenAiUpstream({ models: ['qwen3'] }),
		)
		refuseWhen(
			(body: { max_completion_tokens: number }) => body.max_completion_tokens > 30_768,
			"'max_tokens' or 'max_completion_tokens' is too large: 32000. This model's maximum context length is 32768 tokens and your request has 2000 input tokens (32000 > 32768 - 2000).",
		)
		const answer = await call(proxy, { ...hello, model: 'qwen3', max_tokens: 32_000 })
		expect(answer.status).toBe(200)
		expect(bodyOf(upstream.requests[1])).toMatchObject({ max_completion_tokens: 30_768 })
		expect(await facts()).toEqual([])
	})

	test('an effort: the nearest that the model takes', async () => {
		const { upstream, callTwice } = await setUp('openai', startOpenAiUpstream({ models: ['gpt-5-house'] }))
		const body = { ...hello, model: 'gpt-5-house', output_config: { effort: 'minimal' } }
		const { second, counts } = await callTwice(body)
		expect([second.status, ...counts]).toEqual([200, 2, 1])
		const efforts = upstream.requests.map(request => bodyOf(request).reasoning_effort)
		expect(efforts).toEqual(['minimal', 'low', 'low'])
	})

	test('an effort where the model takes none', async () => {
		const { upstream, callTwice } = await setUp('openai', startOpenAiUpstream({ models: ['gpt-oss-9'] }))
		const body = { ...hello, model: 'gpt-oss-9', output_config: { effort: 'high' } }
		const { second, counts } = await callTwice(body)
		expect([second.status, ...counts]).toEqual([200, 2, 1])
		expect(bodyOf(upstream.requests[2])).not.toHaveProperty('reasoning_effort')
	})

	test('an image for a model that only reads (trap 13)', async () => {
		const { proxy, upstream, callTwice, refuseWhen } = await setUp('openai', startOpenAiUpstream())
		refuseWhen(
			body => JSON.stringify(body).includes('image_url'),
			'No endpoints found that support image input',
			404,
		)
		const source = { type: 'base64', media_type: 'image/png', data: 'iVBORw0KGgo=' }
		const content = [
			{ type: 'image', source },
			{ type: 'text', text: 'What is this?' },
		]
		const { first, counts } = await callTwice({ ...hello, messages: [{ role: 'user', content }] })
		expect(counts).toEqual([2, 1])
		expect(first.body.content[0].text).toMatch(
			/The image that belongs here could not be shown.*What is this\?/s,
		)
		await call(proxy)
		expect(bodyOf(upstream.requests[3]).messages).toEqual([{ role: 'user', content: 'Hi' }])
	})

	test('thinking that is wanted back beside tool calls (trap 10)', async () => {
		const { upstream, callTwice } = await setUp(
			'openai',
			startOpenAiUpstream({ reasoningContent: 'required' }),
		)
		const { second, counts } = await callTwice({
			...hello,
			messages: [
				{ role: 'user', content: 'Hi' },
				{
					role: 'assistant',
					content: [
						{ type: 'thinking', thinking: 'I need the tool.', signature: 'claude-proxy:none' },
						{ type: 'tool_use', id: 'call_1', name: 'f', input: {} },
					],
				},
				{ role: 'user', content: [{ type: 'tool_result', tool_use_id: 'call_1', content: 'done' }] },
			],
			tools: [{ name: 'f', input_schema: { type: 'object' } }],
		})
		expect([second.status, ...counts]).toEqual([200, 2, 1])
		expect(bodyOf(upstream.requests[2]).messages[1].reasoning_content).toBe('I need the tool.')
	})

	test('alternatives at the top level of a tool’s schema', async () => {
		const { upstream, callTwice } = await setUp('openai', startOpenAiUpstream())
		const inputSchema = {
			type: 'object',
			properties: { a: { type: 'string' } },
			anyOf: [{ properties: { b: { type: 'string' } } }, { required: ['a'] }],
		}
		const { second, counts } = await callTwice({
			...hello,
			tools: [{ name: 'f', input_schema: inputSchema }],
		})
		expect([second.status, ...counts]).toEqual([200, 2, 1])
		expect(bodyOf(upstream.requests[2]).tools[0].function.parameters).toEqual({
			type: 'object',
			properties: { a: { type: 'string' }, b: { type: 'string' } },
		})
	})
})

describe('Anthropic-compatible upstreams', () => {
	const haiku = { ...hello, model: 'claude-haiku-4-5' }

	test('a field that is not known, every other byte unchanged (trap 12)', async () => {
		const { upstream, callTwice } = await setUp('claude', startAnthropicUpstream())
		const text =
			'{"model":"claude-haiku-4-5", "context_management":{"edits":[]},"max_tokens":5e1,  "messages":[{"role":"user","content":"H\\u0069"}] }'
		const { first, second, counts } = await callTwice(text)
		expect([first.status, second.status, ...counts]).toEqual([200, 200, 2, 1])
		expect(upstream.requests[2]?.rawBody.toString()).toBe(
			'{"model":"claude-haiku-4-5","max_tokens":5e1,  "messages":[{"role":"user","content":"H\\u0069"}] }',
		)
	})

	test('a beta that is not known (trap 12)', async () => {
		const { upstream, callTwice } = await setUp('claude', startAnthropicUpstream())
		const headers = { 'anthropic-beta': 'claude-code-20250219,not-yet-2027-01-01' }
		const { first, counts } = await callTwice(haiku, headers)
		expect([first.status, ...counts]).toEqual([200, 2, 1])
		expect(upstream.requests.map(request => request.headers['anthropic-beta'])).toEqual([
			'claude-code-20250219,not-yet-2027-01-01',
			'claude-code-20250219',
			'claude-code-20250219',
		])
	})

	test('thinking that another upstream signed is repaired each time, and only then (trap 8)', async () => {
		const { upstream, callTwice, facts } = await setUp('claude', startAnthropicUpstream())
		const foreign = {
			...haiku,
			messages: [
				{ role: 'user', content: 'Hi' },
				{
					role: 'assistant',
					content: [
						{ type: 'thinking', thinking: 'hm', signature: 'Zm9yZWlnbg==' },
						{ type: 'text', text: 'Hello' },
					],
				},
				{ role: 'user', content: 'Go on' },
			],
		}
		const { first, second, counts } = await callTwice(foreign)
		expect([first.status, second.status, ...counts]).toEqual([200, 200, 2, 2])
		expect(bodyOf(upstream.requests[1]).messages[1].content).toEqual([{ type: 'text', text: 'Hello' }])
		expect(await facts()).toEqual([])
	})

	test('thinking of another upstream in the turn whose tools are answered: thinking is off this once', async () => {
		const { proxy, upstream } = await setUp('claude', startAnthropicUpstream())
		const answer = await call(proxy, {
			...haiku,
			max_tokens: 3000,
			thinking: { type: 'enabled', budget_tokens: 2000 },
			tools: [{ name: 'f', input_schema: { type: 'object' } }],
			messages: [
				{ role: 'user', content: 'Hi' },
				{
					role: 'assistant',
					content: [
						{ type: 'thinking', thinking: 'hm', signature: 'Zm9yZWlnbg==' },
						{ type: 'tool_use', id: 'toolu_1', name: 'f', input: {} },
					],
				},
				{ role: 'user', content: [{ type: 'tool_result', tool_use_id: 'toolu_1', content: 'done' }] },
			],
		})
		expect(answer.status).toBe(200)
		expect(upstream.requests).toHaveLength(2)
		expect(bodyOf(upstream.requests[1])).not.toHaveProperty('thinking')
	})

	test('a mapped model that thinks otherwise, writes less and samples no more', async () => {
		const { upstream, callTwice } = await setUp('claude', startAnthropicUpstream())
		const body = { ...hello, model: 'claude-opus-5', max_tokens: 200_000, temperature: 0.5, stream: true }
		const { first, second, counts } = await callTwice(body)
		expect(counts).toEqual([3, 1])
		for (const { text } of [first, second]) expect(text).toContain('message_stop')
		expect(bodyOf(upstream.requests[3])).toMatchObject({ max_tokens: 128_000 })
		expect(bodyOf(upstream.requests[3])).not.toHaveProperty('temperature')
	})

	test('a reminder of role system where only two roles are known (trap 11)', async () => {
		const { upstream, callTwice } = await setUp('claude', startAnthropicUpstream())
		const messages = [
			{ role: 'user', content: 'Hi' },
			{ role: 'system', content: 'Be brief.' },
		]
		const { second, counts } = await callTwice({ ...haiku, messages })
		expect([second.status, ...counts]).toEqual([200, 2, 1])
		expect(bodyOf(upstream.requests[2]).messages[1]).toEqual({
			role: 'user',
			content: '<system-reminder>\nBe brief.\n</system-reminder>',
		})
	})
})

describe('Gemini upstreams', () => {
	test('a budget where the model knows none', async () => {
		const { upstream, callTwice, refuseWhen } = await setUp('gemini', startGeminiUpstream())
		refuseWhen(
			body => JSON.stringify(body).includes('thinkingBudget'),
			'Thinking budget is not supported for this model. Please use thinking level instead.',
		)
		const thinking = { type: 'enabled', budget_tokens: 2000 }
		const body = { ...hello, model: 'gemini-2.5-flash', max_tokens: 4000, thinking }
		const { first, counts } = await callTwice(body)
		expect([first.status, ...counts]).toEqual([200, 2, 1])
		expect(bodyOf(upstream.requests[2]).generationConfig.thinkingConfig).toEqual({ includeThoughts: true })
	})

	test('a model of an unknown name that wants its signatures back (trap 9)', async () => {
		const { callTwice } = await setUp('gemini', startGeminiUpstream({ models: ['house-model'] }))
		const { second, counts } = await callTwice({
			...hello,
			model: 'house-model',
			tools: [{ name: 'f', input_schema: { type: 'object', properties: { a: { type: 'string' } } } }],
			messages: [
				{ role: 'user', content: 'Hi' },
				{ role: 'assistant', content: [{ type: 'tool_use', id: 'call_1', name: 'f', input: {} }] },
				{ role: 'user', content: [{ type: 'tool_result', tool_use_id: 'call_1', content: 'done' }] },
			],
		})
		expect([second.status, ...counts]).toEqual([200, 2, 1])
	})
})
