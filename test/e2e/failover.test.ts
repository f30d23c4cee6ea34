import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { call, hello, readEvents } from '../support/call.ts'
import { startProxy, type TestProxy } from '../support/proxy.ts'
import {
	type Fault,
	type ScriptedUpstream,
	startGeminiUpstream,
	startOpenAiUpstream,
} from '../support/upstreams/index.ts'

const keys = ['sk-first-key-0123456789', 'sk-second-key-012345678', 'sk-third-key-0123456789'] as const
const [first, second, third] = keys

let proxy: TestProxy
let upstream: ScriptedUpstream

beforeEach(async () => {
	;[proxy, upstream] = await Promise.all([startProxy(), startOpenAiUpstream({ keys })])
	await proxy.use({ type: 'openai', baseUrl: upstream.url }, [...keys])
})
afterEach(async () => {
	await Promise.all([proxy.close(), upstream.close()])
})

const triedKeys = () => upstream.requests.map(({ key }) => key)

/** Masks of the keys in the order the database has them. */
async function storedOrder(): Promise<string[]> {
	await proxy.services.config.flush()
	const config = await proxy.repository.read()
	return config.upstreams[0]!.keys.map(({ mask }) => mask.slice(-4))
}

const status = (code: number, error: object = { message: 'no' }, headers = {}): Fault => ({
	status: code,
	body: { error },
	headers,
})

describe('which failures go on to the next key, cool and demote', () => {
	const quota = {
		message: 'You exceeded your current quota',
		type: 'insufficient_quota',
		code: 'insufficient_quota',
	}
	const rows: [string, Fault, { next: boolean; cools: boolean; demotes: boolean }][] = [
		['401', status(401), { next: true, cools: true, demotes: false }],
		['403', status(403), { next: true, cools: true, demotes: false }],
		['402', status(402), { next: true, cools: true, demotes: true }],
		[
			'400 that says credits',
			status(400, { message: 'Insufficient credits', type: 'permission_error' }),
			{ next: true, cools: true, demotes: true },
		],
		[
			'403 that says 余额不足',
			status(403, { message: '余额不足' }),
			{ next: true, cools: true, demotes: true },
		],
		['429 that says quota', status(429, quota), { next: true, cools: true, demotes: true }],
		[
			'500 that says 预扣费',
			status(500, { message: '预扣费额度失败' }),
			{ next: true, cools: true, demotes: true },
		],
		['429', status(429, { message: 'slow down' }), { next: true, cools: true, demotes: false }],
		['408', status(408), { next: true, cools: true, demotes: false }],
		['500', status(500), { next: true, cools: true, demotes: false }],
		[
			'503 with a page',
			{ status: 503, body: '<html>busy</html>' },
			{ next: true, cools: true, demotes: false },
		],
		['529', status(529), { next: true, cools: true, demotes: false }],
		['a reset connection', 'reset', { next: true, cools: true, demotes: false }],
		['200 with a page', 'html', { next: true, cools: true, demotes: false }],
		['200 with nothing', 'empty', { next: true, cools: true, demotes: false }],
		[
			'200 with an error object',
			{ status: 200, body: { error: { message: 'x', type: 'server_error' } } },
			{ next: true, cools: true, demotes: false },
		],
		['400', status(400, { message: 'bad field' }), { next: false, cools: false, demotes: false }],
		['404', status(404), { next: false, cools: false, demotes: false }],
		['413', status(413), { next: false, cools: false, demotes: false }],
		['422', status(422), { next: false, cools: false, demotes: false }],
		[
			'a content policy refusal',
			status(400, { message: 'no', code: 'content_policy_violation' }),
			{ next: false, cools: false, demotes: false },
		],
	]

	test.each(rows)('%s', async (_name, fault, expected) => {
		upstream.keyFaults.set(first, fault)
		const answer = await call(proxy)
		expect(triedKeys()).toEqual(expected.next ? [first, second] : [first])
		if (expected.next) expect(answer.body.content[0].text).toBe('You said: Hi')
		else expect(answer.status).toBe(typeof fault === 'object' ? fault.status : 0)

		const order = [first, second, third].map(key => key.slice(-4))
		expect(await storedOrder()).toEqual(expected.demotes ? [order[1], order[2], order[0]] : order)

		upstream.keyFaults.delete(first)
		upstream.requests.length = 0
		await call(proxy)
		expect(triedKeys()).toEqual([expected.cools ? second : first])
	})

	test('an error as the first event of a 200 stream still moves to the next key', async () => {
		upstream.script({ text: 'never', errorAfterEvents: 0 }, { text: 'from the second key' })
		const answer = await call(proxy, { ...hello, stream: true })
		expect(triedKeys()).toEqual([first, second])
		const events = readEvents(answer.text)
		expect(events.filter(({ type }) => type === 'message_start')).toHaveLength(1)
		expect(events.map(({ type }) => type)).not.toContain('error')
		expect(answer.text).toContain('second')
	})

	test('an error after the first content ends the stream, and no other key is tried', async () => {
		upstream.script({ text: ['some ', 'text'], errorAfterEvents: 3 })
		const answer = await call(proxy, { ...hello, stream: true })
		expect(triedKeys()).toEqual([first])
		const types = readEvents(answer.text).map(({ type }) => type)
		expect(types.slice(-2)).toEqual(['content_block_stop', 'error'])
		expect(types).not.toContain('message_stop')
		// By the end of another request, a further attempt of this one would have been seen.
		await proxy.settle()
		await call(proxy)
		expect(triedKeys()).toEqual([first, second])
	})
})

