import { randomBytes } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import Anthropic from '@anthropic-ai/sdk'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { askAdmin } from '../../support/admin.ts'
import { call, hello, readEvents } from '../../support/call.ts'
import { type HranaProcess, startHranaProcess } from '../../support/hrana-server.ts'
import { prepared } from '../../support/places/place.ts'
import { accessKey, startProxy, type TestProxy } from '../../support/proxy.ts'
import { type ScriptedUpstream, startOpenAiUpstream } from '../../support/upstreams/index.ts'
import type { InvocationStats } from '../../support/vercel-output/invoke.ts'
import { startWebhookReceiver } from '../../support/webhook-receiver.ts'

let server: HranaProcess
let upstream: ScriptedUpstream
const running: TestProxy[] = []
beforeEach(async () => {
	;[server, upstream] = await Promise.all([startHranaProcess(), startOpenAiUpstream()])
})
afterEach(async () => {
	await Promise.all(running.splice(0).map(proxy => proxy.close()))
	await Promise.all([server.stop(), upstream.close()])
})

/** A cold instance over the test's database. */
async function start(variables: Record<string, string> = {}): Promise<TestProxy> {
	const database = { TURSO_DATABASE_URL: server.url, TURSO_AUTH_TOKEN: server.token }
	const proxy = await startProxy({ ...database, ...variables })
	running.push(proxy)
	return proxy
}

/** The database holds an upstream, and no instance is warm. */
async function setUp(): Promise<void> {
	const first = await start()
	await first.use({ type: 'openai', baseUrl: upstream.url })
}

const readInstance = async (proxy: TestProxy): Promise<InvocationStats> =>
	(await (await fetch(`${proxy.url}/__instance`)).json()) as InvocationStats

describe('a cold instance', () => {
	test('says so while its database is away, and works as soon as it is back', async () => {
		await setUp()
		const proxy = await start()
		await server.takeDown()
		const refused = await call(proxy)
		expect(refused).toMatchObject({ status: 503, body: { error: { type: 'api_error' } } })
		expect(refused.headers.get('retry-after')).toBe('5')
		await server.bringUp()
		await expect.poll(async () => (await call(proxy)).status, { timeout: 10_000 }).toBe(200)
	})

	test('comes up over a database that is slow, and one that hangs delays no warm request', async () => {
		await setUp()
		const proxy = await start()
		await server.control({ latencyMs: 1500 })
		expect((await call(proxy)).status).toBe(200)
		await server.control({ fault: 'hang' })
		expect((await call(proxy)).status).toBe(200)
		await server.control({})
	})
})

test('what follows an answer is promised before it ends, so that it is not lost', async () => {
	await setUp()
	const proxy = await start()
	expect((await call(proxy)).status).toBe(200)
	expect((await call(proxy, { ...hello, stream: true })).status).toBe(200)
	await expect.poll(async () => (await readInstance(proxy)).running, { timeout: 5000 }).toBe(0)
	// No request and no health check came since: the instance would be frozen now.
	const rows = await proxy.services.database.execute('SELECT outcome FROM request_log')
	expect(rows).toEqual([{ outcome: 'ok' }, { outcome: 'ok' }])
	expect(await readInstance(proxy)).toMatchObject({ late: 0, cutOff: 0 })
})

test('a key’s demotion is written and told by an instance that has only just begun, before it is frozen', async () => {
	const secret = `whsec_${randomBytes(24).toString('base64')}`
	const receiver = await startWebhookReceiver(secret)
	const keys = ['sk-first-key-0123456789', 'sk-second-key-012345678']
	const first = await start()
	await first.use({ type: 'openai', baseUrl: upstream.url }, keys)
	const webhook = { name: 'chat', url: receiver.url, secret, events: ['key-demoted'] }
	expect((await askAdmin(first, 'POST', '/webhooks', webhook)).status).toBe(201)
	const error = { type: 'insufficient_quota', code: 'insufficient_quota', message: 'no quota' }
	upstream.keyFaults.set(keys[0] as string, { status: 429, body: { error } })
	const proxy = await start()
	expect((await call(proxy)).status).toBe(200)
	await expect.poll(async () => (await readInstance(proxy)).running, { timeout: 10_000 }).toBe(0)
	expect(receiver.received).toMatchObject([{ type: 'key-demoted', signed: true }])
	const rows = await proxy.services.database.execute('SELECT last_class FROM key_states')
	expect(rows).toEqual([{ last_class: 'quota' }])
	expect(await readInstance(proxy)).toMatchObject({ late: 0, cutOff: 0 })
	await receiver.close()
})

