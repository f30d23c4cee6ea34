import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { call, hello, readEvents } from '../support/call.ts'
import { startProxy, type TestProxy } from '../support/proxy.ts'
import { openStream } from '../support/streams.ts'
import {
	type ScriptedAnswer,
	type ScriptedUpstream,
	startAnthropicUpstream,
	startGeminiUpstream,
	startOpenAiUpstream,
	startResponsesUpstream,
} from '../support/upstreams/index.ts'

const types = [
	{ type: 'openai', model: 'gpt-4o', eventsToFirstText: 2, start: () => startOpenAiUpstream() },
	{
		type: 'openaiold',
		model: 'gpt-4o',
		eventsToFirstText: 2,
		start: () => startOpenAiUpstream({ compat: 'old' }),
	},
	{ type: 'responses', model: 'gpt-4o', eventsToFirstText: 5, start: () => startResponsesUpstream() },
	{ type: 'gemini', model: 'gemini-2.5-flash', eventsToFirstText: 1, start: () => startGeminiUpstream() },
	{ type: 'claude', model: 'claude-sonnet-5-5', eventsToFirstText: 4, start: () => startAnthropicUpstream() },
] as const

const settings = [
	...types.map(each => ({ ...each, adapter: 'node' as const })),
	...types
		.filter(({ type }) => type === 'openai' || type === 'claude')
		.map(each => ({ ...each, adapter: 'fetch' as const })),
]

describe.each(settings)('a stream of type $type through the $adapter adapter', setting => {
	const { type, model, eventsToFirstText, start, adapter } = setting
	let proxy: TestProxy
	let upstream: ScriptedUpstream
	const request = { ...hello, model, stream: true }

	beforeEach(async () => {
		;[proxy, upstream] = await Promise.all([startProxy({ REQUEST_TIMEOUT: '60000' }, adapter), start()])
		await proxy.use({ type, baseUrl: upstream.url })
	})
	afterEach(async () => {
		await Promise.all([proxy.close(), upstream.close()])
	})

	const textOf = (text: string) =>
		readEvents(text)
			.map(event => event.delta?.text ?? '')
			.join('')
	const typesOf = (text: string) => readEvents(text).map(event => event.type)

	test('the first text is delivered before the upstream has sent the second', async () => {
		const gate = upstream.gate()
		upstream.script({ text: ['first ', 'second'], gate })
		const reader = openStream(proxy.url, request)
		gate.release(eventsToFirstText)
		expect(await reader.until('first ')).toContain('first ')
		expect(await reader.until('first ')).not.toContain('second')
		gate.open()
		expect(await reader.rest()).toContain('second')
	})

	test('trap 30: a client that leaves stops the upstream, cools no key, and is recorded as cancelled', async () => {
		const gate = upstream.gate()
		upstream.script({ text: ['some ', 'more'], gate })
		const reader = openStream(proxy.url, request)
		gate.release(eventsToFirstText)
		await reader.until('some ')
		reader.leave()
		const abandoned = await upstream.waitForAbort()
		expect(abandoned.aborted).toBe(true)
		await proxy.services.requestLog.flush()
		const rows = await proxy.services.database.execute(
			"SELECT status, outcome, details ->> '$.t[0]' AS input_tokens FROM request_log",
		)
		expect(rows).toMatchObject([{ status: 499, outcome: 'cancelled' }])
		// Anthropic's first event tells the input tokens: what was used is recorded although the client left.
		if (type === 'claude') expect(rows[0]?.input_tokens).toBeGreaterThan(0)
		expect(await proxy.services.database.execute('SELECT * FROM key_states')).toEqual([])
	})

	const text = ['héllo ', '世界 ', '🎉 ', 'done']
	const oddities: [string, ScriptedAnswer][] = [
		['one byte at a time', { text, bytesPerWrite: 1 }],
		['seven bytes at a time', { text, bytesPerWrite: 7 }],
		['with CRLF', { text, crlf: true }],
		['with LF', { text, crlf: false }],
		['with keep-alive comments', { text, keepAliveComments: true }],
		['compressed with gzip', { text, encoding: 'gzip' }],
		['compressed with br', { text, encoding: 'br' }],
		['compressed with zstd', { text, encoding: 'zstd' }],
	]
	test.each(oddities)('%s arrives whole', async (_name, answer) => {
		upstream.script(answer)
		const { text: body, headers } = await call(proxy, request)
		expect(textOf(body)).toBe(text.join(''))
		expect(typesOf(body).slice(-2)).toEqual(['message_delta', 'message_stop'])
		expect(typesOf(body).filter(name => name === 'message_start')).toHaveLength(1)
		expect(headers.get('content-type')).toMatch(/^text\/event-stream/)
		expect(headers.get('content-encoding')).toBeNull()
	})

	test('cut off after text: an error event, no message_stop', async () => {
		upstream.script({ text: ['half ', 'lost'], cutAfterEvents: Math.max(4, eventsToFirstText) })
		const { text: body } = await call(proxy, request)
		expect(textOf(body)).toContain('half ')
		expect(typesOf(body).at(-1)).toBe('error')
		expect(typesOf(body)).not.toContain('message_stop')
	})

	test('closed without a finish: an error event, no message_stop', async () => {
		upstream.script({ text: ['half'], omitFinish: true, omitDone: true })
		const { text: body } = await call(proxy, request)
		expect(typesOf(body).at(-1)).toBe('error')
		expect(typesOf(body)).not.toContain('message_stop')
	})

	test('an answer of several megabytes arrives whole, though the client reads slowly', async () => {
		const large = Array.from({ length: 40 }, (_, index) => `${index}:${'x'.repeat(100_000)} `)
		upstream.script({ text: large })
		const reader = openStream(proxy.url, request)
		const body = await reader.rest()
		expect(textOf(body) === large.join('')).toBe(true)
	})

	test('usage comes with the last event', async () => {
		upstream.script({ text: 'x', usage: { input: 30, output: 7, cachedInput: 10 } })
		const { text: body } = await call(proxy, request)
		const events = readEvents(body)
		const { usage } = events.find(event => event.type === 'message_delta')!
		// A server that knows no stream_options reports nothing: then the count is estimated.
		if (type === 'openaiold') expect(usage).toMatchObject({ input_tokens: expect.any(Number) })
		else expect(usage).toMatchObject({ output_tokens: 7 })
		if (type === 'openai' || type === 'responses' || type === 'gemini') {
			expect(usage).toMatchObject({ input_tokens: 20, cache_read_input_tokens: 10 })
		}
	})
})

