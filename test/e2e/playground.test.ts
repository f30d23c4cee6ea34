import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { askAdmin } from '../support/admin.ts'
import { bearer } from '../support/admin-client.ts'
import { call, hello, readEvents } from '../support/call.ts'
import { accessKey, startProxy, type TestProxy } from '../support/proxy.ts'
import {
	type ScriptedUpstream,
	startAnthropicUpstream,
	startGeminiUpstream,
	startOpenAiUpstream,
	startResponsesUpstream,
} from '../support/upstreams/index.ts'

const keys = ['sk-first-key-0123456789', 'sk-second-key-012345678'] as const
const tools = [{ name: 'get_weather', description: 'd', input_schema: { type: 'object', properties: {} } }]

/** Starts a request without waiting for the end of its answer. */
function post(proxy: TestProxy, path: string, body: unknown, signal?: AbortSignal): Promise<Response> {
	return fetch(`${proxy.url}/api${path}`, {
		method: 'POST',
		headers: { ...bearer(accessKey), 'content-type': 'application/json' },
		body: JSON.stringify(body),
		...(signal && { signal }),
	})
}

const types = [
	{ type: 'openai', model: 'gpt-4o', start: () => startOpenAiUpstream({ keys: [...keys] }) },
	{
		type: 'openaiold',
		model: 'gpt-4o',
		start: () => startOpenAiUpstream({ compat: 'old', keys: [...keys] }),
	},
	{ type: 'responses', model: 'gpt-4o', start: () => startResponsesUpstream({ keys: [...keys] }) },
	{ type: 'gemini', model: 'gemini-2.5-flash', start: () => startGeminiUpstream({ keys: [...keys] }) },
	{
		type: 'claude',
		model: 'claude-sonnet-5-5',
		start: () => startAnthropicUpstream({ keys: [...keys] }),
	},
] as const

describe.each(types)('a dry run for the type $type', ({ type, model, start }) => {
	test('tells what is really sent, and sends nothing', async () => {
		const [proxy, upstream] = await Promise.all([startProxy(), start()])
		const upstreamId = await proxy.use(
			{ type, baseUrl: upstream.url, modelMap: { opus: model }, extraHeaders: { 'x-team': 'header-secret' } },
			[...keys],
		)
		const request = { ...hello, model: 'claude-opus-5', tools, stream: true, temperature: 0.5 }
		const { status, body: dry } = await askAdmin(proxy, 'POST', '/playground', {
			...{ upstreamId, request, dryRun: true },
		})
		expect(status).toBe(200)
		expect(upstream.requests).toEqual([])
		expect(dry).toMatchObject({ upstreamId, model: 'claude-opus-5', upstreamModel: model, stream: true })

		await (await post(proxy, '/playground', { upstreamId, request })).text()
		const sent = upstream.requests[0]!
		expect(dry.request.body).toBe(sent.rawBody.toString())
		expect(dry.request.method).toBe('POST')
		const { pathname, searchParams } = new URL(dry.request.url)
		expect([decodeURI(pathname), Object.fromEntries(searchParams)]).toEqual([sent.path, sent.query])
		const masked = Object.entries(sent.headers).map(([name, value]) => {
			if (name === 'x-team') return [name, '••••']
			return [name, value.replace(keys[0], 'sk-…6789')]
		})
		const ofTransport = ['host', 'connection', 'content-length', 'accept-encoding', 'traceparent']
		const expected = masked.filter(([name = '']) => !ofTransport.includes(name))
		const told = Object.entries<string>(dry.request.headers).filter(([name]) => !ofTransport.includes(name))
		expect(Object.fromEntries(told)).toEqual(Object.fromEntries(expected))
		expect(dry.curl).toContain('"$UPSTREAM_KEY"')
		expect(dry.curl).toContain(`curl -sSN -X POST '${dry.request.url}'`)
		expect(JSON.stringify(dry)).not.toContain(keys[0])
		await Promise.all([proxy.close(), upstream.close()])
	})
})

