import Anthropic from '@anthropic-ai/sdk'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createFetchHandler } from '../../api/_app/http/fetch-handler.ts'
import { call, hello } from '../support/call.ts'
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

let proxy: TestProxy
let upstream: ScriptedUpstream
let client: Anthropic

async function setUp(type: string, started: Promise<ScriptedUpstream>, more = {}): Promise<void> {
	;[proxy, upstream] = await Promise.all([startProxy(), started])
	await proxy.use({ type, baseUrl: upstream.url, ...more }, [...keys])
	client = new Anthropic({ baseURL: proxy.url, apiKey: accessKey, maxRetries: 0 })
}

afterEach(async () => {
	await Promise.all([proxy.close(), upstream.close()])
})

async function get(path: string, init: RequestInit = {}) {
	const response = await fetch(proxy.url + path, { headers: { 'x-api-key': accessKey }, ...init })
	const text = await response.text()
	return {
		status: response.status,
		headers: response.headers,
		body: text === '' ? undefined : JSON.parse(text),
	}
}

const listIds = async () =>
	((await get('/v1/models?limit=1000')).body.data as { id: string }[]).map(({ id }) => id)

/** Makes the current upstream another configuration of the same one: its list is asked for anew. */
const reconfigure = (more: object, type = 'openai') =>
	proxy.use({ type, baseUrl: upstream.url, ...more }, [...keys])

async function readKeyStates() {
	await proxy.services.config.flush()
	const config = await proxy.repository.read()
	return config.upstreams.flatMap(({ keys }) => keys.flatMap(({ state }) => state))
}

describe.each(upstreamCases)('over an upstream of type $type', ({ type, model, start }) => {
	beforeEach(() =>
		setUp(type, start(keys), { modelMap: { 'claude-mine': model, opus: model, 'claude-*-x': model } }),
	)

	test('the SDK lists every model, page by page', { tags: ['kept-by-each'] }, async () => {
		const ids: string[] = []
		for await (const info of client.models.list({ limit: 3 })) ids.push(info.id)
		expect(ids[0]).toBe('claude-mine')
		expect(ids).toContain(model)
		expect(ids.length).toBeGreaterThan(6)
		expect(new Set(ids).size).toBe(ids.length)
		expect(ids.filter(id => id === 'opus' || id.includes('*'))).toEqual([])
		expect(upstream.requests).toHaveLength(1)
		expect(upstream.requests[0]).toMatchObject({ method: 'GET', key: first })
		expect(upstream.requests[0]?.refused).toBeUndefined()
	})

	test('the SDK retrieves what is listed and what is mapped, and nothing else', async () => {
		expect(await client.models.retrieve(model)).toMatchObject({ type: 'model', id: model })
		expect(await client.models.retrieve('claude-mine')).toMatchObject({
			...{ type: 'model', id: 'claude-mine', display_name: expect.stringContaining(model) },
			created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
		})
		expect(await client.models.retrieve('claude-opus-5-20260101')).toMatchObject({
			id: 'claude-opus-5-20260101',
		})
		const error = await client.models.retrieve('nobody/knows this').catch((thrown: unknown) => thrown)
		expect(error).toBeInstanceOf(Anthropic.NotFoundError)
		expect((error as { error: unknown }).error).toMatchObject({
			...{
				type: 'error',
				error: { type: 'not_found_error', message: expect.stringContaining('nobody/knows this') },
			},
		})
	})

	test('an upstream that is gone leaves the mapped names', async () => {
		await upstream.close()
		expect(await listIds()).toEqual(['claude-mine', model])
		expect(await client.models.retrieve('claude-mine')).toMatchObject({ id: 'claude-mine' })
		expect(await readKeyStates()).toEqual([])
	})

	test('50 clients at once cost the upstream one call', { tags: ['kept-by-each'] }, async () => {
		const answers = await Promise.all(Array.from({ length: 50 }, () => get('/v1/models')))
		expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
		expect(upstream.requests).toHaveLength(1)
	})
})

