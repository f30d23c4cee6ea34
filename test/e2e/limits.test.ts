import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { call, hello, readEvents } from '../support/call.ts'
import { accessKey, startProxy, type TestProxy } from '../support/proxy.ts'
import { startOpenAiUpstream } from '../support/upstreams/index.ts'

const closing: { close(): Promise<void> }[] = []
afterEach(async () => {
	for (const each of closing.splice(0)) await each.close()
})

async function start(
	variables: Record<string, string>,
	upstreamFields: Parameters<TestProxy['use']>[0] | object = {},
	{ keys = ['sk-first-0123456789abcd'], adapter = 'node' as 'node' | 'fetch' } = {},
) {
	const upstream = await startOpenAiUpstream()
	const proxy = await startProxy(variables, adapter)
	closing.push(proxy, upstream)
	await proxy.use({ type: 'openai', baseUrl: upstream.url, ...upstreamFields }, keys)
	return { upstream, proxy }
}

const session = (id: string) => ({ headers: { 'x-claude-code-session-id': id } })
const gate = (proxy: TestProxy) => proxy.services.observation.gate

describe.each(['node', 'fetch'] as const)('MAX_CONCURRENT_REQUESTS over the %s adapter', adapter => {
	test('requests beyond it wait for their turn, sessions in turn', { tags: ['inside-process'] }, async () => {
		const { upstream, proxy } = await start({ MAX_CONCURRENT_REQUESTS: '1' }, {}, { adapter })
		const hold = upstream.gate()
		upstream.script({ text: 'held', gate: hold })
		const answered: string[] = []
		const send = async (id: string) => {
			const { status } = await call(proxy, hello, session(id))
			answered.push(`${id} ${status}`)
		}
		const first = send('a')
		await upstream.waitForRequest()
		const others: Promise<void>[] = []
		for (const id of ['a', 'a', 'b']) {
			others.push(send(id))
			await expect.poll(() => gate(proxy).waiting).toBe(others.length)
		}
		hold.open()
		await Promise.all([first, ...others])
		expect(answered).toEqual(['a 200', 'a 200', 'b 200', 'a 200'])
		expect(gate(proxy)).toMatchObject({ running: 0, waiting: 0 })
	})

	test('who waits too long is told to come back, and who leaves frees its place in the queue', {
		tags: ['own-counters'],
	}, async () => {
		const variables = { MAX_CONCURRENT_REQUESTS: '1', QUEUE_TIMEOUT: '60' }
		const { upstream, proxy } = await start(variables, {}, { adapter })
		const hold = upstream.gate()
		upstream.script({ text: 'held', gate: hold })
		const first = call(proxy)
		await upstream.waitForRequest()
		const late = await call(proxy)
		expect(late.status).toBe(529)
		expect(late.body.error.type).toBe('overloaded_error')
		expect(Number(late.headers.get('retry-after'))).toBeGreaterThan(0)
		hold.open()
		expect((await first).status).toBe(200)
		expect(gate(proxy)).toMatchObject({ running: 0, waiting: 0 })
	})
})

describe('limits of an upstream and of its keys', () => {
	test('an upstream gets no more requests at once than it may; the others wait', {
		tags: ['inside-process'],
	}, async () => {
		const { upstream, proxy } = await start({}, { maxConcurrent: 2 })
		const hold = upstream.gate()
		upstream.script(...Array.from({ length: 5 }, () => ({ text: 'ok', gate: hold })))
		const all = Promise.all(Array.from({ length: 5 }, () => call(proxy)))
		await upstream.waitForRequest(2)
		const { slots } = proxy.services.proxy
		await expect.poll(() => [...slots.usage().values()]).toEqual([{ running: 2, waiting: 3 }])
		expect(upstream.requests).toHaveLength(2)
		hold.open()
		expect((await all).map(({ status }) => status)).toEqual([200, 200, 200, 200, 200])
		expect(slots.usage().size).toBe(0)
	})

	test('a busy key is passed over without a mark, and waited for when all are busy', {
		tags: ['own-counters'],
	}, async () => {
		const keys = ['sk-first-0123456789abcd', 'sk-second-0123456789abc']
		const { upstream, proxy } = await start({}, { keyConcurrent: 1 }, { keys })
		const holds = [upstream.gate(), upstream.gate()]
		upstream.script({ text: 'one', gate: holds[0]! }, { text: 'two', gate: holds[1]! }, { text: 'three' })
		const first = call(proxy)
		await upstream.waitForRequest(1)
		const second = call(proxy)
		await upstream.waitForRequest(2)
		const third = call(proxy)
		holds[0]!.open()
		expect((await first).status).toBe(200)
		expect((await third).body.content[0].text).toBe('three')
		holds[1]!.open()
		expect((await second).status).toBe(200)
		const used = upstream.requests.map(({ headers }) => String(headers.authorization).replace('Bearer ', ''))
		expect(used).toEqual([keys[0], keys[1], keys[0]])
		const snapshot = await proxy.services.config.current()
		for (const key of snapshot.upstreams[0]!.keys) expect(proxy.services.config.healthOf(key.id).size).toBe(0)
	})

	test('when every key stays busy the client is told to come back', { tags: ['own-counters'] }, async () => {
		const { upstream, proxy } = await start({ QUEUE_TIMEOUT: '50' }, { keyConcurrent: 1 })
		const hold = upstream.gate()
		upstream.script({ text: 'one', gate: hold })
		const first = call(proxy)
		await upstream.waitForRequest()
		const refused = await call(proxy)
		expect(refused.status).toBe(529)
		expect(refused.body.error.message).toMatch(/each key of upstream "upstream 1" answers 1 requests already/)
		hold.open()
		expect((await first).status).toBe(200)
	})
})