describe.each(['node', 'fetch'] as const)('the playground over the %s adapter', adapter => {
	let proxy: TestProxy
	let upstream: ScriptedUpstream
	let upstreamId: string

	beforeEach(async () => {
		;[proxy, upstream] = await Promise.all([
			startProxy({}, adapter),
			startOpenAiUpstream({ keys: [...keys] }),
		])
		upstreamId = await proxy.use({ type: 'openai', baseUrl: upstream.url }, [...keys])
	})
	afterEach(async () => {
		await Promise.all([proxy.close(), upstream.close()])
	})

	const keyIds = async () => (await proxy.repository.read()).upstreams[0]!.keys.map(({ id }) => id)

	test('answers what a client would get, and names the request in the log', async () => {
		upstream.script({ text: 'the answer' }, { text: 'the answer' })
		const asClient = await call(proxy, hello)
		const asPerson = await askAdmin(proxy, 'POST', '/playground', { request: hello })
		expect(asPerson.status).toBe(200)
		expect({ ...asPerson.body, id: '' }).toEqual({ ...asClient.body, id: '' })
		await proxy.services.flush()
		const id = asPerson.headers.get('x-claude-proxy-request-id')
		const rows = await proxy.services.database.execute('SELECT outcome FROM request_log WHERE id = ?', [id])
		expect(rows).toEqual([{ outcome: 'ok' }])
		const { body } = await askAdmin(proxy, 'GET', `/requests/${id}`)
		expect(body.request).toMatchObject({ source: 'playground', recorded: false })
	})

	test('streams while the answer comes', async () => {
		const gate = upstream.gate()
		upstream.script({ text: ['first ', 'second'], gate })
		const request = { ...hello, stream: true }
		const asked = post(proxy, '/playground', { request })
		gate.release(2)
		const response = await asked
		expect(response.headers.get('content-type')).toMatch(/^text\/event-stream/)
		const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader()
		let text = ''
		const read = async () => {
			const { value, done } = await reader.read()
			text += value ?? ''
			return !done
		}
		while (!text.includes('first ')) expect(await read()).toBe(true)
		expect(text).not.toContain('second')
		gate.open()
		while (await read());
		expect(readEvents(text).at(-1)?.type).toBe('message_stop')
	})

	test.each([
		['before the answer has begun', 0],
		['in the middle of a stream', 2],
	])('who leaves %s stops the upstream', async (_name, events) => {
		const gate = upstream.gate()
		upstream.script({ text: ['first ', 'second'], gate })
		const leaving = new AbortController()
		const asked = post(proxy, '/playground', { request: { ...hello, stream: true } }, leaving.signal)
		asked.catch(() => {})
		await upstream.waitForRequest()
		if (events > 0) {
			gate.release(events)
			const reader = (await asked).body!.getReader()
			await reader.read()
		}
		leaving.abort()
		expect((await upstream.waitForAbort()).aborted).toBe(true)
		await expect
			.poll(async () => {
				await proxy.services.flush()
				return proxy.services.database.execute('SELECT status, outcome FROM request_log')
			})
			.toEqual([{ status: 499, outcome: 'cancelled' }])
	})

	test('a refusal of the upstream comes as a client would get it', async () => {
		upstream.script({ fault: { status: 400, body: { error: { message: 'bad temperature' } } } })
		const { status, body, headers } = await askAdmin(proxy, 'POST', '/playground', { request: hello })
		expect(status).toBe(400)
		expect(body).toMatchObject({
			type: 'error',
			error: { message: expect.stringContaining('bad temperature') },
		})
		expect(headers.get('x-claude-proxy-request-id')).toMatch(/^req_/)
	})

	test('a request that nobody could send is refused as it would be', async () => {
		const { status, body } = await askAdmin(proxy, 'POST', '/playground', {
			...{ request: { model: 'x' }, dryRun: true },
		})
		expect(status).toBe(400)
		expect(body.error.message).toContain('max_tokens')
	})

	test('counts for the health of keys, unless the key was chosen', async () => {
		const [first, second] = await keyIds()
		for (const key of keys) upstream.keyFaults.set(key, { status: 500, body: { error: { message: 'busy' } } })
		const chosen = await askAdmin(proxy, 'POST', '/playground', { upstreamId, keyId: second, request: hello })
		expect(chosen.status).toBe(500)
		expect(upstream.requests.map(({ key }) => key)).toEqual([keys[1]])
		await proxy.services.flush()
		expect(await proxy.services.database.execute('SELECT key_id FROM key_states')).toEqual([])
		await askAdmin(proxy, 'POST', '/playground', { upstreamId, request: hello })
		await proxy.services.flush()
		const rows = await proxy.services.database.execute('SELECT key_id FROM key_states ORDER BY key_id')
		expect(rows.map(({ key_id }) => key_id)).toEqual([first, second].toSorted())
	})

	test('a paused key and an upstream that is switched off can be tried', async () => {
		const [first] = await keyIds()
		const meta = { author: 'cli', message: 'test' } as const
		await proxy.repository.updateUpstream(upstreamId, { enabled: false }, meta)
		await proxy.services.config.refresh()
		const { status } = await askAdmin(proxy, 'POST', '/playground', {
			upstreamId,
			keyId: first,
			request: hello,
		})
		expect(status).toBe(200)
	})

	test.each([
		['an upstream that is not there', { upstreamId: 'up_none' }, 404],
		['a key that is not there', { keyId: 'key_none' }, 404],
		['a key without its upstream', { upstreamId: undefined, keyId: 'key_none' }, 400],
		['a header that is none of Anthropic’s', { headers: { cookie: 'x' } }, 400],
	])('refuses %s', async (_name, wanted, status) => {
		const answer = await askAdmin(proxy, 'POST', '/playground', { upstreamId, request: hello, ...wanted })
		expect(answer.status).toBe(status)
		expect(answer.headers.get('x-claude-proxy-request-id')).toBeNull()
		expect(upstream.requests).toEqual([])
	})

	test('converts an answer without asking anybody', async () => {
		const reply = {
			text: 'the answer',
			toolCalls: [{ id: 'call_1', name: 'get_weather', args: { city: 'Oslo' } }],
		}
		upstream.script(reply, reply)
		const request = { ...hello, tools }
		const asClient = await call(proxy, request)
		const recorded = await fetch(`${upstream.url}/v1/chat/completions`, {
			method: 'POST',
			headers: { ...bearer(keys[0]), 'content-type': 'application/json' },
			body: upstream.requests[0]!.rawBody.toString(),
		})
		const answer = await recorded.text()
		const { body } = await askAdmin(proxy, 'POST', '/playground/convert-answer', {
			...{ upstreamType: 'openai', answer, request },
		})
		expect(body).toMatchObject({ ok: true, status: 200, problem: null })
		expect({ ...JSON.parse(body.body), id: '' }).toEqual({ ...asClient.body, id: '' })
		const failed = await askAdmin(proxy, 'POST', '/playground/convert-answer', {
			...{ upstreamType: 'gemini', status: 400, stream: true },
			answer: '{"error":{"code":400,"message":"no such field"}}',
		})
		expect(failed.body).toMatchObject({ ok: false, status: 400, problem: 'no such field' })
		expect(JSON.parse(failed.body.body)).toMatchObject({
			type: 'error',
			error: { type: 'invalid_request_error' },
		})
	})
})

