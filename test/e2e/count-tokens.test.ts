import { readFileSync } from 'node:fs'
import Anthropic from '@anthropic-ai/sdk'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { askAdmin } from '../support/admin.ts'
import { type Called, call, readEvents } from '../support/call.ts'
import { accessKey, startProxy, type TestProxy } from '../support/proxy.ts'
import { upstreamCases } from '../support/upstream-types.ts'
import {
	type Fault,
	type ScriptedUpstream,
	startAnthropicUpstream,
	startGeminiUpstream,
	startOpenAiUpstream,
} from '../support/upstreams/index.ts'

const keys = ['sk-first-key-0123456789', 'sk-second-key-012345678'] as const
const [first, second] = keys
const path = '/v1/messages/count_tokens'
const tools = [{ name: 'find', description: 'Finds a ship.', input_schema: { type: 'object' as const } }]

let proxy: TestProxy
let upstream: ScriptedUpstream

async function setUp(type: string, started: Promise<ScriptedUpstream>, more = {}): Promise<void> {
	;[proxy, upstream] = await Promise.all([startProxy(), started])
	await proxy.use({ type, baseUrl: upstream.url, ...more }, [...keys])
}

afterEach(async () => {
	await Promise.all([proxy.close(), upstream.close()])
})

const count = (body: unknown, init: Parameters<typeof call>[2] = {}): Promise<Called> =>
	call(proxy, body, { path, ...init })
const sourceOf = ({ headers }: Called) => headers.get('x-claude-proxy-token-count')
const ask = (model: string, content: unknown = 'How many ships left port?') => ({
	model,
	messages: [{ role: 'user', content }],
})

/** What is stored about the keys: nothing may have been learnt by counting. */
async function readKeys() {
	await proxy.services.config.flush()
	const config = await proxy.repository.read()
	return config.upstreams[0]?.keys.map(({ mask, state }) => ({ end: mask.slice(-4), state }))
}
const untouched = keys.map(key => ({ end: key.slice(-4), state: [] }))

describe.each(upstreamCases)('over an upstream of type $type', ({ type, model, start }) => {
	beforeEach(() => setUp(type, start(keys)))

	test('the SDK gets a count; upstreams without a counter are not asked', async () => {
		const client = new Anthropic({ baseURL: proxy.url, apiKey: accessKey, maxRetries: 0 })
		const messages = [{ role: 'user' as const, content: 'How many ships left port?' }]
		const small = await client.messages.countTokens({ model, messages })
		const large = await client.messages.countTokens({
			model,
			messages,
			tools,
			system: 'Be brief. '.repeat(50),
		})
		expect(small.input_tokens).toBeGreaterThan(5)
		expect(large.input_tokens).toBeGreaterThan(small.input_tokens + 100)
		const counts = type === 'claude' || type === 'gemini'
		expect(upstream.requests.map(({ refused }) => refused)).toEqual(counts ? [undefined, undefined] : [])
		const { headers } = await count(ask(model))
		expect(headers.get('x-claude-proxy-token-count')).toBe(counts ? 'upstream' : 'estimate')
		expect(headers.get('request-id')).toMatch(/^req_/)
	})

	test('25 at once, as /context of Claude Code asks (clients §1)', async () => {
		const captured = new URL('../fixtures/captures/cc-2.1.330-count-tokens.json', import.meta.url)
		const { body } = JSON.parse(readFileSync(captured, 'utf8'))
		const request = { ...body, model }
		const answers = await Promise.all(
			Array.from({ length: 25 }, () =>
				count(request, { path: `${path}?beta=true`, headers: { authorization: `Bearer ${accessKey}` } }),
			),
		)
		expect(answers.map(({ status }) => status)).toEqual(new Array(25).fill(200))
		expect(new Set(answers.map(({ text }) => text)).size).toBe(1)
		expect(answers[0]?.body).toEqual({ input_tokens: expect.any(Number) })
		expect(await readKeys()).toEqual(untouched)
	})

	test('an upstream that is gone does not stop the count', async () => {
		await upstream.close()
		const answer = await count(ask(model))
		expect(answer.status).toBe(200)
		expect(answer.body.input_tokens).toBeGreaterThan(5)
		expect(sourceOf(answer)).toBe('estimate')
		expect(await readKeys()).toEqual(untouched)
	})

	test.each([
		['{"model": "m", "messages": [', /not valid JSON/],
		['[]', /object/],
		[{ messages: [] }, /model/],
		[{ model: '', messages: [{ role: 'user', content: 'x' }] }, /^model: /],
		[{ model: 'm' }, /^messages: Field required/],
		[{ model: 'm', messages: 'x' }, /^messages: /],
	])('%j is refused with a clear 400', async (body, message) => {
		const answer = await count(body)
		expect(answer.status).toBe(400)
		expect(answer.body).toEqual({
			type: 'error',
			error: { type: 'invalid_request_error', message: expect.stringMatching(message) },
			request_id: answer.headers.get('request-id'),
		})
		expect(upstream.requests).toEqual([])
	})
})

