import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterEach, expect, test } from 'vitest'
import type { Exchange, TransportFault } from '../../../core/ports.ts'
import { createNodeTransport } from './node-transport.ts'

const closing: (() => void)[] = []
afterEach(() => {
	for (const close of closing.splice(0)) close()
})

/** A server that hears whole requests, however they are cut, and answers with bytes. */
async function listen(answer: (socket: Socket, request: string, place: number) => void): Promise<string> {
	let requests = 0
	const sockets = new Set<Socket>()
	const server: Server = createServer(socket => {
		sockets.add(socket)
		socket.on('error', () => {})
		let text = ''
		socket.on('data', bytes => {
			text += bytes
			const end = text.indexOf('\r\n\r\n')
			const length = Number(/content-length: (\d+)/i.exec(text)?.[1] ?? 0)
			if (end === -1 || text.length < end + 4 + length) return
			const request = text
			text = ''
			answer(socket, request, requests++)
		})
	})
	server.listen(0, '127.0.0.1')
	await once(server, 'listening')
	closing.push(() => {
		for (const socket of sockets) socket.destroy()
		server.close()
	})
	return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

function newTransport() {
	const transport = createNodeTransport({})
	closing.push(() => transport.close())
	return transport
}

interface Answer {
	status?: number
	headers?: Readonly<Record<string, string>>
	body: string
	fault?: TransportFault
}

const route = { insecureSkipVerify: false, proxyUrl: '', silenceMs: 10_000 }

/** @param byNode node:http sends it: it has a name in capitals */
function send(transport: ReturnType<typeof newTransport>, url: string, { byNode = false, body = '{}' } = {}) {
	return new Promise<Answer>(resolve => {
		const answer: Answer = { body: '' }
		const headers: Record<string, string> = byNode ? { 'X-By-Node': 'yes' } : { 'x-by-node': 'no' }
		transport({ method: 'POST', url, headers, body }, route, {
			head: (status, all) => Object.assign(answer, { status, headers: all }),
			data: bytes => {
				answer.body += Buffer.from(bytes).toString('latin1')
			},
			ended: () => resolve(answer),
			failed: fault => resolve({ ...answer, fault }),
		})
	})
}

const ok = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok'
const chunked = 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n'

test.each([
	['an answer with its length', ok],
	['an answer without a body', 'HTTP/1.1 204 No Content\r\nx: y\r\n\r\n'],
	[
		'no reason, odd capitals, spaces around values',
		'HTTP/1.1 200 \r\nX-A:  b \t\r\nCONTENT-LENGTH: 2\r\n\r\nok',
	],
	[
		'repeated headers',
		`HTTP/1.1 200 OK\r\nx: 1\r\nX: 2\r\nserver: a\r\nserver: b\r\nset-cookie: c\r\nset-cookie: d\r\n${ok.slice(17)}`,
	],
	['bytes beyond ASCII in a header', 'HTTP/1.1 200 OK\r\nx: Zo\xeb\r\ncontent-length: 2\r\n\r\nok'],
	[
		'chunks with extensions and trailers',
		`${chunked}2;x=y\r\nok\r\n0A\r\n0123456789\r\n0\r\nx-sum: 1\r\n\r\n`,
	],
	['chunks whose sizes have zeros before them', `${chunked}0000000000000002\r\nok\r\n00000000\r\n\r\n`],
	['an answer that ends with its connection', 'HTTP/1.1 200 OK\r\n\r\nall of it'],
	['an old answer', 'HTTP/1.0 200 OK\r\ncontent-length: 2\r\n\r\nok'],
	[
		'what only tells of the answer to come',
		`HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: <a>\r\n\r\n${ok}`,
	],
	['a refusal', 'HTTP/1.1 429 Too Many Requests\r\nretry-after: 3\r\ncontent-length: 4\r\n\r\nslow'],
	['no HTTP', 'ERROR\r\n\r\n'],
	[
		'a length and chunks',
		`HTTP/1.1 200 OK\r\ncontent-length: 2\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n`,
	],
	['two lengths', 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 2\r\n\r\nok'],
	['a wrong chunk', `${chunked}2\r\nokay\r\n`],
	['a cut length', 'HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nok'],
	['cut chunks', `${chunked}2\r\nok\r\n`],
	['a cut head', 'HTTP/1.1 200 OK\r\ncontent-le'],
	['nothing', ''],
])('node:http makes the same of it: %s', async (_, text) => {
	const url = await listen(socket => socket.end(text, 'latin1'))
	const transport = newTransport()
	const [own, node] = [await send(transport, url), await send(transport, url, { byNode: true })]
	const { fault: ownFault, ...ownAnswer } = own
	const { fault: nodeFault, ...nodeAnswer } = node
	expect(ownAnswer).toEqual(nodeAnswer)
	expect(ownFault?.class).toBe(nodeFault?.class)
})

test('an answer that changes the protocol is a fault', async () => {
	const url = await listen(socket =>
		socket.write('HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n'),
	)
	const { fault } = await send(newTransport(), url)
	expect(fault).toMatchObject({ class: 'network', message: expect.stringContaining('change the protocol') })
})

test('one connection carries one request after the other, and the one used last is taken first', async () => {
	const used: Socket[] = []
	const waiting: (() => void)[] = []
	const url = await listen(socket => {
		used.push(socket)
		waiting.push(() => socket.write(ok))
		// The first two wait for each other.
		if (used.length >= 2) for (const go of waiting.splice(0)) go()
	})
	const transport = newTransport()
	await Promise.all([send(transport, url), send(transport, url)])
	for (let count = 0; count < 3; count++) expect(await send(transport, url)).toMatchObject({ body: 'ok' })
	expect(new Set(used).size).toBe(2)
	expect(new Set(used.slice(2)).size).toBe(1)
})

test.each([
	['says that it closes', 'HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 2\r\n\r\nok'],
	[
		'keeps idle connections for a moment only',
		'HTTP/1.1 200 OK\r\nkeep-alive: timeout=1\r\ncontent-length: 2\r\n\r\nok',
	],
	['says more than it was asked', `${ok}HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\nbad`],
])('a server that %s is asked anew over another connection', async (_, text) => {
	const used: Socket[] = []
	const url = await listen(socket => {
		used.push(socket)
		socket.write(text)
	})
	const transport = newTransport()
	for (let count = 0; count < 2; count++) expect(await send(transport, url)).toMatchObject({ body: 'ok' })
	expect(new Set(used).size).toBe(2)
})

test('an idle connection over which something comes unasked carries no other request', async () => {
	const used: Socket[] = []
	const url = await listen(socket => {
		used.push(socket)
		socket.write(ok)
	})
	const transport = newTransport()
	await send(transport, url)
	const closed = once(used[0] as Socket, 'close')
	used[0]?.write(`HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\nbad`)
	await closed
	expect(await send(transport, url)).toMatchObject({ body: 'ok' })
	expect(used[1]).not.toBe(used[0])
})

test('however many idle connections have died, a request is repeated once, over a new one', async () => {
	const used: Socket[] = []
	const waiting: (() => void)[] = []
	const url = await listen((socket, _, place) => {
		if (used.includes(socket)) return void socket.destroy()
		used.push(socket)
		waiting.push(() => socket.write(ok))
		if (place >= 2) for (const go of waiting.splice(0)) go()
	})
	const transport = newTransport()
	await Promise.all([send(transport, url), send(transport, url), send(transport, url)])
	expect(await send(transport, url)).toMatchObject({ status: 200, body: 'ok' })
	expect(used).toHaveLength(4)
})

test('an answer that begins and breaks off is not asked for again', async () => {
	let requests = 0
	const url = await listen(socket => {
		if (++requests === 1) return void socket.write(ok)
		socket.write('HTTP/1.1 200', () => socket.destroy())
	})
	const transport = newTransport()
	await send(transport, url)
	expect(await send(transport, url)).toMatchObject({ fault: { class: 'network' } })
	expect(requests).toBe(2)
})

test('an answer may come before the request has left; its connection carries no other', async () => {
	const sockets: Socket[] = []
	const server = createServer(socket => {
		sockets.push(socket)
		socket.on('error', () => {})
		// Reads only the beginning.
		socket.once('data', () => {
			socket.pause()
			socket.write('HTTP/1.1 413 Too Large\r\ncontent-length: 3\r\n\r\nbig')
		})
	})
	server.listen(0, '127.0.0.1')
	await once(server, 'listening')
	closing.push(() => {
		for (const socket of sockets) socket.destroy()
		server.close()
	})
	const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
	const transport = newTransport()
	const body = 'x'.repeat(20_000_000)
	expect(await send(transport, url, { body })).toMatchObject({ status: 413, body: 'big' })
	expect(await send(transport, url, { body: '{}' })).toMatchObject({ status: 413 })
	expect(sockets).toHaveLength(2)
})

test('what comes with the head waits when the receiver pauses there, packed or not', async () => {
	const packed = gzipSync('packed')
	const url = await listen((socket, request) => {
		const isPacked = request.startsWith('POST /packed')
		const body = isPacked ? packed : Buffer.from('as it is')
		const encoding = isPacked ? 'content-encoding: gzip\r\n' : ''
		socket.end(
			Buffer.concat([
				Buffer.from(`HTTP/1.1 200 OK\r\n${encoding}content-length: ${body.length}\r\n\r\n`),
				body,
			]),
		)
	})
	const transport = newTransport()
	for (const [path, text] of [
		['/packed', 'packed'],
		['/', 'as it is'],
	] as const) {
		let held = false
		const body = await new Promise<string>((resolve, reject) => {
			let received = ''
			const exchange: Exchange = transport(
				{ method: 'POST', url: url + path, headers: {}, body: '{}' },
				route,
				{
					head() {
						held = true
						exchange.pause()
						setTimeout(() => {
							held = false
							exchange.resume()
						}, 30)
					},
					data(bytes) {
						if (held) reject(new Error('it came while it was held back'))
						received += Buffer.from(bytes).toString()
					},
					ended: () => resolve(received),
					failed: reject,
				},
			)
		})
		expect(body).toBe(text)
	}
})

test('what comes after an answer that was held back is not taken for the next one', async () => {
	const used: Socket[] = []
	const url = await listen((socket, _, place) => {
		used.push(socket)
		socket.write(place === 0 ? 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\no' : ok)
	})
	const transport = newTransport()
	const next = await new Promise<Answer>((resolve, reject) => {
		const exchange = transport({ method: 'POST', url, headers: {}, body: '{}' }, route, {
			head() {},
			data(bytes) {
				if (String(bytes) === 'k') return
				exchange.pause()
				// As two reads.
				used[0]?.write('k')
				setTimeout(() => used[0]?.write('HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\nbad'), 30)
				setTimeout(() => exchange.resume(), 60)
			},
			ended: () => resolve(send(transport, url)),
			failed: reject,
		})
	})
	expect(next).toMatchObject({ body: 'ok' })
	expect(used[1]).not.toBe(used[0])
})

test('a request that is repeated stays held back', async () => {
	const used: Socket[] = []
	const { promise: isRepeated, resolve: repeated } = Promise.withResolvers<void>()
	const url = await listen(socket => {
		if (used.includes(socket)) return void socket.resetAndDestroy()
		used.push(socket)
		socket.write(ok, () => used.length === 2 && repeated())
	})
	const transport = newTransport()
	await send(transport, url)
	const told: string[] = []
	const { promise, resolve, reject } = Promise.withResolvers<void>()
	const exchange = transport({ method: 'POST', url, headers: {}, body: '{}' }, route, {
		head() {},
		data: () => void told.push('data'),
		ended: resolve,
		failed: reject,
	})
	exchange.pause()
	await isRepeated
	await new Promise(later => setTimeout(later, 30))
	told.push('resumed')
	exchange.resume()
	await promise
	expect(told).toEqual(['resumed', 'data'])
})

test('a packed body that is damaged is a fault', async () => {
	const url = await listen(socket =>
		socket.write('HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 4\r\n\r\nnope'),
	)
	expect(await send(newTransport(), url)).toMatchObject({ status: 200, fault: { class: 'network' } })
})
