import { readFile } from 'node:fs/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Recording } from '../../core/config/recording.ts'
import { askAdmin } from '../support/admin.ts'
import { call, hello, readEvents } from '../support/call.ts'
import { accessKey, startProxy, type TestProxy } from '../support/proxy.ts'
import {
	type ScriptedUpstream,
	startAnthropicUpstream,
	startOpenAiUpstream,
} from '../support/upstreams/index.ts'

const keys = ['sk-NEVERSTORED-first-9a8b7c6d5e', 'sk-NEVERSTORED-second-4f3e2d1c0b'] as const
const foreignKey = 'sk-proj-NEVERSTORED-ofSomebody12345678'
const headerSecret = 'header-NEVERSTORED-1122334455'
const queryKey = 'query-NEVERSTORED-0099887766'
const planted = [...keys, foreignKey, headerSecret, queryKey, accessKey]

type Mode = Recording['mode']

async function record(proxy: TestProxy, recording: Partial<Recording>) {
	const body = { recording: { mode: 'errors', maxKb: 256, days: 7, ...recording } }
	expect((await askAdmin(proxy, 'PATCH', '/settings', body)).status).toBe(200)
}

/** The bodies of the request that an answer is of. */
async function readPayloads(proxy: TestProxy, { headers }: { headers: Headers }) {
	await proxy.services.flush()
	return (await askAdmin(proxy, 'GET', `/requests/${headers.get('request-id')}/payloads`)).body
}

/** The database file with what is still in its journal. */
async function readDatabase({ services }: TestProxy): Promise<string> {
	const path = services.environment.TURSO_DATABASE_URL.replace(/^file:/, '')
	const parts = await Promise.all([readFile(path), readFile(`${path}-wal`).catch(() => Buffer.alloc(0))])
	return Buffer.concat(parts).toString('latin1')
}