describe('an Anthropic-compatible upstream', () => {
	const model = 'claude-haiku-4-5'
	beforeEach(() => setUp('claude', startAnthropicUpstream({ keys })))

	test('gets the request byte for byte, and its answer comes back byte for byte', async () => {
		const body =
			'{ "messages":[{"content":"H\\u0069","role":"user"}],\n\t"model" : "claude-haiku-4-5","new_field":1e1 }'
		upstream.scriptRoute('countTokens', {
			fault: {
				status: 200,
				body: '{"input_tokens": 4242, "context_management":{"original_input_tokens":9}}',
			},
		})
		const answer = await count(body, {
			path: `${path}?beta=true`,
			headers: { 'anthropic-beta': 'token-counting-2024-11-01', cookie: 'a=b', 'x-forwarded-for': '1.2.3.4' },
		})
		expect(answer.text).toBe('{"input_tokens": 4242, "context_management":{"original_input_tokens":9}}')
		const [request] = upstream.requests
		expect(request?.path).toBe(path)
		expect(request?.query).toEqual({ beta: 'true' })
		expect(request?.key).toBe(first)
		expect(request?.headers).toMatchObject({
			...{ 'anthropic-version': '2023-06-01', 'anthropic-beta': 'token-counting-2024-11-01' },
		})
		expect(request?.headers).not.toHaveProperty('cookie')
		expect(request?.headers).not.toHaveProperty('x-forwarded-for')
		expect(request?.headers['x-api-key']).not.toBe(accessKey)
	})

	test('is asked for the mapped model, and every other byte stays', async () => {
		await proxy.use({ type: 'claude', baseUrl: upstream.url, modelMap: { opus: model } }, [...keys])
		await count('{"model": "claude-opus-5-5" ,"messages":[{"role":"user","content":"H\\u0069"}] }')
		expect(upstream.requests[0]?.rawBody.toString()).toBe(
			`{"model": "${model}" ,"messages":[{"role":"user","content":"H\\u0069"}] }`,
		)
	})

	test('its 400 about the request comes back with its words', async () => {
		const answer = await count({ ...ask(model), thinking: { type: 'enabled', budget_tokens: 'many' } })
		expect(answer.status).toBe(400)
		expect(answer.body).toMatchObject({ type: 'error', error: { type: 'invalid_request_error' } })
		expect(answer.body.error.message).toContain('budget_tokens')
		expect(answer.body.request_id).toBe(answer.headers.get('request-id'))
	})

	test('a beta that it does not know is left out, as messages would', async () => {
		const betas = 'token-counting-2024-11-01,never-heard-of-2030-01-01'
		const answer = await count(ask(model), { headers: { 'anthropic-beta': betas } })
		expect([answer.status, sourceOf(answer)]).toEqual([200, 'upstream'])
		expect(upstream.requests.map(({ headers }) => headers['anthropic-beta'])).toEqual([
			betas,
			'token-counting-2024-11-01',
		])
	})

	test('an answer that was under way when a count was first estimated stays the success that it is', async () => {
		const recording = { mode: 'off', maxKb: 64, days: 7 }
		expect((await askAdmin(proxy, 'PATCH', '/settings', { recording })).status).toBe(200)
		const gate = upstream.gate()
		upstream.script({ text: ['first ', 'second'], gate })
		upstream.scriptRoute('countTokens', { fault: { status: 404, body: {} } })
		const answering = call(proxy, { ...ask(model), max_tokens: 100, stream: true })
		gate.release(5)
		await gate.blocked()
		expect(sourceOf(await count(ask(model)))).toBe('estimate')
		gate.open()
		expect((await answering).status).toBe(200)
		await proxy.services.requestLog.flush()
		const rows = await proxy.services.database.execute('SELECT status, outcome FROM request_log')
		expect(rows).toEqual([{ status: 200, outcome: 'ok' }])
	})

	const faults: [string, Fault][] = [
		['404', { status: 404, body: { error: { message: 'Invalid URL (POST /v1/messages/count_tokens)' } } }],
		['405', { status: 405, body: 'Method Not Allowed' }],
		[
			'a 400 that names the endpoint',
			{ status: 400, body: { error: { message: 'count_tokens is not supported' } } },
		],
		['500', { status: 500, body: { error: { message: 'broken' } } }],
		['529', { status: 529, body: { error: { message: 'overloaded' } } }],
		['a web page', 'html'],
		['nothing', 'empty'],
		['a reset', 'reset'],
		['JSON without a count', { status: 200, body: { tokens: 5 } }],
		['a count that cannot be', { status: 200, body: { input_tokens: -1 } }],
	]
	test.each(faults)('%s in place of a count: an estimate', async (_name, fault) => {
		upstream.scriptRoute('countTokens', { fault })
		const answer = await count(ask(model))
		expect([answer.status, sourceOf(answer)]).toEqual([200, 'estimate'])
		expect(answer.body.input_tokens).toBeGreaterThan(5)
		expect(upstream.requests).toHaveLength(1)
		expect(await readKeys()).toEqual(untouched)
	})

	test('silence in place of a count: an estimate', async () => {
		await proxy.use({ type: 'claude', baseUrl: upstream.url, timeoutMs: 200 }, [...keys])
		upstream.scriptRoute('countTokens', { fault: 'hang' })
		expect(sourceOf(await count(ask(model)))).toBe('estimate')
	})

	test('a client that leaves takes its call with it', async () => {
		upstream.scriptRoute('countTokens', { fault: 'hang' })
		const gone = new AbortController()
		const counted = count(ask(model), { signal: gone.signal }).catch(error => error)
		await upstream.waitForRequest()
		gone.abort()
		await upstream.waitForAbort()
		expect(await counted).toMatchObject({ name: 'AbortError' })
	})

	const keyFaults: [string, Fault][] = [
		['401', { status: 401, body: { error: { message: 'invalid x-api-key' } } }],
		['403', { status: 403, body: { error: { message: 'forbidden' } } }],
		['402', { status: 402, body: { error: { message: 'pay' } } }],
		['429', { status: 429, body: { error: { message: 'slow down' } } }],
		['a 400 about credit', { status: 400, body: { error: { message: 'Your credit balance is too low' } } }],
	]
	test.each(keyFaults)(
		'%s of one key: the next key counts, and nothing is remembered',
		async (_name, fault) => {
			upstream.keyFaults.set(first, fault)
			const answer = await count(ask(model))
			expect([answer.status, sourceOf(answer)]).toEqual([200, 'upstream'])
			expect(upstream.requests.map(({ key }) => key)).toEqual([first, second])
			expect(await readKeys()).toEqual(untouched)

			upstream.keyFaults.clear()
			await call(proxy, { ...ask(model), max_tokens: 50 })
			expect(upstream.requests.at(-1)?.key).toBe(first)
		},
	)

	test('no key can count: an estimate, and nothing is remembered', async () => {
		for (const key of keys) upstream.keyFaults.set(key, { status: 401, body: { error: { message: 'no' } } })
		expect(sourceOf(await count(ask(model)))).toBe('estimate')
		expect(upstream.requests).toHaveLength(2)
		expect(await readKeys()).toEqual(untouched)
	})

	test('a count does not clear what messages learnt of a key', async () => {
		upstream.script({ fault: { status: 500, body: { error: { message: 'broken' } } } })
		upstream.script({ fault: { status: 500, body: { error: { message: 'broken' } } } })
		await call(proxy, { ...ask(model), max_tokens: 50 })
		const before = await readKeys()
		expect(before?.map(({ state }) => state[0]?.streak)).toEqual([1, 1])
		expect(sourceOf(await count(ask(model)))).toBe('upstream')
		expect(await readKeys()).toEqual(before)
	})

	test('where it cannot count, its answers’ usage corrects the estimate', async () => {
		const body = ask(model, 'The harbour master kept two ledgers. '.repeat(400))
		upstream.onRequest = () => ({ text: 'Yes', usage: { input: 5500, output: 5 } })
		const countOnce = async () => {
			upstream.scriptRoute('countTokens', { fault: { status: 404, body: {} } })
			return (await count(body)).body.input_tokens as number
		}
		const before = await countOnce()
		for (let times = 0; times < 8; times++) await call(proxy, { ...body, max_tokens: 50 })
		await proxy.settle()
		const after = await countOnce()
		expect(Math.abs(after - 5500)).toBeLessThan(Math.abs(before - 5500) / 4)
	})
})

