import { afterEach, describe, expect, test } from 'vitest'
import { call, hello } from '../support/call.ts'
import { startHranaProcess } from '../support/hrana-server.ts'
import { accessKey, startProxy } from '../support/proxy.ts'
import { startOpenAiUpstream } from '../support/upstreams/index.ts'

const closing: (() => Promise<unknown>)[] = []
afterEach(async () => {
	for (const close of closing.splice(0).reverse()) await close()
})

async function start(variables: Record<string, string> = {}, adapter: 'node' | 'fetch' = 'node') {
	const proxy = await startProxy(variables, adapter)
	closing.push(() => proxy.close())
	return proxy
}

async function startUpstream() {
	const upstream = await startOpenAiUpstream()
	closing.push(() => upstream.close())
	return upstream
}

describe.each(['node', 'fetch'] as const)('over the %s adapter', adapter => {
	test('CORS: any origin on answers, errors and preflights, never with credentials', async () => {
		const proxy = await start({}, adapter)
		const headers = { origin: 'https://app.example', 'access-control-request-headers': 'x-api-key, x-custom' }
		const preflight = await fetch(`${proxy.url}/v1/messages`, { method: 'OPTIONS', headers })
		expect(preflight.status).toBe(204)
		expect(preflight.headers.get('access-control-allow-headers')).toBe('x-api-key, x-custom')
		expect(preflight.headers.get('access-control-allow-methods')).toContain('POST')
		const error = await call(proxy, hello, { headers })
		const health = await fetch(`${proxy.url}/health`, { headers })
		for (const answer of [preflight, error, health]) {
			expect(answer.headers.get('access-control-allow-origin')).toBe('*')
			expect(answer.headers.get('access-control-allow-credentials')).toBeNull()
		}
	})

	test('CORS: a list of origins answers the one that asks; switched off it answers none', async () => {
		const proxy = await start({ CORS_ORIGIN: 'https://a.example, https://b.example' }, adapter)
		const originFor = async (origin: string) =>
			(await call(proxy, hello, { headers: { origin } })).headers.get('access-control-allow-origin')
		expect(await originFor('https://b.example')).toBe('https://b.example')
		expect(await originFor('https://c.example')).toBeNull()
		const closed = await start({ ENABLE_CORS: 'false' }, adapter)
		const answer = await call(closed, hello, { headers: { origin: 'https://a.example' } })
		expect(answer.headers.get('access-control-allow-origin')).toBeNull()
	})

	test('requests, streams and refusals are what they are over the other adapter', async () => {
		const proxy = await start({ MAX_BODY_MB: '1' }, adapter)
		const upstream = await startUpstream()
		await proxy.use({ type: 'openai', baseUrl: upstream.url })
		expect((await call(proxy)).body.content[0].text).toBe('You said: Hi')
		expect((await call(proxy, 'x'.repeat(2_000_000))).status).toBe(413)
		expect((await call(proxy, hello, { headers: { 'x-api-key': 'wrong' } })).status).toBe(401)
		expect((await call(proxy, hello, { path: '/v1/messages?beta=true' })).status).toBe(200)
		expect((await call(proxy, hello, { path: '/v1/v1/messages' })).status).toBe(200)
		expect((await call(proxy, hello, { path: '/v1/unknown' })).body.error.type).toBe('not_found_error')
	})
})

