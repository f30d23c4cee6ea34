import { afterEach, expect, test } from 'vitest'
import { call } from '../support/call.ts'
import { startProxy, type TestProxy } from '../support/proxy.ts'
import { startOpenAiUpstream } from '../support/upstreams/index.ts'

const closing: { close(): Promise<void> }[] = []
afterEach(async () => {
	for (const each of closing.splice(0)) await each.close()
})

async function start(limit: number): Promise<TestProxy> {
	const upstream = await startOpenAiUpstream()
	const window = String(24 * 3_600_000)
	const proxy = await startProxy({
		ENABLE_RATE_LIMIT: 'true',
		RATE_LIMIT_MAX_REQUESTS: String(limit),
		RATE_LIMIT_WINDOW: window,
	})
	closing.push(proxy, upstream)
	await proxy.use({ type: 'openai', baseUrl: upstream.url })
	return proxy
}

test('requests beyond the limit are told when to come back', async () => {
	const proxy = await start(2)
	const passed = await call(proxy)
	expect(passed.status).toBe(200)
	expect(passed.headers.get('anthropic-ratelimit-requests-limit')).toBe('2')
	expect(passed.headers.get('anthropic-ratelimit-requests-remaining')).toBe('1')
	await call(proxy)
	const refused = await call(proxy)
	expect(refused.status).toBe(429)
	expect(refused.body.error).toMatchObject({
		type: 'rate_limit_error',
		message: expect.stringMatching(/more than 2 requests/),
	})
	expect(refused.headers.get('anthropic-ratelimit-requests-remaining')).toBe('0')
	const reset = Date.parse(refused.headers.get('anthropic-ratelimit-requests-reset') ?? '')
	const seconds = Number(refused.headers.get('retry-after'))
	expect(Math.abs(reset - Date.now() - seconds * 1000)).toBeLessThan(60_000)
})

test('many at once pass exactly up to the limit', async () => {
	const proxy = await start(5)
	const answers = await Promise.all(Array.from({ length: 12 }, () => call(proxy)))
	expect(answers.filter(({ status }) => status === 200)).toHaveLength(5)
	expect(answers.filter(({ status }) => status === 429)).toHaveLength(7)
})

test('while the database is away the instance counts for itself', { tags: ['own-counters'] }, async () => {
	const proxy = await start(1)
	await proxy.services.config.refresh()
	await proxy.services.database.execute('ALTER TABLE rate_windows RENAME TO windows_away')
	expect((await call(proxy)).status).toBe(200)
	expect((await call(proxy)).status).toBe(429)
	await proxy.services.database.execute('ALTER TABLE windows_away RENAME TO rate_windows')
})

test.each(['node', 'fetch'] as const)('who waits as long as told may pass (%s)', async adapter => {
	const upstream = await startOpenAiUpstream()
	const proxy = await startProxy(
		{ ENABLE_RATE_LIMIT: 'true', RATE_LIMIT_MAX_REQUESTS: '2', RATE_LIMIT_WINDOW: '3000' },
		adapter,
	)
	closing.push(proxy, upstream)
	await proxy.use({ type: 'openai', baseUrl: upstream.url })
	// At the same moment: a slow computer may need a window for one after the other.
	const answers = await Promise.all([call(proxy), call(proxy), call(proxy)])
	const [refused, ...more] = answers.filter(({ status }) => status !== 200)
	expect([refused?.status, more.length]).toEqual([429, 0])
	const seconds = Number(refused?.headers.get('retry-after'))
	expect(seconds).toBeGreaterThanOrEqual(1)
	expect(seconds).toBeLessThanOrEqual(4)
	await new Promise(resolve => setTimeout(resolve, seconds * 1000))
	expect((await call(proxy)).status).toBe(200)
})
