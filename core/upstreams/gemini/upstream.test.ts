import { readdirSync, readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type ScriptedUpstream, startGeminiUpstream } from '../../../test/support/upstreams/index.ts'
import { countTokensRequestSchema, messageRequestSchema } from '../../messages/request.ts'
import { createSseParser } from '../../messages/sse-parser.ts'
import type { OutgoingRequest } from '../contract.ts'
import { RequestRefused } from '../contract.ts'
import { gemini } from './index.ts'
import { findIllegalEvent, type Outcome, readJson, readStream } from './testing.ts'

const folder = new URL('../../../test/fixtures/captures/', import.meta.url)
const captures = readdirSync(folder).map(file => ({
	file,
	body: JSON.parse(readFileSync(new URL(file, folder), 'utf8')).body as Record<string, unknown>,
}))
const models = [
	'gemini-2.5-flash',
	'gemini-2.5-pro',
	'gemini-2.5-flash-lite',
	'gemini-3-pro-preview',
	'gemini-3.7-flash',
]

let upstream: ScriptedUpstream
beforeAll(async () => {
	upstream = await startGeminiUpstream({ keys: ['AIza-good'] })
})
afterAll(() => upstream.close())

const target = () => ({ baseUrl: upstream.url, authStyle: 'auto', extraHeaders: {} }) as const

async function send(
	outgoing: OutgoingRequest,
	key = 'AIza-good',
): Promise<{ status: number; bytes: Uint8Array }> {
	const { method, url, body } = outgoing
	const headers = { ...outgoing.headers, ...gemini.authHeaders(key, target()) }
	const response = await fetch(url, { method, headers, ...(body !== undefined && { body: body as string }) })
	return { status: response.status, bytes: new Uint8Array(await response.arrayBuffer()) }
}

/** One turn through the adapter, over a real socket. */
async function ask(body: Record<string, unknown>, model: string, stream: boolean): Promise<Outcome> {
	const request = messageRequestSchema.parse({ model: 'claude', max_tokens: 1000, ...body })
	const { outgoing, toolNames } = gemini.buildRequest({ request, model, target: target(), stream })
	const { status, bytes } = await send(outgoing)
	const text = new TextDecoder().decode(bytes)
	expect([status, status === 200 ? '' : text]).toEqual([200, ''])
	const context = { toolNames, stopSequences: request.stop_sequences ?? [] }
	if (!stream) return readJson(JSON.parse(text), context)
	const chunks: string[] = []
	const parser = createSseParser(
		data => void chunks.push(data),
		message => expect.fail(message),
	)
	for (const byte of bytes) parser.feed(Uint8Array.of(byte))
	parser.end()
	return readStream(chunks, context)
}

describe('a Gemini API that refuses what Google’s refuses', () => {
	const messages = captures.filter(({ body }) => !body.thread && body.max_tokens !== undefined)

	test.each(messages.flatMap(({ file, body }) => models.map(model => [file, model, body] as const)))(
		'takes %s as %s',
		async (_file, model, body) => {
			const { message, events } = await ask(body, model, body.stream === true)
			expect(message?.stop_reason).toBe('end_turn')
			expect(findIllegalEvent(events)).toBeUndefined()
		},
	)

	test.each(captures.map(({ file, body }) => [file, body] as const))(
		'counts the tokens of %s',
		async (_file, body) => {
			const request = countTokensRequestSchema.parse(body)
			const counter = gemini.countTokens
			const outgoing = counter?.buildRequest({ request, model: 'gemini-3.7-flash', target: target() })
			const { status, bytes } = await send(outgoing as OutgoingRequest)
			expect(status).toBe(200)
			expect(counter?.readResponse(JSON.parse(new TextDecoder().decode(bytes)))).toBeGreaterThan(0)
		},
	)

	test('never sees the tool runner’s thread', () => {
		const thread = captures.find(({ body }) => body.thread)
		const request = messageRequestSchema.parse(thread?.body)
		const input = { request, model: 'gemini-2.5-pro', target: target(), stream: false }
		expect(() => gemini.buildRequest(input)).toThrow(RequestRefused)
	})
})

