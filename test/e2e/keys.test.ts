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

describe('a key whose cooldown is over', { tags: ['own-counters'] }, () => {
	beforeEach(() => setUp('openai', startOpenAiUpstream))

	/** The first key fails and cools; then its cooldown is over, and the upstream is well again. */
	async function letCooldownPass(fault: Fault = { status: 500 }): Promise<void> {
		upstream.keyFaults.set(first, fault)
		await call(proxy)
		upstream.keyFaults.clear()
		await proxy.services.config.flush()
		await proxy.services.database.execute('UPDATE key_states SET cooldown_until = last_fail_at')
		await proxy.services.config.refresh()
		usedKeys()
	}

	/** What the first key is asked for waits until the gate opens. */
	function holdFirstKey() {
		const gate = upstream.gate()
		upstream.onRequest = ({ key }) => (key === first ? { text: 'held', gate } : undefined)
		return gate
	}

	async function listKinds(): Promise<string[]> {
		await proxy.services.config.flush()
		const { upstreams } = await proxy.repository.read()
		const events = await proxy.repository.listKeyEvents(upstreams[0]!.keys[0]!.id)
		return events.map(({ kind }) => kind)
	}

	test('is tried by one of many requests; the others use other keys meanwhile', async () => {
		await letCooldownPass()
		const gate = holdFirstKey()
		const answers = Promise.all(Array.from({ length: 20 }, () => call(proxy)))
		await expect.poll(() => upstream.requests.length).toBe(20)
		expect(usedKeys().toSorted()).toEqual([first, ...Array.from({ length: 19 }, () => second)].toSorted())
		gate.open()
		expect((await answers).map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200))
		await call(proxy)
		expect(usedKeys()).toEqual([first])
		expect(await listKinds()).toEqual(['recovered', 'probe', 'failed'])
	})

	test('cools twice as long when it fails again', async () => {
		await letCooldownPass()
		upstream.keyFaults.set(first, { status: 500 })
		const answers = await Promise.all(Array.from({ length: 6 }, () => call(proxy)))
		expect(answers.every(({ status }) => status === 200)).toBe(true)
		expect(usedKeys().filter(key => key === first)).toHaveLength(1)
		expect(await readCooldowns()).toEqual({ '': 10 * minute })
	})

	test('is tried by the next request when the client of the first one leaves', async () => {
		await letCooldownPass()
		holdFirstKey()
		const client = new AbortController()
		const left = call(proxy, hello, { signal: client.signal }).catch(() => 'left')
		await expect.poll(() => usedKeys()).toEqual([first])
		client.abort()
		expect(await left).toBe('left')
		await upstream.waitForAbort()
		upstream.onRequest = undefined
		await call(proxy)
		expect(usedKeys()).toEqual([first])
		expect(await listKinds()).toEqual(['recovered', 'probe', 'failed'])
	})

	test('is tried by the next request when the first one was itself at fault', async () => {
		await letCooldownPass()
		upstream.keyFaults.set(first, { status: 400, body: { error: { message: 'invalid request' } } })
		expect((await call(proxy)).status).toBe(400)
		upstream.keyFaults.clear()
		await call(proxy)
		expect(usedKeys()).toEqual([first, first])
	})

	test('is tried for the model whose limit it met; for others it was ready all the time', async () => {
		await letCooldownPass({ status: 429, body: { error: { message: 'Too fast' } } })
		const gate = holdFirstKey()
		const models = ['gpt-4o', 'gpt-4o', 'gpt-4o-mini', 'gpt-4o-mini']
		const answers = Promise.all(models.map(model => call(proxy, { ...hello, model })))
		await expect.poll(() => upstream.requests.length).toBe(4)
		const used = upstream.requests.map(({ key, body }) => [(body as { model: string }).model, key])
		expect(used.toSorted()).toEqual(
			[
				['gpt-4o', first],
				['gpt-4o', second],
				['gpt-4o-mini', first],
				['gpt-4o-mini', first],
			].toSorted(),
		)
		gate.open()
		await answers
	})

	test('is used by all rather than refuse any, when there is no other', async () => {
		await letCooldownPass()
		const { upstreams } = await proxy.repository.read()
		await proxy.repository.setKeyEnabled(upstreams[0]!.keys[1]!.id, false, { author: 'cli' })
		await proxy.services.config.refresh()
		const gate = holdFirstKey()
		const answers = Promise.all(Array.from({ length: 5 }, () => call(proxy)))
		await expect.poll(() => upstream.requests.length).toBe(5)
		gate.open()
		expect((await answers).map(({ status }) => status)).toEqual([200, 200, 200, 200, 200])
	})
})

test('a cooldown that a person clears is over', async () => {
	await setUp('openai', startOpenAiUpstream)
	upstream.keyFaults.set(first, { status: 500 })
	await call(proxy)
	upstream.keyFaults.clear()
	await proxy.services.config.flush()
	const { upstreams } = await proxy.repository.read()
	await proxy.repository.clearCooldown(upstreams[0]!.keys[0]!.id, { author: 'cli' })
	await proxy.services.config.refresh()
	usedKeys()
	await call(proxy)
	expect(usedKeys()).toEqual([first])
})

test('a request chooses by what is known then, not by what was known when it began', {
	tags: ['inside-process'],
}, async () => {
	const third = 'sk-third-key-0123456789'
	;[proxy, upstream] = await Promise.all([startProxy(), startOpenAiUpstream()])
	await proxy.use({ type: 'openai', baseUrl: upstream.url }, [first, second, third])
	const { promise, resolve } = Promise.withResolvers<void>()
	upstream.script(async () => {
		await promise
		return { fault: { status: 500 } }
	})
	const answer = call(proxy)
	await upstream.waitForRequest()
	const { upstreams } = await proxy.repository.read()
	proxy.services.config.failed({
		...{ keyId: upstreams[0]!.keys[1]!.id, scope: '', status: 401, failureClass: 'auth', message: 'no' },
		...{ baseMs: minute, maxMs: minute, retryAfterMs: 0, ageMs: 0 },
	})
	resolve()
	expect((await answer).status).toBe(200)
	expect(usedKeys()).toEqual([first, third])
})
