import { afterEach, describe, expect, test } from 'vitest'
import { askAdmin } from '../support/admin.ts'
import { call, hello } from '../support/call.ts'
import { startProxy, type TestProxy } from '../support/proxy.ts'
import { startOpenAiUpstream } from '../support/upstreams/index.ts'

const closing: { close(): Promise<void> }[] = []
afterEach(async () => {
	for (const each of closing.splice(0)) await each.close()
})

async function start(variables: Record<string, string>, adapter: 'node' | 'fetch' = 'node') {
	const upstream = await startOpenAiUpstream()
	const proxy = await startProxy(variables, adapter)
	closing.push(proxy, upstream)
	await proxy.use({ type: 'openai', baseUrl: upstream.url })
	return { upstream, proxy }
}

async function list(proxy: TestProxy, query = '') {
	await proxy.services.requestLog.flush()
	return (await askAdmin(proxy, 'GET', `/requests${query}`)).body.requests
}

const gateOf = (proxy: TestProxy) => proxy.services.observation.gate

describe.each(['node', 'fetch'] as const)('a request turned away at the entrance (%s)', adapter => {
	test('of too many, too large or too often is in the log, with what the client was told', {
		tags: ['own-counters'],
	}, async () => {
		const variables = { ENABLE_RATE_LIMIT: 'true', RATE_LIMIT_MAX_REQUESTS: '2', MAX_BODY_MB: '1' }
		const { proxy } = await start(variables, adapter)
		const passed = await call(proxy)
		const large = await call(proxy, { ...hello, padding: 'x'.repeat(1_100_000) })
		const headers = { 'user-agent': 'claude-cli/2.1.5', 'x-claude-code-session-id': 'session-1' }
		const often = await call(proxy, hello, { headers })
		expect([passed.status, large.status, often.status]).toEqual([200, 413, 429])
		const requests = await list(proxy)
		expect(requests).toMatchObject([
			{
				...{ id: often.headers.get('request-id'), outcome: 'refused', class: 'refused', status: 429 },
				...{ errorMessage: often.body.error.message, client: 'Claude Code', sessionId: 'session-1' },
				...{ attempts: 0, upstreamId: null, usage: null, model: '' },
			},
			{ id: large.headers.get('request-id'), status: 413, errorMessage: large.body.error.message },
			{ id: passed.headers.get('request-id'), outcome: 'ok' },
		])
		expect(proxy.logs()).toContain('POST /v1/messages 429 refused')
	})

	test('who waits is logged with the wait, and who leaves meanwhile as cancelled', {
		tags: ['inside-process'],
	}, async () => {
		const { upstream, proxy } = await start({ MAX_CONCURRENT_REQUESTS: '1' }, adapter)
		const hold = upstream.gate()
		upstream.script({ text: 'held', gate: hold })
		const first = call(proxy)
		await upstream.waitForRequest()
		const leaving = new AbortController()
		const left = call(proxy, hello, { signal: leaving.signal }).catch(() => undefined)
		await expect.poll(() => gateOf(proxy).waiting).toBe(1)
		leaving.abort()
		await left
		await expect.poll(() => gateOf(proxy).waiting).toBe(0)
		const waited = call(proxy)
		await expect.poll(() => gateOf(proxy).waiting).toBe(1)
		await new Promise(resolve => setTimeout(resolve, 30))
		hold.open()
		const id = (await waited).headers.get('request-id')
		await first
		expect(await list(proxy, '?outcome=cancelled')).toMatchObject([{ status: 499, class: null, attempts: 0 }])
		const { times } = (await askAdmin(proxy, 'GET', `/requests/${id}`)).body.request
		expect(times.queueMs).toBeGreaterThanOrEqual(20)
		const { totals } = (await askAdmin(proxy, 'GET', '/usage')).body
		expect(totals).toMatchObject({ requests: 3, ok: 2, failed: 0, cancelled: 1, successRate: 1 })
	})
})

test('whoever has no key is seen in the log, without what he tried, and in nobody’s usage', {
	tags: ['inside-process'],
}, async () => {
	const { proxy } = await start({})
	const wrong = 'sk-ant-api03-somebodys-0123456789'
	const headers = { 'x-api-key': wrong, 'user-agent': 'claude-cli/2.1.5' }
	const refused = await call(proxy, hello, { headers })
	expect(refused.status).toBe(401)
	expect((await fetch(`${proxy.url}/v1/messages`)).status).toBe(405)
	const rows = await list(proxy)
	expect(rows).toMatchObject([
		{
			...{ id: refused.headers.get('request-id'), outcome: 'refused', status: 401, client: 'Claude Code' },
			errorMessage: expect.stringMatching(/invalid access key/),
		},
	])
	expect(JSON.stringify(rows) + proxy.logs()).not.toContain('somebodys')
	expect(proxy.logs()).toContain('POST /v1/messages 401 refused')
	expect((await askAdmin(proxy, 'GET', '/usage')).body.totals).toMatchObject({ requests: 0, failed: 0 })
	const text = proxy.services.observation.metrics.registry.text()
	expect(text).toContain('claude_proxy_refused_total{type="authentication_error"} 1')
})