describe('when the upstream’s list cannot be had', () => {
	beforeEach(() => setUp('openai', startOpenAiUpstream({ keys })))
	const broken: Fault = { status: 500, body: { error: { message: `broken for ${first}` } } }

	test('without mapped names: a 502 with its words, and no key in them', async () => {
		upstream.scriptRoute('models', { fault: broken })
		const { status, body } = await get('/v1/models')
		expect(status).toBe(502)
		expect(body.error).toEqual({ type: 'api_error', message: expect.stringContaining('broken for') })
		expect(JSON.stringify(body)).not.toContain(first)
	})

	test.each([
		['404', { status: 404, body: 'Not found' }],
		['a web page', 'html'],
	] as [string, Fault][])('an upstream without a list (%s) has an empty one', async (_name, fault) => {
		upstream.scriptRoute('models', { fault }, { fault })
		expect((await get('/v1/models')).body).toEqual({
			data: [],
			has_more: false,
			first_id: null,
			last_id: null,
		})
		expect((await get('/v1/models/gpt-4o')).status).toBe(404)
	})

	test('the last list serves on', async () => {
		const ids = await listIds()
		// Another revision of the same upstream: its list has to be asked for again.
		await proxy.repository.updateUpstream(
			(await proxy.repository.read()).upstreams[0]!.id,
			{ description: 'x' },
			{ author: 'cli' },
		)
		await proxy.services.config.refresh()
		upstream.scriptRoute('models', { fault: broken })
		expect(await listIds()).toEqual(ids)
		expect(upstream.requests).toHaveLength(2)
	})

	test.each([401, 402, 429])(
		'a %i of one key: the next key lists, and nothing is remembered',
		async status => {
			upstream.keyFaults.set(first, { status, body: { error: { message: 'no' } } })
			expect(await listIds()).toContain('gpt-4o')
			expect(upstream.requests.map(({ key }) => key)).toEqual([first, second])
			expect(await readKeyStates()).toEqual([])
			upstream.keyFaults.clear()
			await call(proxy, hello)
			expect(upstream.requests.at(-1)?.key).toBe(first)
		},
	)

	test('silence: the mapped names', async () => {
		await reconfigure({ modelMap: { 'claude-mine': 'gpt-4o' }, timeoutMs: 200 })
		upstream.scriptRoute('models', { fault: 'hang' })
		expect(await listIds()).toEqual(['claude-mine', 'gpt-4o'])
	})
})

describe('lists of several pages', () => {
	test('Gemini', async () => {
		await setUp('gemini', startGeminiUpstream({ keys }))
		const page = (name: string, nextPageToken?: string): { fault: Fault } => ({
			fault: { status: 200, body: { models: [{ name: `models/${name}` }], nextPageToken } },
		})
		upstream.scriptRoute('models', page('one', 'token 2'), page('two', 'token 3'), page('three'))
		expect(await listIds()).toEqual(['one', 'two', 'three'])
		expect(upstream.requests.map(({ query }) => query.pageToken)).toEqual([undefined, 'token 2', 'token 3'])
	})

	test('Claude, and a second page that fails leaves the first', async () => {
		await setUp('claude', startAnthropicUpstream({ keys }))
		const body = { data: [{ type: 'model', id: 'claude-a' }], has_more: true, last_id: 'claude-a' }
		upstream.scriptRoute('models', { fault: { status: 200, body } }, { fault: { status: 500, body: {} } })
		expect(await listIds()).toEqual(['claude-a'])
		expect(upstream.requests[1]?.query.after_id).toBe('claude-a')
	})

	test('a list without end is cut off', async () => {
		await setUp('claude', startAnthropicUpstream({ keys }))
		let pages = 0
		const endless = () => {
			pages++
			const id = `claude-${pages}`
			return { fault: { status: 200, body: { data: [{ id }], has_more: true, last_id: id } } }
		}
		upstream.scriptRoute('models', ...new Array(100).fill(endless))
		expect(await listIds()).toHaveLength(20)
	})
})