describe('a conversation with tools', () => {
	const tools = [
		{
			name: 'get_weather',
			description: 'weather',
			input_schema: {
				type: 'object',
				properties: { city: { type: 'string' }, more: { type: 'object' } },
				required: ['city'],
			},
		},
		{ name: `mcp__${'long_'.repeat(14)}name`, input_schema: { type: 'object', properties: {} } },
	]
	const thinking = { thinking: { type: 'enabled', budget_tokens: 600 } }

	test.each(models.flatMap(model => [true, false].map(stream => [model, stream] as const)))(
		'trap A9: %s (stream: %s) gets its thought signatures back',
		async (model, stream) => {
			const longName = tools[1]?.name ?? ''
			const start = { ...thinking, tools, messages: [{ role: 'user', content: 'Weather in Oslo?' }] }
			upstream.script({ text: 'nothing' })
			await ask(start, model, stream)
			const sentName = JSON.parse(upstream.requests.at(-1)?.rawBody.toString() ?? '{}').tools[0]
				.functionDeclarations[1].name
			upstream.script({
				thinking: 'I should look.',
				text: 'Looking.',
				toolCalls: [{ name: 'get_weather', args: { city: 'Oslo' } }, { name: sentName }],
			})
			const first = await ask(start, model, stream)
			expect(first.message?.stop_reason).toBe('tool_use')
			const calls = first.message?.content.filter(block => block.type === 'tool_use') ?? []
			expect(calls.map(({ name, input }) => [name, input])).toEqual([
				['get_weather', { city: 'Oslo' }],
				[longName, {}],
			])

			upstream.script({ text: 'Rain.' })
			const results = calls.map(({ id }) => ({ type: 'tool_result', tool_use_id: id, content: 'rain' }))
			const history = [
				...start.messages,
				{ role: 'assistant', content: first.message?.content },
				{ role: 'user', content: results.reverse() },
			]
			const second = await ask({ ...start, messages: history }, model, stream)
			expect(second.message?.content.at(-1)).toEqual({ type: 'text', text: 'Rain.' })
			const sent = upstream.requests.at(-1)?.rawBody.toString() ?? ''
			// Gemini 2.5 made none here, and gets none.
			expect(sent.includes('"thoughtSignature"')).toBe(model.startsWith('gemini-3'))
			expect(sent).not.toContain('skip_thought_signature_validator')
			expect(sent).not.toContain('claude-proxy:')
		},
	)

	test('a search with sources', async () => {
		upstream.script({
			text: 'Rain in Oslo.',
			citations: [{ url: 'https://a.test', title: 'A' }],
		})
		const search = [{ type: 'web_search_20250305', name: 'web_search' }]
		const body = { tools: search, messages: [{ role: 'user', content: 'Weather?' }] }
		const { message } = await ask(body, 'gemini-2.5-flash', true)
		const [text] = message?.content ?? []
		expect(text).toMatchObject({ text: 'Rain in Oslo.', citations: [{ url: 'https://a.test', title: 'A' }] })
	})
})

describe('Google’s own faults', () => {
	test.each([
		['invalidKey', 'auth'],
		['rateLimit', 'rate_limit'],
		['quota', 'quota'],
		['overloaded', 'server'],
		['serverError', 'server'],
	] as const)('%s is of class %s', (name, expected) => {
		const { status, body } = upstream.faults[name]
		expect(gemini.readFailure({ status, headers: {}, body: JSON.stringify(body) }).class).toBe(expected)
	})

	test('a wrong key', async () => {
		const { status, bytes } = await send(gemini.probe(target()), 'AIza-wrong')
		const failure = gemini.readFailure({ status, headers: {}, body: new TextDecoder().decode(bytes) })
		expect(failure.class).toBe('auth')
		expect((await send(gemini.probe(target()))).status).toBe(200)
	})
})