describe('GET /health', () => {
	const read = async (url: string) => {
		const response = await fetch(url)
		return { status: response.status, body: await response.json() }
	}

	test('tells the truth about upstream, keys and database', async () => {
		const proxy = await start()
		const upstream = await startUpstream()
		expect((await read(`${proxy.url}/health`)).body).toMatchObject({
			status: 'degraded',
			reasons: ['no upstream is configured'],
		})
		await proxy.use({ type: 'openai', baseUrl: upstream.url, name: 'one' }, [])
		expect((await read(`${proxy.url}/health`)).body.reasons).toEqual([
			'the current upstream "one" has no usable key',
		])
		await proxy.use({ type: 'openai', baseUrl: upstream.url, name: 'two' })
		expect((await read(`${proxy.url}/health`)).body).toMatchObject({
			status: 'healthy',
			config: {
				upstreamCount: 2,
				currentUpstream: 1,
				currentUpstreamName: 'two',
				keys: 1,
				usableKeys: 1,
				loadBalance: 'failover',
			},
			reasons: [],
		})
		upstream.script({ fault: { status: 500 } })
		await call(proxy)
		await proxy.settle()
		expect((await read(`${proxy.url}/health`)).body.reasons).toEqual([
			expect.stringMatching(
				/^all keys of the current upstream "two" are cooling; the first is ready at \d\d:/,
			),
		])
	})

	test('the deep check needs the key, calls the upstream, and shows no secret', async () => {
		const proxy = await start()
		const upstream = await startUpstream()
		await proxy.use({ type: 'openai', baseUrl: upstream.url, name: 'one' }, ['sk-planted-0123456789'])
		expect((await read(`${proxy.url}/health?deep=1`)).body.deep).toBeUndefined()
		const response = await fetch(`${proxy.url}/health?deep=1`, { headers: { 'x-api-key': accessKey } })
		const text = await response.text()
		expect(JSON.parse(text).deep).toMatchObject({
			database: { ok: true },
			upstream: { name: 'one', ok: true, status: 200 },
		})
		expect(text).not.toContain('sk-planted')
		expect(upstream.requests.map(({ method, path }) => `${method} ${path}`)).toEqual(['GET /v1/models'])
	})

	test('can be moved and switched off', { tags: ['platform-routes'] }, async () => {
		const moved = await start({ HEALTH_CHECK_PATH: '/up' })
		expect((await read(`${moved.url}/up`)).status).toBe(200)
		expect((await read(`${moved.url}/health`)).status).toBe(404)
		const off = await start({ HEALTH_CHECK_ENABLED: 'false' })
		expect((await read(`${off.url}/health`)).status).toBe(404)
	})
})

describe('over a database server', () => {
	async function startRemote() {
		const hrana = await startHranaProcess()
		closing.push(() => hrana.stop())
		const proxy = await start({ TURSO_DATABASE_URL: hrana.url, TURSO_AUTH_TOKEN: hrana.token })
		const upstream = await startUpstream()
		await proxy.use({ type: 'openai', baseUrl: upstream.url })
		return { hrana, proxy, upstream }
	}

	test('requests are answered and a busy proxy asks the database once at most', {
		tags: ['own-counters'],
	}, async () => {
		const { proxy, hrana, upstream } = await startRemote()
		await call(proxy)
		await proxy.services.requestLog.flush()
		const { stats: before } = await hrana.control({})
		await Promise.all(Array.from({ length: 20 }, () => call(proxy)))
		const { stats: after } = await hrana.control({})
		expect(upstream.requests).toHaveLength(21)
		// One check of the configuration's age and one flush of the request log, whatever the number of requests.
		expect(after.requests - before.requests).toBeLessThanOrEqual(4)
	})

	test.each(['hang', 'drop', '500'] as const)('no request is lost while it is away (%s)', async fault => {
		const { proxy, hrana } = await startRemote()
		expect((await call(proxy)).status).toBe(200)
		await proxy.settle()
		await hrana.control({ fault })
		const answers = await Promise.all(Array.from({ length: 5 }, () => call(proxy)))
		expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200])
		await hrana.control({})
		expect((await call(proxy)).status).toBe(200)
	})
})

test('no interface ever shows a key: logs, answers, health, database file', async () => {
	const planted = 'sk-planted-distinctive-0123456789'
	const proxy = await start({ LOG_LEVEL: 'debug' })
	const upstream = await startUpstream()
	await proxy.use({ type: 'openai', baseUrl: upstream.url }, [planted])
	const quoting = { error: { message: `bad key ${planted}`, type: 'invalid_request_error' } }
	upstream.script(
		{ text: 'fine' },
		{ fault: { status: 401, body: quoting } },
		{ fault: { status: 400, body: quoting } },
	)
	const texts = [await call(proxy), await call(proxy), await call(proxy), await call(proxy, 'not json')].map(
		({ text }) => text,
	)
	await proxy.services.requestLog.flush()
	await proxy.services.config.flush()
	const rows = await proxy.services.database.execute(
		'SELECT group_concat(details) AS log FROM request_log UNION ALL SELECT group_concat(last_error) FROM key_states',
	)
	const everything = [...texts, proxy.logs(), JSON.stringify(rows)].join('\n')
	expect(everything).toContain('bad key sk-…6789')
	expect(everything).not.toContain(planted)
	expect(everything).not.toContain(accessKey)
})