test('an alias that the list lacks is asked of an Anthropic-compatible upstream', {
	tags: ['kept-by-each'],
}, async () => {
	await setUp('claude', startAnthropicUpstream({ keys }))
	const dated = {
		type: 'model',
		id: 'claude-sonnet-9-20300101',
		display_name: 'Sonnet 9',
		created_at: '2030-01-01T00:00:00Z',
	}
	await get('/v1/models')
	upstream.scriptRoute('models', { fault: { status: 200, body: dated } })
	expect(await client.models.retrieve('claude-sonnet-9')).toMatchObject(dated)
	expect(upstream.requests.at(-1)?.path).toBe('/v1/models/claude-sonnet-9')
	expect((await get('/v1/models/..%2f..%2fadmin')).status).toBe(404)
	expect((await get('/v1/models/%2e%2e')).status).toBe(404)
	expect((await get('/v1/models/%ff')).status).toBe(404)
})

describe('the route', () => {
	beforeEach(() => setUp('openai', startOpenAiUpstream({ keys })))

	test.each(['/v1/v1/models', '/models'])('is at %s too', async alias => {
		expect((await get(alias)).body.data[0]).toMatchObject({ type: 'model' })
		expect((await get(`${alias}/gpt-4o`)).body).toMatchObject({ id: 'gpt-4o' })
		expect((await get(alias, { method: 'OPTIONS' })).status).toBe(204)
	})

	test('wants the access key, by either header', async () => {
		expect((await get('/v1/models', { headers: {} })).status).toBe(401)
		expect((await get('/v1/models/gpt-4o', { headers: { 'x-api-key': 'wrong' } })).body).toMatchObject({
			...{ type: 'error', error: { type: 'authentication_error' } },
		})
		expect((await get('/v1/models', { headers: { authorization: `Bearer ${accessKey}` } })).status).toBe(200)
		expect(upstream.requests).toHaveLength(1)
	})

	test('takes GET and HEAD only', async () => {
		const refused = await get('/v1/models', { method: 'POST', body: '{}' })
		expect([refused.status, refused.headers.get('allow')]).toEqual([405, 'GET, HEAD'])
		const head = await get('/v1/models', { method: 'HEAD' })
		expect([head.status, head.body]).toEqual([200, undefined])
	})

	test('carries CORS headers and a request id, also with an error', async () => {
		for (const path of ['/v1/models', '/v1/models/nobody', '/v1/models?limit=0']) {
			const { headers } = await get(path)
			expect(headers.get('request-id')).toMatch(/^req_/)
			expect(headers.get('access-control-allow-origin')).toBe('*')
		}
	})

	test('names a wrong parameter', async () => {
		const { status, body } = await get('/v1/models?limit=5000')
		expect([status, body.error.type]).toEqual([400, 'invalid_request_error'])
		expect(body.error.message).toContain('limit')
	})

	test('without a current upstream: a 503 that says what to do', async () => {
		const other = await startProxy()
		const answer = await fetch(`${other.url}/v1/models`, { headers: { 'x-api-key': accessKey } })
		expect(answer.status).toBe(503)
		expect(await answer.json()).toMatchObject({ error: { message: expect.stringContaining('add one') } })
		await other.close()
	})

	test('answers over the fetch adapter as over node:http, as count_tokens does', {
		tags: ['inside-process'],
	}, async () => {
		const handle = createFetchHandler(proxy.services)
		const headers = { 'x-api-key': accessKey }
		const list = await handle(new Request('https://p.example/v1/models?limit=2', { headers }))
		expect(await list.json()).toEqual((await get('/v1/models?limit=2')).body)
		const body = JSON.stringify({ model: 'gpt-4o', messages: hello.messages })
		const path = '/v1/messages/count_tokens'
		const counted = await handle(new Request(`https://p.example${path}`, { method: 'POST', headers, body }))
		expect(await counted.text()).toBe((await call(proxy, body, { path })).text)
		expect(counted.headers.get('access-control-allow-origin')).toBe('*')
		const head = await handle(new Request('https://p.example/v1/models', { method: 'HEAD', headers }))
		expect([head.status, await head.text()]).toEqual([200, ''])
	})

	test('a change of the model map shows at once', async () => {
		expect(await listIds()).not.toContain('claude-new')
		const { id } = (await proxy.repository.read()).upstreams[0]!
		await proxy.repository.updateUpstream(id, { modelMap: { 'claude-new': 'gpt-4o' } }, { author: 'cli' })
		await proxy.services.config.refresh()
		expect(await listIds()).toContain('claude-new')
	})
})