describe('FIRST_CONTENT_TIMEOUT', () => {
	test('a stream that only keeps alive is given up for the next key', {
		tags: ['inside-process'],
	}, async () => {
		const used: string[] = []
		const server = createServer((request, response) => {
			request.resume()
			used.push(String(request.headers.authorization))
			response.writeHead(200, { 'content-type': 'text/event-stream' })
			if (used.length === 1) return keepAlive(response)
			response.end(
				'data: {"id":"c","choices":[{"index":0,"delta":{"content":"ok"},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n',
			)
		})
		server.listen(0, '127.0.0.1')
		await once(server, 'listening')
		const proxy = await startProxy({})
		closing.push(proxy, { close: async () => void server.close().closeAllConnections() })
		const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
		const keys = ['sk-first-0123456789abcd', 'sk-second-0123456789abc']
		await proxy.use({ type: 'openai', baseUrl, firstContentMs: 1500 }, keys)
		const answer = await call(proxy, { ...hello, stream: true })
		expect(readEvents(answer.text).at(-1)?.type).toBe('message_stop')
		expect(used).toEqual(keys.map(key => `Bearer ${key}`))
		const [first] = (await proxy.services.config.current()).upstreams[0]!.keys
		expect(proxy.services.config.healthOf(first!.id).get('')?.streak).toBe(1)
	})
})

describe.each(['node', 'fetch'] as const)(
	'an upstream that takes too long, with no other key (%s)',
	adapter => {
		test.each([
			['is silent', { timeoutMs: 100 }, () => {}, /silent for 0\.1 s/],
			['only keeps alive', { firstContentMs: 100 }, keepAlive, /no content within 0\.1 s/],
		] as const)('is told as what it is: it %s', async (_, fields, answer, message) => {
			const server = createServer((request, response) => {
				request.resume()
				if (answer === keepAlive) response.writeHead(200, { 'content-type': 'text/event-stream' })
				answer(response)
			})
			server.listen(0, '127.0.0.1')
			await once(server, 'listening')
			const proxy = await startProxy({}, adapter)
			closing.push(proxy, { close: async () => void server.close().closeAllConnections() })
			const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
			await proxy.use({ type: 'openai', baseUrl, ...fields })
			const { status, body, headers } = await call(proxy, { ...hello, stream: true })
			expect(status).toBe(504)
			expect(body).toMatchObject({
				...{ type: 'error', request_id: headers.get('request-id') },
				error: { type: 'timeout_error', message: expect.stringMatching(message) },
			})
			expect(headers.get('x-claude-proxy-attempts')).toBe('1')
			await proxy.services.requestLog.flush()
			const [row] = await proxy.services.database.execute('SELECT outcome, status FROM request_log')
			expect(row).toEqual({ outcome: 'timeout', status: 504 })
		})
	},
)

function keepAlive(response: ServerResponse): void {
	const timer = setInterval(() => response.write(': working\n\n'), 10)
	response.on('close', () => clearInterval(timer))
}

test.each(['node', 'fetch'] as const)(
	'a client that does not read holds its upstream back: memory does not grow with the answer (%s)',
	async adapter => {
		const chunk = `data: {"id":"c","choices":[{"index":0,"delta":{"content":"${'x'.repeat(16_000)}"}}]}\n\n`
		const chunks = 4000
		let sent = 0
		let stalledAt = 0
		const server = createServer(async (request, response) => {
			request.resume()
			response.writeHead(200, { 'content-type': 'text/event-stream' })
			for (; sent < chunks; sent++) {
				if (response.write(chunk)) continue
				const stalled = setTimeout(() => {
					stalledAt = sent
					reached.resolve()
				}, 500)
				await once(response, 'drain')
				clearTimeout(stalled)
			}
			response.end('data: {"id":"c","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\n')
		})
		const reached = Promise.withResolvers<void>()
		server.listen(0, '127.0.0.1')
		await once(server, 'listening')
		const proxy = await startProxy({}, adapter)
		closing.push(proxy, { close: async () => void server.close().closeAllConnections() })
		await proxy.use({ type: 'openai', baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}` })
		const body = JSON.stringify({ ...hello, stream: true })
		const client = connect(Number(new URL(proxy.url).port), '127.0.0.1')
		client.pause()
		client.write(
			`POST /v1/messages HTTP/1.1\r\nhost: x\r\nx-api-key: ${accessKey}\r\nconnection: close\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
		)
		await reached.promise
		// What is on the way lies in the sockets' buffers of the system and in ours: a few MB of 64.
		expect(stalledAt * chunk.length).toBeLessThan(16 * 1024 * 1024)
		let received = 0
		client.on('data', bytes => {
			received += bytes.length
		})
		client.resume()
		await once(client, 'end')
		expect(sent).toBe(chunks)
		expect(received).toBeGreaterThan(chunks * 16_000)
	},
)