describe('a Gemini upstream', () => {
	const model = 'gemini-2.5-flash'
	beforeEach(() => setUp('gemini', startGeminiUpstream({ keys })))

	test('counts system prompt and tools too', async () => {
		upstream.scriptRoute('countTokens', { fault: { status: 200, body: { totalTokens: 77 } } })
		const answer = await count({ ...ask(model), system: 'Be brief.', tools })
		expect(answer.body).toEqual({ input_tokens: 77 })
		expect(upstream.requests[0]?.path).toBe(`/v1beta/models/${model}:countTokens`)
		expect(upstream.requests[0]?.body).toMatchObject({
			generateContentRequest: { systemInstruction: expect.anything(), tools: expect.anything() },
		})
	})

	test.each([
		['404', { status: 404, body: '' }],
		['400', { status: 400, body: { error: { code: 400, message: 'no', status: 'INVALID_ARGUMENT' } } }],
		['500', { status: 500, body: {} }],
		['a web page', 'html'],
	] as [string, Fault][])('%s in place of a count: an estimate', async (_name, fault) => {
		upstream.scriptRoute('countTokens', { fault })
		expect(sourceOf(await count(ask(model)))).toBe('estimate')
		expect(await readKeys()).toEqual(untouched)
	})
})

describe('an upstream without a counter', () => {
	const model = 'gpt-4o'
	beforeEach(() => setUp('openai', startOpenAiUpstream({ keys })))
	const body = ask(model, 'The harbour master kept two ledgers. '.repeat(400))

	test('its answers’ usage corrects the estimate, in message_start too (trap 27)', async () => {
		const before = (await count(body)).body.input_tokens as number
		const actual = Math.round(before * 1.4)
		upstream.onRequest = () => ({ text: 'Yes', usage: { input: actual, output: 5 } })
		for (let times = 0; times < 8; times++) await call(proxy, { ...body, max_tokens: 50 })
		await proxy.settle()
		const after = (await count(body)).body.input_tokens as number
		expect(after / actual).toBeCloseTo(1, 1)
		const { text } = await call(proxy, { ...body, max_tokens: 50, stream: true })
		const start = readEvents(text)[0] as unknown as { message: { usage: { input_tokens: number } } }
		expect(start.message.usage.input_tokens / after).toBeCloseTo(1, 1)
	})

	test('what was learnt is in the database once the log is written', async () => {
		upstream.onRequest = () => ({ text: 'Yes', usage: { input: 6000, output: 5 } })
		await call(proxy, { ...body, max_tokens: 50 })
		await proxy.services.requestLog.flush()
		const rows = await proxy.services.database.execute('SELECT model, factor, samples FROM token_rates')
		expect(rows).toEqual([{ model, factor: expect.any(Number), samples: 1 }])
		expect(rows[0]?.factor).toBeGreaterThan(1)
	})

	test('a mapped model is measured by its own name', async () => {
		await proxy.use({ type: 'openai', baseUrl: upstream.url, modelMap: { opus: model } }, [...keys])
		upstream.onRequest = () => ({ text: 'Yes', usage: { input: 6000, output: 5 } })
		await call(proxy, { ...body, model: 'claude-opus-5-5', max_tokens: 50 })
		await proxy.settle()
		const asked = (await count({ ...body, model: 'claude-opus-5-5' })).body
		expect(asked).toEqual((await count(body)).body)
		expect(asked).not.toEqual((await count({ ...body, model: 'gpt-4.1' })).body)
	})
})