describe.each(['node', 'fetch'] as const)('recording through the %s adapter', adapter => {
	let proxy: TestProxy
	let upstream: ScriptedUpstream

	beforeEach(async () => {
		;[proxy, upstream] = await Promise.all([
			startProxy({}, adapter),
			startOpenAiUpstream({ keys: [...keys] }),
		])
		const baseUrl = `${upstream.url}/v1?key=${queryKey}`
		await proxy.use({ type: 'openai', baseUrl, extraHeaders: { 'x-team': headerSecret } }, [...keys])
	})
	afterEach(async () => {
		await Promise.all([proxy.close(), upstream.close()])
	})

	const outcomes = {
		'an answer': {
			wanted: ['all'],
			run: () => call(proxy),
		},
		'a stream': {
			wanted: ['all'],
			run: () => call(proxy, { ...hello, stream: true }),
		},
		'a refusal of the upstream': {
			wanted: ['all', 'errors'],
			run() {
				upstream.script({ fault: { status: 400, body: { error: { message: 'bad temperature' } } } })
				return call(proxy)
			},
		},
		'a refusal of the proxy': {
			wanted: ['all', 'errors'],
			run: () => call(proxy, { model: 'gpt-4o' }),
		},
		'the failure of all keys': {
			wanted: ['all', 'errors'],
			run() {
				for (const key of keys) upstream.keyFaults.set(key, upstream.faults.rateLimit ?? 'reset')
				return call(proxy)
			},
		},
		'a failover': {
			wanted: ['all'],
			run() {
				upstream.keyFaults.set(keys[0], { status: 500, body: { error: { message: 'busy' } } })
				return call(proxy)
			},
		},
		'a stream that breaks in the middle': {
			wanted: ['all', 'errors'],
			run() {
				upstream.script({ text: ['half ', 'lost'], cutAfterEvents: 3 })
				return call(proxy, { ...hello, stream: true })
			},
		},
	}

	for (const mode of ['off', 'errors', 'all'] satisfies Mode[]) {
		for (const [name, { wanted, run }] of Object.entries(outcomes)) {
			const isWanted = wanted.includes(mode)
			test(`${mode}: ${name} is ${isWanted ? 'recorded' : 'not recorded'}`, async () => {
				await record(proxy, { mode })
				const answer = await run()
				const payloads = await readPayloads(proxy, answer)
				if (!isWanted) {
					expect(payloads).toBeNull()
					expect(await proxy.services.database.execute('SELECT * FROM payloads')).toEqual([])
					return
				}
				expect(payloads.mode).toBe(mode)
				const { clientRequest, upstreamRequest, upstreamAnswer, clientAnswer } = payloads
				expect(JSON.parse(clientRequest.text)).toMatchObject({ model: 'gpt-4o' })
				expect(clientAnswer.status).toBe(answer.status)
				if (clientAnswer.events) {
					const events = clientAnswer.events.map(({ text }: { text: string }) => text).join('\n\n')
					expect(readEvents(`${events}\n\n`)).toEqual(readEvents(answer.text))
				} else expect(clientAnswer.text).toBe(answer.text)
				const last = upstream.requests.at(-1)
				if (last === undefined) return expect([upstreamRequest, upstreamAnswer]).toEqual([null, null])
				expect(upstreamRequest.text).toBe(last.rawBody.toString())
				expect(upstreamRequest.headers.authorization).toMatch(/^Bearer sk-…/)
				expect(upstreamAnswer.status).toBeGreaterThanOrEqual(200)
			})
		}
	}

	test.each(['errors', 'all'] as const)('%s: a client that leaves', async mode => {
		await record(proxy, { mode })
		const gate = upstream.gate()
		upstream.script({ text: ['some ', 'more'], gate })
		const leaving = new AbortController()
		const asked = call(proxy, { ...hello, stream: true }, { signal: leaving.signal }).catch(() => undefined)
		await upstream.waitForRequest()
		leaving.abort()
		await Promise.all([asked, upstream.waitForAbort()])
		await proxy.services.flush()
		const rows = await proxy.services.database.execute('SELECT request_id FROM payloads')
		expect(rows).toHaveLength(mode === 'all' ? 1 : 0)
	})

	test('no key is in what is stored, whoever wrote it', { tags: ['database-file'] }, async () => {
		await record(proxy, { mode: 'all' })
		const body = {
			...hello,
			messages: [{ role: 'user', content: `keep\n${planted.join('\n')} for my eyes only` }],
		}
		const quoting = { error: { message: `Incorrect API key provided: ${keys[0]}. See /x?key=${queryKey}` } }
		upstream.keyFaults.set(keys[0], { status: 401, body: quoting, headers: { 'x-echo': `key ${keys[0]}` } })
		const answers = [await call(proxy, body), await call(proxy, { ...body, stream: true })]
		upstream.keyFaults.set(keys[1], { status: 400, body: quoting })
		answers.push(await call(proxy, body, { headers: { cookie: `session=${headerSecret}` } }))
		await proxy.services.flush()
		const told = await Promise.all(answers.map(answer => readPayloads(proxy, answer)))
		expect(told.map(({ clientRequest }) => clientRequest.redacted)).toEqual([true, true, true])
		const rows = await proxy.services.database.execute('SELECT request_id FROM payloads')
		expect(rows).toHaveLength(3)
		const opened = await Promise.all(rows.map(row => proxy.services.payloads.find(String(row.request_id))))
		const texts = [JSON.stringify(opened), JSON.stringify(told)]
		expect(texts.map(text => text.includes('for my eyes only'))).toEqual([true, true])
		expect(planted.filter(secret => texts.some(text => text.includes(secret)))).toEqual([])
		const stored = await readDatabase(proxy)
		expect(stored).toContain('CREATE TABLE `payloads`')
		expect(stored).not.toContain('for my eyes only')
	})
})

