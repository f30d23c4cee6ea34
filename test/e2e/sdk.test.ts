import { readdirSync, readFileSync } from 'node:fs'
import Anthropic from '@anthropic-ai/sdk'
import { betaZodTool } from '@anthropic-ai/sdk/helpers/beta/zod'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { call } from '../support/call.ts'
import { accessKey, startProxy, type TestProxy } from '../support/proxy.ts'
import {
	type ScriptedUpstream,
	startAnthropicUpstream,
	startGeminiUpstream,
	startOpenAiUpstream,
	startResponsesUpstream,
} from '../support/upstreams/index.ts'

const key = 'sk-test-key-0123456789'

const types = [
	{ type: 'openai', model: 'gpt-5.1', start: () => startOpenAiUpstream({ keys: [key] }) },
	{
		type: 'openaiold',
		model: 'qwen-max',
		start: () => startOpenAiUpstream({ keys: [key], compat: 'old', streamOptions: true }),
	},
	{ type: 'responses', model: 'gpt-5.4', start: () => startResponsesUpstream({ keys: [key] }) },
	{ type: 'gemini', model: 'gemini-3-pro-preview', start: () => startGeminiUpstream({ keys: [key] }) },
	{
		type: 'claude',
		model: 'claude-opus-5-5',
		start: () => startAnthropicUpstream({ keys: [key], acceptsSignature: () => true }),
	},
] as const

const captures = new URL('../fixtures/captures/', import.meta.url)

/** Real clients' requests; the one that opens a message thread is looked at by itself. */
const captured = readdirSync(captures)
	.filter(name => !/count-tokens|thread/.test(name))
	.map(name => ({ name, ...JSON.parse(readFileSync(new URL(name, captures), 'utf8')) }))

