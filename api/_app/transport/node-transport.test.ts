import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, type RequestListener, type Server } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import { type AddressInfo, connect, type Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { afterEach, describe, expect, test } from 'vitest'
import type { Route, TransportFault } from '../../../core/ports.ts'
import { createNodeTransport } from './node-transport.ts'

const closing: (() => void)[] = []
afterEach(() => {
	for (const close of closing.splice(0)) close()
})

const fixture = (name: string) => readFileSync(new URL(`../../../test/fixtures/tls/${name}`, import.meta.url))
const route: Route = { insecureSkipVerify: false, proxyUrl: '', silenceMs: 10_000 }

async function listen(server: Server): Promise<number> {
	server.listen(0, '127.0.0.1')
	await once(server, 'listening')
	closing.push(() => {
		server.closeAllConnections()
		server.close()
	})
	return (server.address() as AddressInfo).port
}

const startServer = (answer: RequestListener) => listen(createServer(answer))

function newTransport(environment = {}) {
	const transport = createNodeTransport(environment)
	closing.push(() => transport.close())
	return transport
}

interface Answer {
	status?: number
	headers?: Readonly<Record<string, string>>
	body: string
	fault?: TransportFault
}

function send(
	transport: ReturnType<typeof newTransport>,
	url: string,
	changes: Partial<Route> = {},
): Promise<Answer> {
	return new Promise(resolve => {
		const answer: Answer = { body: '' }
		const outgoing = { method: 'POST' as const, url, headers: { 'x-one': '1' }, body: '{"a":"世"}' }
		transport(
			outgoing,
			{ ...route, ...changes },
			{
				head: (status, headers) => Object.assign(answer, { status, headers }),
				data: bytes => {
					answer.body += new TextDecoder().decode(bytes)
				},
				ended: () => resolve(answer),
				failed: fault => resolve({ ...answer, fault }),
			},
		)
	})
}

describe('createNodeTransport', () => {
	test('sends method, headers and body, and hands on what comes back', async () => {
		const port = await startServer((request, response) => {
			const chunks: Buffer[] = []
			request.on('data', chunk => chunks.push(chunk))
			request.on('end', () => {
				response.writeHead(201, { 'x-two': ['a', 'b'] })
				const { method, url, headers } = request
				const { 'x-one': one, 'accept-encoding': encoding, 'content-length': length } = headers
				response.end(
					JSON.stringify({ method, url, one, encoding, length, body: String(Buffer.concat(chunks)) }),
				)
			})
		})
		const answer = await send(newTransport(), `http://127.0.0.1:${port}/v1/x?y=1`)
		expect(answer).toMatchObject({ status: 201, headers: { 'x-two': 'a, b' } })
		expect(JSON.parse(answer.body)).toEqual({
			...{
				method: 'POST',
				url: '/v1/x?y=1',
				one: '1',
				encoding: 'identity',
				length: '11',
				body: '{"a":"世"}',
			},
		})
	})

	test('a pooled connection that the upstream closed meanwhile is replaced, unseen', async () => {
		const sockets: Socket[] = []
		const port = await startServer((request, response) => {
			sockets.push(request.socket)
			request.resume()
			// The second request on a connection finds it closed.
			if (sockets.filter(socket => socket === request.socket).length > 1) request.socket.destroy()
			else response.end('ok')
		})
		const transport = newTransport()
		expect(await send(transport, `http://127.0.0.1:${port}`)).toMatchObject({ status: 200 })
		expect(await send(transport, `http://127.0.0.1:${port}`)).toMatchObject({ status: 200, body: 'ok' })
		expect(sockets).toHaveLength(3)
		expect(sockets[0]).toBe(sockets[1])
	})

	test('a connection that breaks on a fresh socket is a fault, told once', async () => {
		let requests = 0
		const port = await startServer(request => {
			requests++
			request.socket.destroy()
		})
		const { fault } = await send(newTransport(), `http://127.0.0.1:${port}`)
		expect(fault).toMatchObject({
			class: 'network',
			message: expect.stringContaining(`127.0.0.1:${port}: connection`),
		})
		expect(requests).toBe(1)
	})

	test.each([
		['http://127.0.0.1:9/secret-path?key=secret', /127\.0\.0\.1:9: connection refused \(ECONNREFUSED\)$/],
		['http://nowhere.invalid/', /nowhere\.invalid: host/],
		['not a url', /is not a URL/],
	])('%s says what is wrong and no more', async (url, words) => {
		const { fault } = await send(newTransport(), url)
		expect(fault?.message).toMatch(words)
		expect(fault?.message).not.toContain('secret')
	})

	test('tells when a connection stands, and says nothing of one that was kept', async () => {
		const port = await startServer((_request, response) => response.end('ok'))
		const transport = newTransport()
		const told: string[] = []
		const get = () =>
			new Promise<void>(resolve => {
				const ended = () => {
					told.push('ended')
					resolve()
				}
				transport({ method: 'GET', url: `http://127.0.0.1:${port}`, headers: {} }, route, {
					connected: () => void told.push('connected'),
					head: () => void told.push('head'),
					data() {},
					ended,
					failed: ended,
				})
			})
		await get()
		await get()
		expect(told).toEqual(['connected', 'head', 'ended', 'head', 'ended'])
	})

	test('a body that is cut off is a fault, not an end', async () => {
		const port = await startServer((_request, response) => {
			response.writeHead(200, { 'content-length': '100' })
			response.write('half', () => response.destroy())
		})
		const answer = await send(newTransport(), `http://127.0.0.1:${port}`)
		expect(answer).toMatchObject({ status: 200, body: 'half', fault: { class: 'network' } })
	})

	test('silence before and within the answer is a timeout', async () => {
		const port = await startServer((request, response) => {
			if (request.url === '/never') return
			response.write('first')
		})
		const transport = newTransport()
		for (const path of ['/never', '/stalls']) {
			const { fault } = await send(transport, `http://127.0.0.1:${port}${path}`, { silenceMs: 40 })
			expect(fault).toMatchObject({ class: 'timeout', message: expect.stringContaining('silent for 0') })
		}
	})

	test('abort drops the connection and silences the handler', async () => {
		const arrived = Promise.withResolvers<Socket>()
		const port = await startServer(request => arrived.resolve(request.socket))
		const told: string[] = []
		const tell = (what: string) => () => void told.push(what)
		const exchange = newTransport()({ method: 'GET', url: `http://127.0.0.1:${port}`, headers: {} }, route, {
			head: tell('head'),
			data: tell('data'),
			ended: tell('ended'),
			failed: tell('failed'),
		})
		const socket = await arrived.promise
		const closed = once(socket, 'close')
		exchange.abort()
		await closed
		expect(told).toEqual([])
	})

	test('a certificate that does not hold is refused unless the upstream says otherwise', async () => {
		const server = createSecureServer(
			{ key: fixture('key.pem'), cert: fixture('certificate.pem') },
			(_request, response) => response.end('secure'),
		)
		const port = await listen(server as unknown as Server)
		const transport = newTransport()
		const refused = await send(transport, `https://localhost:${port}`)
		expect(refused.fault?.message).toMatch(/certificate is self-signed \(insecureSkipVerify allows it\)/)
		expect(await send(transport, `https://localhost:${port}`, { insecureSkipVerify: true })).toMatchObject({
			body: 'secure',
		})
		expect((await send(transport, `https://localhost:${port}`)).fault).toBeDefined()
	})

	test('a new TLS connection goes on with the session of an earlier one', async () => {
		const resumed: boolean[] = []
		const server = createSecureServer(
			{ key: fixture('key.pem'), cert: fixture('certificate.pem') },
			(request, response) => {
				resumed.push((request.socket as TLSSocket).isSessionReused())
				response.writeHead(200, { connection: 'close' }).end('secure')
			},
		)
		const port = await listen(server as unknown as Server)
		const transport = newTransport()
		for (let count = 0; count < 2; count++)
			await send(transport, `https://localhost:${port}`, { insecureSkipVerify: true })
		expect(resumed).toEqual([false, true])
	})

	test('goes through the proxy of the environment, or of the upstream', async () => {
		const upstream = await startServer((_request, response) => response.end('answer'))
		const seen: string[] = []
		const proxy = createServer((request, response) => {
			seen.push(`${request.method} ${request.url}`)
			response.end('through the proxy')
		})
		proxy.on('connect', (request, socket: Socket) => {
			seen.push(`CONNECT ${request.url}`)
			const [host, port] = String(request.url).split(':')
			const onward = connect(Number(port), host, () => {
				socket.write('HTTP/1.1 200 OK\r\n\r\n')
				onward.pipe(socket).pipe(onward)
			})
		})
		const proxyUrl = `http://127.0.0.1:${await listen(proxy)}`
		const url = `http://127.0.0.1:${upstream}/x`
		const bodies = [
			await send(newTransport(), url),
			await send(newTransport(), url, { proxyUrl }),
			await send(newTransport({ HTTP_PROXY: proxyUrl }), url),
			await send(newTransport({ HTTP_PROXY: proxyUrl, NO_PROXY: '127.0.0.1' }), url),
		].map(({ body }) => body)
		expect(seen).toHaveLength(2)
		expect(bodies[0]).toBe('answer')
		expect(bodies[3]).toBe('answer')
	})
})
