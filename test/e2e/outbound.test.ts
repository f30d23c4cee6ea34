import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer as createSecureServer } from 'node:https'
import { type AddressInfo, createServer as createSocketServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { projectRoot } from '../../scripts/lib/layout.ts'
import { askAdmin } from '../support/admin.ts'
import { call, hello } from '../support/call.ts'
import { startConnectProxy } from '../support/connect-proxy.ts'
import { startProxy } from '../support/proxy.ts'
import { startOpenAiUpstream } from '../support/upstreams/index.ts'

const closing: { close(): Promise<void> }[] = []
afterEach(async () => {
	for (const each of closing.splice(0).reverse()) await each.close()
	for (const name of ['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY']) delete process.env[name]
})

const keep = <Resource extends { close(): Promise<void> }>(resource: Resource): Resource => {
	closing.push(resource)
	return resource
}

const answer = JSON.stringify({
	...{ id: 'c', object: 'chat.completion', created: 1, model: 'gpt-4o' },
	choices: [{ index: 0, message: { role: 'assistant', content: 'through' }, finish_reason: 'stop' }],
})

/** An upstream with a certificate that nobody has signed but itself. */
async function startSecureUpstream() {
	const read = (name: string) => readFileSync(join(projectRoot, 'test/fixtures/tls', name))
	const requests: { host: string; authorization: string }[] = []
	const server = createSecureServer(
		{ key: read('key.pem'), cert: read('certificate.pem') },
		(request, response) => {
			requests.push({
				host: String(request.headers.host),
				authorization: String(request.headers.authorization),
			})
			request.resume()
			response.writeHead(200, { 'content-type': 'application/json' }).end(answer)
		},
	)
	server.listen(0, '127.0.0.1')
	await once(server, 'listening')
	const { port } = server.address() as AddressInfo
	const close = async () => void server.close().closeAllConnections()
	return { port, url: `https://127.0.0.1:${port}`, requests, close }
}

describe('outbound proxies', () => {
	test('an upstream’s own proxy, with its password, tunnels https; nothing ever shows the password', {
		tags: ['kept-by-each'],
	}, async () => {
		const upstream = keep(await startSecureUpstream())
		const tunnel = keep(await startConnectProxy('team:planted-proxy-password'))
		const proxy = keep(await startProxy())
		const id = await proxy.use({
			...{ type: 'openai', baseUrl: upstream.url, insecureSkipVerify: true, proxyUrl: tunnel.url },
		})
		for (let count = 0; count < 2; count++) expect((await call(proxy)).body.content[0].text).toBe('through')
		// One tunnel served both: it is kept alive.
		expect(tunnel.seen).toEqual([`CONNECT 127.0.0.1:${upstream.port}`])
		expect(upstream.requests[0]).toMatchObject({ authorization: 'Bearer sk-test-key-0123456789' })
		const shown = await askAdmin(proxy, 'GET', `/upstreams/${id}`)
		expect(shown.body.upstream.proxyUrl).toBe(`http://••••@${new URL(tunnel.url).host}`)
		expect(shown.text + proxy.logs()).not.toContain('planted-proxy-password')
	})

	test('a proxy that refuses the password, or is not there, is a fault that shows no secret', async () => {
		const upstream = keep(await startSecureUpstream())
		const tunnel = keep(await startConnectProxy('team:right'))
		const proxy = keep(await startProxy())
		const port = new URL(tunnel.url).port
		for (const url of [
			`http://team:planted-wrong@127.0.0.1:${port}`,
			'http://team:planted-wrong@127.0.0.1:9',
		]) {
			await proxy.use({ type: 'openai', baseUrl: upstream.url, insecureSkipVerify: true, proxyUrl: url })
			const { status, text } = await call(proxy)
			expect(status).toBe(502)
			expect(text + proxy.logs()).not.toContain('planted')
		}
		expect(tunnel.refused()).toBe(1)
		expect(upstream.requests).toEqual([])
	})

	test('HTTPS_PROXY and HTTP_PROXY carry each their kind, NO_PROXY none of it', async () => {
		const secure = keep(await startSecureUpstream())
		const plain = keep(await startOpenAiUpstream())
		const tunnel = keep(await startConnectProxy())
		const forwarder = keep(await startConnectProxy())
		Object.assign(process.env, { HTTPS_PROXY: tunnel.url, HTTP_PROXY: forwarder.url })
		const proxy = keep(await startProxy())
		await proxy.use({ type: 'openai', baseUrl: secure.url, insecureSkipVerify: true })
		expect((await call(proxy)).status).toBe(200)
		await proxy.use({ type: 'openai', baseUrl: plain.url })
		expect((await call(proxy)).status).toBe(200)
		expect(tunnel.seen).toEqual([`CONNECT 127.0.0.1:${secure.port}`])
		expect(forwarder.seen).toEqual([`POST ${plain.url}/v1/chat/completions`])
		process.env.NO_PROXY = '127.0.0.1'
		const direct = keep(await startProxy())
		await direct.use({ type: 'openai', baseUrl: plain.url })
		expect((await call(direct)).status).toBe(200)
		expect(forwarder.seen).toHaveLength(1)
	})
})

describe('headers of an upstream', () => {
	test.each([
		['auto', { authorization: 'Bearer sk-test-key-0123456789' }],
		['bearer', { authorization: 'Bearer sk-test-key-0123456789' }],
		['x-api-key', { 'x-api-key': 'sk-test-key-0123456789' }],
	] as const)('auth style %s and extra headers reach it', async (authStyle, expected) => {
		const seen: NodeJS.Dict<string | string[]>[] = []
		const { createServer } = await import('node:http')
		const server = createServer((request, response) => {
			seen.push(request.headers)
			request.resume()
			response.writeHead(200, { 'content-type': 'application/json' }).end(answer)
		})
		server.listen(0, '127.0.0.1')
		await once(server, 'listening')
		closing.push({ close: async () => void server.close().closeAllConnections() })
		const proxy = keep(await startProxy())
		const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
		await proxy.use({ type: 'openai', baseUrl, authStyle, extraHeaders: { 'x-team': 'blue' } })
		expect((await call(proxy)).status).toBe(200)
		const names = ['authorization', 'x-api-key'].filter(name => seen[0]?.[name] !== undefined)
		expect(names).toEqual(Object.keys(expected))
		expect(seen[0]).toMatchObject({ ...expected, 'x-team': 'blue' })
	})
})

describe('kept connections that the upstream has closed', () => {
	/** Answers the first request on a connection, and cuts the second after so many of its bytes. */
	async function startForgetful(bytesOfSecond: number) {
		const reads: string[] = []
		let connections = 0
		const server = createSocketServer((socket: Socket) => {
			const number = connections++
			let answered = 0
			let gathered = ''
			socket.on('error', () => {})
			socket.on('data', bytes => {
				gathered += bytes.toString('latin1')
				const seconds = number === 0 && answered === 1
				if (seconds && gathered.length >= bytesOfSecond) {
					reads.push(gathered)
					return void socket.resetAndDestroy()
				}
				const [head = '', body = ''] = gathered.split('\r\n\r\n')
				const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? -1)
				if (seconds || body.length < length || length === -1) return
				gathered = ''
				answered++
				socket.write(
					`HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${answer.length}\r\n\r\n${answer}`,
				)
			})
		})
		server.listen(0, '127.0.0.1')
		await once(server, 'listening')
		return {
			url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
			reads,
			connections: () => connections,
			close: async () => void server.close(),
		}
	}

	test.each([
		['before a byte was read', 1, 'Hi'],
		['in the middle of a large body', 200_000, 'x'.repeat(2_000_000)],
	])(
		'the request is repeated once, unseen: %s',
		{ tags: ['kept-by-each'] },
		async (_, bytesOfSecond, content) => {
			const upstream = keep(await startForgetful(bytesOfSecond))
			const proxy = keep(await startProxy())
			await proxy.use({ type: 'openai', baseUrl: upstream.url })
			const request = { ...hello, messages: [{ role: 'user', content }] }
			expect((await call(proxy)).status).toBe(200)
			const { status, body } = await call(proxy, request)
			expect(status).toBe(200)
			expect(body.content[0].text).toBe('through')
			expect(upstream.connections()).toBe(2)
			expect(upstream.reads).toHaveLength(1)
			const [key] = (await proxy.services.config.current()).upstreams[0]!.keys
			expect(proxy.services.config.healthOf(key!.id).size).toBe(0)
		},
	)
})