describe.each(types)('the Anthropic SDK over an upstream of type $type', ({ type, model, start }) => {
	let proxy: TestProxy
	let upstream: ScriptedUpstream
	let client: Anthropic

	beforeEach(async () => {
		;[proxy, upstream] = await Promise.all([startProxy(), start()])
		const modelMap: Record<string, string> =
			type === 'claude' ? {} : { opus: model, sonnet: model, haiku: model }
		await proxy.use({ type, baseUrl: upstream.url, modelMap }, [key])
		client = new Anthropic({ baseURL: proxy.url, apiKey: accessKey, maxRetries: 0 })
	})
	afterEach(async () => {
		await Promise.all([proxy.close(), upstream.close()])
	})

	const ask = {
		model: 'claude-opus-5-5',
		max_tokens: 100,
		messages: [{ role: 'user' as const, content: 'Hi' }],
	}

	test('create', async () => {
		upstream.script({ text: 'Hello there', usage: { input: 20, output: 5 } })
		const message = await client.messages.create(ask)
		expect(message.content.at(-1)).toMatchObject({ type: 'text', text: 'Hello there' })
		expect(message.stop_reason).toBe('end_turn')
		expect(message.model).toBe('claude-opus-5-5')
		expect(message.usage).toMatchObject({ input_tokens: 20, output_tokens: 5 })
	})

	test('stream', async () => {
		upstream.script({ text: ['Hel', 'lo'] })
		const stream = client.messages.stream(ask)
		const texts: string[] = []
		stream.on('text', delta => texts.push(delta))
		const message = await stream.finalMessage()
		expect(texts).toEqual(['Hel', 'lo'])
		expect(message.content.at(-1)).toMatchObject({ type: 'text', text: 'Hello' })
		expect(message.stop_reason).toBe('end_turn')
	})

	test.each([false, true])(
		'toolRunner works through parallel calls and a second turn (stream %s)',
		async stream => {
			const thinking = type === 'openaiold' ? {} : { thinking: 'Both cities.' }
			upstream.script(
				{
					...thinking,
					toolCalls: [
						{ name: 'get_weather', args: { city: 'Oslo' } },
						{ name: 'get_weather', args: { city: '上海' } },
					],
				},
				{ toolCalls: [{ name: 'list_alerts' }] },
				{ text: 'Sunny in both.' },
			)
			const asked: string[] = []
			const weather = betaZodTool({
				name: 'get_weather',
				description: 'Current weather',
				inputSchema: z.object({ city: z.string() }),
				run: ({ city }) => {
					asked.push(city)
					return `sunny in ${city}`
				},
			})
			const alerts = betaZodTool({
				name: 'list_alerts',
				description: 'Alerts',
				inputSchema: z.object({}),
				run: () => 'none',
			})
			const runner = client.beta.messages.toolRunner({
				...ask,
				stream,
				tools: [weather, alerts],
			} as Parameters<typeof client.beta.messages.toolRunner>[0])
			const message = (await runner.runUntilDone()) as Anthropic.Beta.BetaMessage
			expect(asked).toEqual(['Oslo', '上海'])
			expect(message.content.at(-1)).toMatchObject({ type: 'text', text: 'Sunny in both.' })
			const refused = upstream.requests.flatMap(({ refused }) => (refused ? [refused.message] : []))
			// A thread is refused once; the SDK then goes on without.
			expect(refused.filter(message => !/thread/.test(message))).toEqual([])
		},
	)

	test.each([
		[400, Anthropic.BadRequestError],
		[401, Anthropic.AuthenticationError],
		[403, Anthropic.PermissionDeniedError],
		[404, Anthropic.NotFoundError],
		[422, Anthropic.UnprocessableEntityError],
		[429, Anthropic.RateLimitError],
		[500, Anthropic.InternalServerError],
		[529, Anthropic.InternalServerError],
	])('an upstream’s %i is an error of its class, streamed or not', async (status, errorClass) => {
		upstream.keyFaults.set(key, { status, body: { error: { message: `status ${status}` } } })
		await expect(client.messages.create(ask)).rejects.toThrow(errorClass)
		await expect(client.messages.stream(ask).finalMessage()).rejects.toThrow(errorClass)
	})

	test('an error in the middle of a stream is an error of the SDK', async () => {
		upstream.script({ text: ['some ', 'text'], errorAfterEvents: 4 })
		await expect(client.messages.stream(ask).finalMessage()).rejects.toThrow(Anthropic.APIError)
	})

	test.each(captured)('what a real client sent is accepted: $name', async ({ body, query, headers }) => {
		const path = `/v1/messages${query ? `?${new URLSearchParams(query)}` : ''}`
		const answer = await call(proxy, body, {
			path,
			headers: { 'anthropic-beta': headers?.['anthropic-beta'] ?? '' },
		})
		const refused = upstream.requests.flatMap(({ refused }) => (refused ? [refused.message] : []))
		expect(refused).toEqual([])
		expect(answer.status).toBe(200)
	})

	test('the requests that the original system’s users send work as written', async () => {
		const seedModel = type === 'claude' ? 'claude-opus-5-5' : 'claude-3-5-sonnet-20241022'
		const tools = [
			{
				type: 'function',
				function: {
					name: 'get_weather',
					description: 'Get weather information',
					parameters: {
						type: 'object',
						properties: { location: { type: 'string', description: 'The city name' } },
					},
				},
			},
		]
		const messages = [{ role: 'user', content: "What's the weather like in Shanghai?" }]
		const input = { location: 'Shanghai' }
		upstream.script({ toolCalls: [{ name: 'get_weather', args: input }] }, { text: ['Once ', 'upon'] })
		const called = await call(proxy, { model: seedModel, max_tokens: 1000, tools, messages })
		expect(called.body).toMatchObject({ type: 'message', role: 'assistant', stop_reason: 'tool_use' })
		expect(called.body.content.at(-1)).toMatchObject({ type: 'tool_use', name: 'get_weather', input })
		const told = await call(proxy, {
			...{ model: seedModel, max_tokens: 1000, stream: true },
			messages: [{ role: 'user', content: 'Tell me a story' }],
		})
		expect(told.headers.get('content-type')).toMatch(/^text\/event-stream/)
		expect(told.text).toContain('"text":"Once "')
	})
})
