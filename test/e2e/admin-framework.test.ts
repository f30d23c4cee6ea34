import { request } from 'node:http'
import { hc } from 'hono/client'
import { afterEach, describe, expect, test } from 'vitest'
import type { AdminApi } from '../../api/_app/admin/index.ts'
import { adminClient, bearer } from '../support/admin-client.ts'
import { accessKey, startProxy, type TestProxy } from '../support/proxy.ts'

const closing: TestProxy[] = []
afterEach(async () => {
	for (const proxy of closing.splice(0)) await proxy.close()
})

async function start(variables: Record<string, string> = {}, adapter: 'node' | 'fetch' = 'node') {
	const proxy = await startProxy(variables, adapter)
	closing.push(proxy)
	return { proxy, call: adminClient(proxy, bearer(accessKey)) }
}

/** Sends a body without saying how long it is. */
function sendChunked(url: string, chunks: string[]): Promise<{ status: number; text: string }> {
	return new Promise((resolve, reject) => {
		const headers = { ...bearer(accessKey), 'content-type': 'application/json' }
		const sent = request(url, { method: 'POST', headers }, answer => {
			let text = ''
			answer.on('data', data => {
				text += data
			})
			answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text }))
		})
		sent.on('error', reject)
		for (const chunk of chunks) sent.write(chunk)
		sent.end()
	})
}

describe.each(['node', 'fetch'] as const)('over the %s adapter', adapter => {
	test('every answer has an id and is kept, framed and guessed by nobody', async () => {
		const { call } = await start({}, adapter)
		for (const path of ['/api/session', '/api/nothing', '/api/reference']) {
			const { headers } = await call('GET', path)
			expect(headers.get('request-id')).toMatch(/^req_[0-9a-f]{32}$/)
			expect(headers.get('cache-control')).toBe('no-store')
			expect(headers.get('x-content-type-options')).toBe('nosniff')
			expect(headers.get('content-security-policy')).toMatch(/^default-src 'none';.*frame-ancestors 'none'/)
			expect(headers.get('access-control-allow-origin')).toBeNull()
		}
		const missing = await call('GET', '/api/nothing')
		expect(missing.body.request_id).toBe(missing.headers.get('request-id'))
	})

	test('a body is at most 1 MB, and the next request is fine', async () => {
		const { proxy, call } = await start({}, adapter)
		const tooLong = { status: 413, body: { error: { type: 'request_too_large', code: 'invalid' } } }
		const key = 'x'.repeat(1_100_000)
		expect(await call('POST', '/api/session', { body: { key } })).toMatchObject(tooLong)
		const chunked = await sendChunked(`${proxy.url}/api/session`, ['{"key":"', key, '"}'])
		expect(chunked.status).toBe(413)
		expect(JSON.parse(chunked.text)).toMatchObject(tooLong.body)
		const fitting = await sendChunked(`${proxy.url}/api/session`, ['{"key":"', accessKey, '"}'])
		expect(fitting.status).toBe(200)
		expect((await call('POST', '/admin/config/reload')).status).toBe(200)
	})

	test('a reload uses what is in the database at once', async () => {
		const { proxy, call } = await start({}, adapter)
		const { revision } = (await call('POST', '/admin/config/reload')).body
		await proxy.repository.addUpstream(
			{ name: 'kimi', type: 'claude', baseUrl: 'https://api.example.com' },
			{ author: 'cli' },
		)
		const answer = await call('POST', '/admin/config/reload')
		expect(answer.body).toEqual({ revision: revision + 1, upstreamCount: 1 })
		expect(await proxy.services.config.current()).toMatchObject({ revision: revision + 1 })
	})

	test('the insides are told in development only, and without secrets', async () => {
		const adminKey = 'an admin key of its own'
		const { proxy } = await start({ ADMIN_ACCESS_KEY: adminKey, TURSO_AUTH_TOKEN: 'a-turso-token' }, adapter)
		const upstreamKey = 'sk-planted-0123456789-abcd'
		await proxy.use({ type: 'openai', baseUrl: 'https://api.example.com' }, [upstreamKey])
		const { body, text } = await adminClient(proxy, bearer(adminKey))('GET', '/admin/dev/info')
		expect(body).toMatchObject({
			version: proxy.services.version,
			versions: { node: process.versions.node },
			memory: { rss: expect.any(Number) },
			database: { kind: proxy.services.database.location, ok: true },
			config: { upstreams: [{ name: 'upstream 1', keys: [expect.stringMatching(/…abcd$/)] }] },
			environment: { PORT: expect.any(Number), ADMIN_ACCESS_KEY: 'present', ENCRYPTION_KEY: 'present' },
		})
		for (const secret of [adminKey, accessKey, upstreamKey, 'a-turso-token', 'encryption key for tests'])
			expect(text).not.toContain(secret)
		const production = await start({ NODE_ENV: 'production' }, adapter)
		expect(await production.call('GET', '/admin/dev/info')).toMatchObject({
			...{ status: 404, body: { error: { code: 'not-found' } } },
		})
	})
})

test('the typed client knows routes, inputs and answers', async () => {
	const { proxy } = await start()
	const id = await proxy.use({ type: 'openai', baseUrl: 'https://api.example.com' })
	const client = hc<AdminApi>(`${proxy.url}/api`, { headers: bearer(accessKey) })
	const listed = await client.upstreams.$get()
	expect(listed.status).toBe(200)
	if (listed.status === 200) {
		const { upstreams, revision } = await listed.json()
		expect(upstreams.map(upstream => upstream.id)).toEqual([id])
		expect(listed.headers.get('etag')).toBe(`"${revision}"`)
	}
	const facts = client.upstreams[':id']['learned-facts']
	const forgotten = await facts.$delete({ param: { id }, query: { model: 'gpt-4o' } })
	if (forgotten.status === 200) expect(await forgotten.json()).toEqual({ forgotten: 0 })
	const missing = await facts.$get({ param: { id: 'up_nothing' } })
	if (missing.status === 404) expect((await missing.json()).error.code).toBe('not-found')
	expect([forgotten.status, missing.status]).toEqual([200, 404])
})