test('a client that leaves frees the instance, and the request is recorded all the same', async () => {
	await setUp()
	const proxy = await start()
	const gate = upstream.gate()
	upstream.script({ text: ['some ', 'more'], gate })
	const leaving = new AbortController()
	const answer = call(proxy, { ...hello, stream: true }, { signal: leaving.signal })
	answer.catch(() => {})
	gate.release(2)
	await upstream.waitForRequest()
	leaving.abort()
	expect((await upstream.waitForAbort()).aborted).toBe(true)
	await expect.poll(async () => (await readInstance(proxy)).running, { timeout: 5000 }).toBe(0)
	const rows = await proxy.services.database.execute('SELECT outcome FROM request_log')
	expect(rows).toEqual([{ outcome: 'cancelled' }])
})

test('a stream ends by itself before the platform would cut it off', async () => {
	await setUp()
	const proxy = await start({ MAX_DURATION: '2' })
	upstream.script({ text: ['some ', 'more'], stallAfterEvents: 2 })
	const { text } = await call(proxy, { ...hello, stream: true })
	expect(readEvents(text).at(-1)).toMatchObject({ type: 'error', error: { type: 'timeout_error' } })
	expect((await readInstance(proxy)).cutOff).toBe(0)
})

test('a body above the platform’s limit is its own 413, which the SDK understands', async () => {
	await setUp()
	const proxy = await start()
	const client = new Anthropic({ baseURL: proxy.url, apiKey: accessKey, maxRetries: 0 })
	const request = (length: number) =>
		client.messages.create({
			...{ model: 'gpt-4o', max_tokens: 10 },
			messages: [{ role: 'user', content: 'x'.repeat(length) }],
		})
	await expect(request(5_000_000)).rejects.toMatchObject({ status: 413 })
	await expect(request(4_000_000)).resolves.toMatchObject({ type: 'message' })
})

test('the function is small and has no native code', () => {
	const folder = join(prepared('CLAUDE_PROXY_TREE'), '.vercel/output/functions/api/index.func')
	const { filePathMap = {} } = JSON.parse(readFileSync(join(folder, '.vc-config.json'), 'utf8'))
	const own = readdirSync(folder, { recursive: true, encoding: 'utf8' })
	const files = [...own, ...Object.keys(filePathMap)]
	expect(files.filter(name => name.endsWith('.node'))).toEqual([])
	const sizes = [
		...own.map(name => join(folder, name)),
		...Object.values<string>(filePathMap).map(name => join(prepared('CLAUDE_PROXY_TREE'), name)),
	].map(file => statSync(file).size)
	expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(4_000_000)
})

describe('a preview deployment', () => {
	test('without a database of its own refuses, and leaves that of production alone', async () => {
		await setUp()
		const before = await server.stats()
		const proxy = await start({ VERCEL_ENV: 'preview' })
		const made = (await server.stats()).requests
		const answer = await call(proxy)
		expect(answer).toMatchObject({ status: 503, body: { error: { type: 'api_error' } } })
		expect(answer.body.error.message).toContain('PREVIEW_TURSO_DATABASE_URL')
		expect((await server.stats()).requests).toBe(made)
		expect(made).toBeGreaterThan(before.requests)
		expect((await fetch(proxy.url)).status).toBe(200)
	})

	test('uses its own', async () => {
		await setUp()
		const own = { PREVIEW_TURSO_DATABASE_URL: server.url, PREVIEW_TURSO_AUTH_TOKEN: server.token }
		const wrong = { TURSO_DATABASE_URL: 'http://127.0.0.1:9', TURSO_AUTH_TOKEN: 'none' }
		const proxy = await start()
		expect((await call(proxy)).status).toBe(200)
		const { startPlacedVercel } = await import('./start-vercel.ts')
		const preview = await startPlacedVercel({ VERCEL_ENV: 'preview', ...wrong, ...own })
		expect((await call(preview)).status).toBe(200)
		await preview.stop()
	})
})