describe('replay', () => {
	let proxy: TestProxy
	let first: ScriptedUpstream
	let second: ScriptedUpstream
	let secondId: string

	beforeEach(async () => {
		;[proxy, first, second] = await Promise.all([
			startProxy(),
			startOpenAiUpstream({ keys: [...keys] }),
			startAnthropicUpstream({ keys: [...keys] }),
		])
		secondId = await proxy.use(
			{ type: 'claude', baseUrl: second.url, modelMap: { 'gpt-4o': 'claude-sonnet-5-5' } },
			[...keys],
		)
		await proxy.use({ type: 'openai', baseUrl: first.url }, [...keys])
	})
	afterEach(async () => {
		await Promise.all([proxy.close(), first.close(), second.close()])
	})

	async function fail(request: unknown, headers?: Record<string, string>): Promise<string> {
		first.script({ fault: { status: 400, body: { error: { message: 'no' } } } })
		const answer = await call(proxy, request, { ...(headers && { headers }) })
		await proxy.services.flush()
		return answer.headers.get('request-id') ?? ''
	}

	test('sends a recorded request again, as it was', async () => {
		const id = await fail({ ...hello, tools, system: 'héllo 世界' })
		first.script({ text: 'now it works' })
		const again = await askAdmin(proxy, 'POST', `/requests/${id}/replay`, {})
		expect(again.body).toMatchObject({ content: [{ type: 'text', text: 'now it works' }] })
		expect(first.requests[1]?.rawBody.toString()).toBe(first.requests[0]?.rawBody.toString())
		expect(again.headers.get('x-claude-proxy-request-id')).not.toBe(id)
	})

	test('sends it to an upstream of another type, with the client’s headers but not its key', async () => {
		const id = await fail({ ...hello, stream: true }, { 'anthropic-beta': 'some-beta-2025-01-01' })
		second.script({ text: 'from the other' })
		const again = await askAdmin(proxy, 'POST', `/requests/${id}/replay`, { upstreamId: secondId })
		expect(readEvents(again.text).at(-1)?.type).toBe('message_stop')
		expect(again.text).toContain('other')
		const sent = second.requests[0]
		expect(sent?.body).toMatchObject({ model: 'claude-sonnet-5-5', stream: true, messages: hello.messages })
		expect(sent?.headers['anthropic-beta']).toBe('some-beta-2025-01-01')
		expect(JSON.stringify(sent?.headers)).not.toContain(accessKey)
	})

	test('says why it cannot', async () => {
		const { headers } = await call(proxy, hello)
		await proxy.services.flush()
		const unrecorded = await askAdmin(proxy, 'POST', `/requests/${headers.get('request-id')}/replay`, {})
		expect(unrecorded).toMatchObject({ status: 409, body: { error: { code: 'conflict' } } })
		expect(unrecorded.body.error.message).toContain('not recorded')
		const unknown = await askAdmin(proxy, 'POST', '/requests/req_none/replay', {})
		expect(unknown.status).toBe(404)
		const body = { recording: { mode: 'errors', maxKb: 1, days: 7 } }
		await askAdmin(proxy, 'PATCH', '/settings', body)
		const id = await fail({ ...hello, system: 'x'.repeat(3000) })
		const long = await askAdmin(proxy, 'POST', `/requests/${id}/replay`, {})
		expect(long.status).toBe(409)
		expect(long.body.error.message).toContain('maxKb')
		expect(first.requests).toHaveLength(2)
	})
})
