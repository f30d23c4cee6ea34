import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { call, hello } from '../support/call.ts'
import { startProxy, type TestProxy } from '../support/proxy.ts'
import {
	type Fault,
	type ScriptedUpstream,
	startAnthropicUpstream,
	startGeminiUpstream,
	startOpenAiUpstream,
	startResponsesUpstream,
} from '../support/upstreams/index.ts'

const keys = ['sk-first-key-0123456789', 'sk-second-key-012345678'] as const
const [first, second] = keys
const minute = 60_000

let proxy: TestProxy
let upstream: ScriptedUpstream

async function setUp(
	type: string,
	start: (options: { keys: string[] }) => Promise<ScriptedUpstream>,
): Promise<void> {
	;[proxy, upstream] = await Promise.all([startProxy(), start({ keys: [...keys] })])
	await proxy.use({ type, baseUrl: upstream.url }, [...keys])
}

afterEach(async () => {
	await Promise.all([proxy.close(), upstream.close()])
})

const usedKeys = () => upstream.requests.splice(0).map(({ key }) => key)

/** Scope -> cooldown in ms, of the keys that cool. */
async function readCooldowns(): Promise<Record<string, number>> {
	await proxy.services.config.flush()
	const rows = await proxy.services.database.execute(
		'SELECT scope, cooldown_until - last_fail_at AS ms FROM key_states',
	)
	return Object.fromEntries(rows.map(({ scope, ms }) => [String(scope), Number(ms)]))
}

describe('trap 22: cooldowns hit what is at fault, and no more', () => {
	beforeEach(() => setUp('openai', startOpenAiUpstream))
	const limited = (wait?: string): Fault => ({
		status: 429,
		body: { error: { message: 'Too fast' } },
		headers: wait ? { 'retry-after': wait } : {},
	})

	test('a rate limit holds for its model only', async () => {
		upstream.keyFaults.set(first, limited())
		await call(proxy, { ...hello, model: 'gpt-4o' })
		upstream.keyFaults.clear()
		usedKeys()
		await call(proxy, { ...hello, model: 'gpt-4o' })
		await call(proxy, { ...hello, model: 'gpt-4o-mini' })
		expect(usedKeys()).toEqual([second, first])
		expect(await readCooldowns()).toEqual({ 'gpt-4o': minute })
	})

	test.each([
		['7', 7000],
		['86400', 60 * minute],
	])('a wait of %s s that the upstream asks for is kept, up to an hour', async (wait, expected) => {
		upstream.keyFaults.set(first, limited(wait))
		await call(proxy)
		expect(await readCooldowns()).toEqual({ 'gpt-4o': expected })
	})

	test('a request at fault benches no key', async () => {
		for (const status of [400, 404, 413, 422]) {
			upstream.keyFaults.set(first, { status, body: { error: { message: 'invalid request' } } })
			await call(proxy)
		}
		expect(usedKeys()).toEqual([first, first, first, first])
		expect(await readCooldowns()).toEqual({})
	})

	test('many requests that fail together are one incident', async () => {
		upstream.keyFaults.set(first, { status: 500 })
		await Promise.all(Array.from({ length: 8 }, () => call(proxy)))
		await proxy.services.config.flush()
		const rows = await proxy.services.database.execute(
			'SELECT streak, cooldown_until - last_fail_at AS ms FROM key_states',
		)
		expect(rows).toMatchObject([{ streak: 1 }])
		expect(rows[0]?.ms).toBeLessThanOrEqual(5 * minute)
	})
})

describe('trap 23: the status and type that a client can act on', () => {
	beforeEach(() => setUp('gemini', startGeminiUpstream))

	test.each([
		[400, 'invalid_request_error'],
		[401, 'authentication_error'],
		[402, 'billing_error'],
		[403, 'permission_error'],
		[404, 'not_found_error'],
		[413, 'request_too_large'],
		[429, 'rate_limit_error'],
		[500, 'api_error'],
		[504, 'timeout_error'],
		[529, 'overloaded_error'],
	])('%i is a %s', async (status, type) => {
		const body = { error: { code: status, message: 'Google says no', status: 'WHATEVER' } }
		for (const key of keys) upstream.keyFaults.set(key, { status, body })
		const answer = await call(proxy, { ...hello, model: 'gemini-2.5-flash' })
		expect(answer.status).toBe(status)
		expect(answer.body).toMatchObject({ type: 'error', error: { type, message: 'Google says no' } })
		expect(answer.body.request_id).toBe(answer.headers.get('request-id'))
	})
})

describe('clients 14: the ways in which vendors say that a key is at its end', () => {
	test.each([
		['openai', 'gpt-4o', startOpenAiUpstream, 'insufficient_quota as 429', 'quota', true],
		['openai', 'gpt-4o', startOpenAiUpstream, 'a bad key', 'invalidKey', false],
		['responses', 'gpt-4o', startResponsesUpstream, 'insufficient_quota as 429', 'quota', true],
		['gemini', 'gemini-2.5-flash', startGeminiUpstream, 'RESOURCE_EXHAUSTED', 'quota', true],
		['gemini', 'gemini-2.5-flash', startGeminiUpstream, '400 API_KEY_INVALID', 'invalidKey', false],
		['claude', 'claude-sonnet-5-5', startAnthropicUpstream, '400 credit balance is too low', 'quota', true],
		['claude', 'claude-sonnet-5-5', startAnthropicUpstream, '401', 'invalidKey', false],
		['claude', 'claude-sonnet-5-5', startAnthropicUpstream, '429', 'rateLimit', false],
	] as const)('%s (%s): another key answers', async (type, model, start, _words, fault, demotes) => {
		await setUp(type, start)
		upstream.keyFaults.set(first, upstream.faults[fault])
		const answer = await call(proxy, { ...hello, model })
		expect(answer.status).toBe(200)
		expect(usedKeys()).toEqual([first, second])
		await proxy.services.config.flush()
		const { upstreams } = await proxy.repository.read()
		const order = upstreams[0]?.keys.map(({ mask }) => mask.slice(-4))
		const given = keys.map(key => key.slice(-4))
		expect(order).toEqual(demotes ? given.toReversed() : given)
	})
})