describe('JSON and streams in each other’s place', () => {
	let proxy: TestProxy
	let upstream: ScriptedUpstream
	beforeEach(async () => {
		;[proxy, upstream] = await Promise.all([startProxy(), startOpenAiUpstream()])
		await proxy.use({ type: 'openai', baseUrl: upstream.url })
	})
	afterEach(async () => {
		await Promise.all([proxy.close(), upstream.close()])
	})

	test('JSON where a stream was asked for becomes a stream', async () => {
		upstream.script({ text: 'whole', shape: 'json' })
		const { text } = await call(proxy, { ...hello, stream: true })
		expect(readEvents(text).at(-1)?.type).toBe('message_stop')
		expect(text).toContain('whole')
	})

	test.each([
		['a line each', '\n'],
		['a line each, with CRLF', '\r\n'],
	])('chunks as JSON, %s, become a stream', async (_name, lineEnd) => {
		const chunk = (delta: object, finish_reason: string | null = null) =>
			JSON.stringify({
				id: 'c',
				object: 'chat.completion.chunk',
				model: 'm',
				choices: [{ index: 0, delta, finish_reason }],
			})
		const lines = [chunk({ content: 'in ' }), chunk({ content: 'lines' }), chunk({}, 'stop'), '']
		upstream.script({
			rawChunks: lines.map(line => line + lineEnd),
			headers: { 'content-type': 'application/x-ndjson' },
		})
		const { text } = await call(proxy, { ...hello, stream: true })
		expect(
			readEvents(text)
				.map(event => event.delta?.text ?? '')
				.join(''),
		).toBe('in lines')
		expect(readEvents(text).at(-1)?.type).toBe('message_stop')
	})

	test('an event of many megabytes arrives whole', async () => {
		const long = 'x'.repeat(12 * 1024 * 1024)
		upstream.script({ text: [long] })
		const { text } = await call(proxy, { ...hello, stream: true })
		expect(
			readEvents(text)
				.map(event => event.delta?.text ?? '')
				.join('').length,
		).toBe(long.length)
	})

	test('a stream where JSON was asked for becomes JSON', async () => {
		upstream.script({ text: ['in ', 'pieces'], shape: 'stream' })
		const { body } = await call(proxy)
		expect(body.content).toEqual([{ type: 'text', text: 'in pieces' }])
	})

	test('of an Anthropic-compatible upstream too', async () => {
		const anthropic = await startAnthropicUpstream()
		await proxy.use({ type: 'claude', baseUrl: anthropic.url })
		const request = { ...hello, model: 'claude-sonnet-5-5' }
		anthropic.script({ text: 'whole', shape: 'json' }, { text: ['in ', 'pieces'], shape: 'stream' })
		const { text } = await call(proxy, { ...request, stream: true })
		expect(readEvents(text).at(-1)?.type).toBe('message_stop')
		expect(text).toContain('whole')
		const { body, headers } = await call(proxy, request)
		expect(headers.get('content-type')).toBe('application/json')
		expect(body.content).toMatchObject([{ type: 'text', text: 'in pieces' }])
		expect(body.stop_reason).toBe('end_turn')
		await anthropic.close()
	})

	test('an upstream that is silent for too long is given up', async () => {
		const quick = await startProxy({ REQUEST_TIMEOUT: '300' })
		await quick.use({ type: 'openai', baseUrl: upstream.url })
		upstream.script({ fault: 'hang' }, { text: ['a ', 'b'], stallAfterEvents: 2 })
		const silent = await call(quick)
		expect(silent.status).toBe(504)
		expect(silent.body.error).toMatchObject({
			type: 'timeout_error',
			message: expect.stringMatching(/silent/),
		})
		const stalled = await call(quick, { ...hello, stream: true })
		expect(readEvents(stalled.text).at(-1)).toMatchObject({ type: 'error', error: { type: 'timeout_error' } })
		await quick.close()
	})

	test('more requests at once than allowed are told to come back', { tags: ['own-counters'] }, async () => {
		const narrow = await startProxy({ MAX_CONCURRENT_REQUESTS: '1', MAX_QUEUED_REQUESTS: '0' })
		await narrow.use({ type: 'openai', baseUrl: upstream.url })
		const gate = upstream.gate()
		upstream.script({ text: 'slow', gate })
		const running = call(narrow)
		await upstream.waitForRequest()
		const refused = await call(narrow)
		expect(refused.status).toBe(529)
		expect(refused.body.error.type).toBe('overloaded_error')
		expect(refused.headers.get('retry-after')).toBe('5')
		gate.open()
		expect((await running).status).toBe(200)
		expect((await call(narrow)).status).toBe(200)
		await narrow.close()
	})
})