describe('when every key fails', () => {
	test('the last error comes with its status and JSON, completed to an envelope', async () => {
		upstream.keyFaults.set(first, status(500, { message: 'one' }))
		upstream.keyFaults.set(second, status(500, { message: 'two' }))
		upstream.keyFaults.set(
			third,
			status(503, { message: 'three', code: 'busy', param: null }, { 'retry-after': '7' }),
		)
		const answer = await call(proxy)
		expect(answer.status).toBe(503)
		expect(answer.body).toEqual({
			type: 'error',
			error: { type: 'api_error', message: 'three', code: 'busy', param: null },
			request_id: answer.headers.get('request-id'),
		})
		expect(answer.headers.get('x-claude-proxy-attempts')).toBe('3')
		expect(answer.headers.get('retry-after')).toBe('7')
		expect(answer.headers.get('x-should-retry')).toBeNull()
		expect(await storedOrder()).toEqual([first, second, third].map(key => key.slice(-4)))
	})

	test('nothing of the upstream’s own envelope is renamed or removed', async () => {
		const body = {
			type: 'failure',
			error: { type: 'insufficient_quota', message: 'empty', more: [1] },
			hint: 'pay',
		}
		for (const key of keys) upstream.keyFaults.set(key, { status: 429, body })
		const answer = await call(proxy)
		expect(answer.body).toEqual({ ...body, request_id: expect.any(String) })
		expect(await storedOrder()).toEqual([first, second, third].map(key => key.slice(-4)))
	})

	test('a body that is not JSON becomes the message of an envelope', async () => {
		for (const key of keys)
			upstream.keyFaults.set(key, { status: 502, body: '<html><h1>Bad Gateway</h1></html>' })
		const answer = await call(proxy)
		expect(answer.status).toBe(502)
		expect(answer.body).toMatchObject({ type: 'error', error: { type: 'api_error', message: 'Bad Gateway' } })
	})

	test('all refused for auth or balance: trying again is of no use', async () => {
		upstream.keyFaults.set(first, status(401))
		upstream.keyFaults.set(second, status(402))
		upstream.keyFaults.set(third, status(401))
		const answer = await call(proxy)
		expect(answer.status).toBe(401)
		expect(answer.headers.get('x-should-retry')).toBe('false')
	})

	test('a key that the error quotes is masked', async () => {
		for (const key of keys) upstream.keyFaults.set(key, status(401, { message: `Incorrect API key: ${key}` }))
		const answer = await call(proxy)
		for (const key of keys) expect(answer.text + proxy.logs()).not.toContain(key)
		expect(answer.body.error.message).toContain('sk-…6789')
	})

	test('all cooling: a request is still tried rather than refused', async () => {
		for (const key of keys) upstream.keyFaults.set(key, status(500))
		await call(proxy)
		upstream.keyFaults.clear()
		const answer = await call(proxy)
		expect(answer.status).toBe(200)
	})

	test('a stream request gets an HTTP error while nothing of the stream was sent', async () => {
		for (const key of keys) upstream.keyFaults.set(key, status(500, { message: 'down' }))
		const answer = await call(proxy, { ...hello, stream: true })
		expect(answer.status).toBe(500)
		expect(answer.headers.get('content-type')).toBe('application/json')
	})
})