describe('recording', () => {
	let proxy: TestProxy
	let upstream: ScriptedUpstream
	const big = 'x'.repeat(50_000)

	beforeEach(async () => {
		;[proxy, upstream] = await Promise.all([startProxy(), startAnthropicUpstream({ keys: [...keys] })])
		await proxy.use({ type: 'claude', baseUrl: upstream.url }, [...keys])
		await record(proxy, { mode: 'all', maxKb: 8 })
	})
	afterEach(async () => {
		await Promise.all([proxy.close(), upstream.close()])
	})

	const request = { ...hello, model: 'claude-sonnet-5-5' }

	test('keeps the beginning of a long request, and both ends of a long answer', async () => {
		upstream.script({ text: ['first ', big, ' last'] })
		const messages = [{ role: 'user', content: `${big}end` }]
		const answer = await call(proxy, { ...request, messages, stream: true })
		const { clientRequest, upstreamAnswer, clientAnswer } = await readPayloads(proxy, answer)
		expect(clientRequest).toMatchObject({ truncated: true, bytes: expect.any(Number) })
		expect(clientRequest.bytes).toBeGreaterThan(50_000)
		expect(clientRequest.text.length).toBe(8 * 1024)
		for (const { events, truncated, bytes } of [upstreamAnswer, clientAnswer]) {
			expect(truncated).toBe(true)
			expect(bytes).toBe(Buffer.byteLength(answer.text))
			const text = events.map((event: { text: string }) => event.text).join('')
			expect(text.length).toBeLessThan(9 * 1024)
			expect(text).toContain('first ')
			expect(text).toContain('bytes are left out')
			expect(text).toContain('message_stop')
		}
	})

	test('tells when each event came', async () => {
		const gate = upstream.gate()
		upstream.script({ text: ['first ', 'second'], gate })
		const asked = fetch(`${proxy.url}/v1/messages`, {
			method: 'POST',
			headers: { 'content-type': 'application/json', 'x-api-key': accessKey },
			body: JSON.stringify({ ...request, stream: true }),
		})
		gate.release(3)
		const answer = await asked
		const reader = (answer.body as ReadableStream<Uint8Array>).getReader()
		// The first event has come to the proxy, since it has come here.
		await reader.read()
		await new Promise(resolve => setTimeout(resolve, 30))
		gate.open()
		while (!(await reader.read()).done);
		const { clientAnswer } = await readPayloads(proxy, answer)
		const [first, last] = [clientAnswer.events[0].at, clientAnswer.events.at(-1).at]
		expect(last - first).toBeGreaterThanOrEqual(20)
	})

	test('tells every attempt where there were several', async () => {
		upstream.keyFaults.set(keys[0], { status: 500, body: { error: { type: 'api_error', message: 'busy' } } })
		const { attempts, upstreamAnswer } = await readPayloads(proxy, await call(proxy, request))
		expect(attempts.map((one: { upstreamAnswer: { status: number } }) => one.upstreamAnswer.status)).toEqual([
			500, 200,
		])
		expect(attempts[0].upstreamAnswer.text).toContain('busy')
		expect(upstreamAnswer.status).toBe(200)
	})

	test('says why there was no answer', async () => {
		upstream.script({ fault: 'reset' }, { fault: 'reset' })
		const { attempts, upstreamAnswer } = await readPayloads(proxy, await call(proxy, request))
		expect(upstreamAnswer).toBeNull()
		expect(attempts[1].problem).toMatch(/connection/)
	})

	test('reads nothing whose time is over, and forgets it with the next request', async () => {
		const { database } = proxy.services
		const answer = await call(proxy, request)
		expect(await readPayloads(proxy, answer)).not.toBeNull()
		await database.execute('UPDATE payloads SET at = at - 8 * 86400000')
		expect(await readPayloads(proxy, answer)).toBeNull()
		await record(proxy, { mode: 'off' })
		await call(proxy, request)
		await proxy.services.flush()
		expect(await database.execute('SELECT * FROM payloads')).toEqual([])
	})
})