describe('the route', () => {
	beforeEach(() => setUp('openai', startOpenAiUpstream({ keys })))

	test.each(['/v1/v1/messages/count_tokens', '/messages/count_tokens'])('is at %s too', async alias => {
		expect((await count(ask('gpt-4o'), { path: alias })).status).toBe(200)
		const preflight = await fetch(proxy.url + alias, {
			method: 'OPTIONS',
			headers: { origin: 'https://a.example' },
		})
		expect(preflight.status).toBe(204)
		expect(preflight.headers.get('access-control-allow-origin')).toBe('*')
	})

	test('wants the access key', async () => {
		const answer = await count(ask('gpt-4o'), { headers: { 'x-api-key': 'wrong' } })
		expect(answer.status).toBe(401)
		expect(answer.body).toMatchObject({ type: 'error', error: { type: 'authentication_error' } })
		expect(answer.headers.get('access-control-allow-origin')).toBe('*')
	})

	test('takes POST only', async () => {
		const answer = await fetch(proxy.url + path, { headers: { 'x-api-key': accessKey } })
		expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'POST'])
		expect(await answer.json()).toMatchObject({ type: 'error', request_id: answer.headers.get('request-id') })
	})

	test('without a current upstream: a 503 that says what to do', async () => {
		const empty = await startProxy()
		const answer = await call(empty, ask('gpt-4o'), { path })
		await empty.close()
		expect(answer.status).toBe(503)
		expect(answer.body.error).toEqual({ type: 'api_error', message: expect.stringContaining('add one') })
	})

	test('a body beyond MAX_BODY_MB is refused', async () => {
		const small = await startProxy({ MAX_BODY_MB: '1' })
		const answer = await call(small, ask('gpt-4o', 'x'.repeat(1_200_000)), { path })
		await small.close()
		expect([answer.status, answer.body.error.type]).toEqual([413, 'request_too_large'])
	})
})