describe('errors inside a 200 of Gemini, whose limits per minute and per day share one sentence', () => {
	const limit = (quotaId: string): Fault => ({
		status: 200,
		body: {
			error: {
				code: 429,
				message: 'You exceeded your current quota, please check your plan and billing details.',
				status: 'RESOURCE_EXHAUSTED',
				details: [
					{ violations: [{ quotaId }] },
					{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '34.07s' },
				],
			},
		},
	})

	test('a limit per day demotes the key, one per minute does not, and the client reads Google’s own words', async () => {
		const gemini = await startGeminiUpstream({ keys, models: ['gemini-2.5-flash'] })
		try {
			const id = await proxy.use({ type: 'gemini', baseUrl: gemini.url }, [...keys])
			const masks = async () => {
				await proxy.services.config.flush()
				const { upstreams } = await proxy.repository.read()
				return upstreams.find(one => one.id === id)?.keys.map(({ mask }) => mask.slice(-4))
			}
			const ask = { ...hello, model: 'gemini-2.5-flash' }
			const order = [first, second, third].map(key => key.slice(-4))
			gemini.keyFaults.set(first, limit('GenerateRequestsPerMinutePerProjectPerModel-FreeTier'))
			gemini.keyFaults.set(second, limit('GenerateRequestsPerDayPerProjectPerModel-FreeTier'))
			expect((await call(proxy, ask)).status).toBe(200)
			expect(await masks()).toEqual([order[0], order[2], order[1]])

			for (const key of keys) {
				gemini.keyFaults.set(key, limit('GenerateRequestsPerMinutePerProjectPerModel-FreeTier'))
			}
			const answer = await call(proxy, ask)
			expect(answer.status).toBe(429)
			expect(answer.headers.get('retry-after')).toBe('35')
			expect(answer.body.error).toMatchObject({ code: 429, status: 'RESOURCE_EXHAUSTED' })
			expect(answer.body.error.details).toHaveLength(2)
		} finally {
			await gemini.close()
		}
	})
})

describe('an error that is not retried', () => {
	test('has the type that fits its status, the upstream’s message, and the upstream’s JSON beside it', async () => {
		const body = { error: { message: 'max_tokens is too large', type: 'invalid', param: 'max_tokens' } }
		upstream.keyFaults.set(first, { status: 400, body })
		const answer = await call(proxy)
		expect(answer.status).toBe(400)
		expect(answer.body).toEqual({
			type: 'error',
			error: { type: 'invalid_request_error', message: 'max_tokens is too large' },
			request_id: answer.headers.get('request-id'),
			upstream: body,
		})
	})
})

describe('strategies', () => {
	test('round-robin uses each key in turn', { tags: ['own-counters'] }, async () => {
		await proxy.repository.setStrategy('round-robin', { author: 'cli' })
		await proxy.services.config.refresh()
		for (let count = 0; count < 6; count++) await call(proxy)
		const used = triedKeys()
		expect([...used.slice(0, 3)].sort()).toEqual([...keys].sort())
		expect(used.slice(3)).toEqual(used.slice(0, 3))
	})

	test('failover uses the first', async () => {
		for (let count = 0; count < 3; count++) await call(proxy)
		expect(triedKeys()).toEqual([first, first, first])
	})
})

test('a success after the cooldown clears the streak', async () => {
	upstream.keyFaults.set(first, status(500))
	await call(proxy)
	await proxy.services.config.flush()
	const streak = async () => {
		const rows = await proxy.services.database.execute('SELECT streak FROM key_states')
		return rows.map(row => row.streak)
	}
	expect(await streak()).toEqual([1])

	await proxy.services.database.execute('UPDATE key_states SET cooldown_until = 1')
	await proxy.services.config.refresh()
	upstream.keyFaults.delete(first)
	upstream.requests.length = 0
	await call(proxy)
	expect(triedKeys()).toEqual([first])
	await proxy.services.config.flush()
	expect(await streak()).toEqual([0])
})
