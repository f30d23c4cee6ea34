import { once } from 'node:events'
import { createServer, type IncomingMessage, maxHeaderSize } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import * as fc from '../../../test/support/fast-check.ts'
import { findHeadEnd, readPlainHead } from './plain-head.ts'

const readHead = (...lines: string[]) => readPlainHead(`${lines.join('\r\n')}\r\n\r\n`)

describe('the head of a plain request', () => {
	test('is read with its query, its headers, its length and what becomes of the connection', () => {
		expect(
			readHead(
				'POST /v1/messages?beta=true&x=? HTTP/1.1',
				'Host: proxy.example',
				'X-Api-Key:\t sk-1 2 \t',
				'content-length: 0012',
				'X-Empty:',
				'X-Latin: \xe4\xff',
				'Connection: Close',
			),
		).toEqual({
			...{ method: 'POST', path: '/v1/messages', query: 'beta=true&x=?', length: 12, keepsAlive: false },
			headers: {
				...{ host: 'proxy.example', 'x-api-key': 'sk-1 2', 'content-length': '0012', 'x-empty': '' },
				...{ 'x-latin': '\xe4\xff', connection: 'Close' },
			},
		})
	})

	test('keeps the connection open unless it says otherwise, and has no body unless it says so', () => {
		const plain = readHead('GET / HTTP/1.1', 'host: a')
		expect(plain).toMatchObject({ query: '', length: 0, keepsAlive: true })
		expect(readHead('GET / HTTP/1.1', 'host: a', 'connection: Keep-Alive')?.keepsAlive).toBe(true)
	})

	test('ends with its blank line, as far as node:http would read', () => {
		const head = 'GET / HTTP/1.1\r\nhost: a\r\n\r\n'
		expect(findHeadEnd(Buffer.from(`${head}body\r\n\r\n`))).toBe(head.length)
		expect(findHeadEnd(Buffer.from(head.slice(0, -1)))).toBe(-1)
		const pad = (length: number) => Buffer.from(`${'x'.repeat(length)}\r\n\r\n`)
		expect(findHeadEnd(pad(maxHeaderSize))).toBe(maxHeaderSize + 4)
		expect(findHeadEnd(pad(maxHeaderSize + 1))).toBe(-1)
	})

	test('is read whatever its headers are called, also when there have been many other names', () => {
		for (let index = 0; index < 1000; index++) {
			const name = `X-A-Name-Of-Its-Own-${index}`
			const headers = readHead('GET / HTTP/1.1', 'Host: a', `${name}: ${index}`)?.headers
			expect(headers).toEqual({ host: 'a', [name.toLowerCase()]: String(index) })
		}
	})
})

const odd: [string, string[]][] = [
	['a header twice', ['host: a', 'x-a: 1', 'X-A: 1']],
	['two lengths', ['host: a', 'content-length: 5', 'content-length: 5']],
	['two hosts', ['host: a', 'host: b']],
	['no host', ['x-a: 1']],
	['no headers at all', []],
	['a folded line', ['host: a', 'x-a: 1', ' folded']],
	['a line folded by a tab', ['host: a', 'x-a: 1', '\tfolded: 2']],
	['a space before the colon', ['host: a', 'x-a : 1']],
	['a space before the colon of the length', ['host: a', 'content-length : 5']],
	['a space before a name', [' x-a: 1', 'host: a']],
	['no colon', ['host: a', 'x-a']],
	['no name', ['host: a', ': 1']],
	['a name that is no token', ['host: a', 'x(a): 1']],
	['a name beyond ASCII', ['host: a', 'x-\xe4: 1']],
	['a name of every object', ['host: a', '__proto__: 1']],
	['a bare line feed in a value', ['host: a', 'x-a: 1\nx-b: 2']],
	['a bare carriage return in a value', ['host: a', 'x-a: 1\rx-b: 2']],
	['a bare line feed in a name', ['host: a', 'x-a\n: 1']],
	['a zero byte', ['host: a', 'x-a: 1\0']],
	['a control character', ['host: a', 'x-a: \x01']],
	['a deleting character', ['host: a', 'x-a: \x7f']],
	['Transfer-Encoding', ['host: a', 'transfer-encoding: chunked']],
	['Transfer-Encoding and a length', ['host: a', 'content-length: 5', 'Transfer-Encoding: identity']],
	['Expect', ['host: a', 'expect: 100-continue', 'content-length: 5']],
	['Upgrade', ['host: a', 'connection: upgrade', 'upgrade: h2c']],
	['Upgrade alone', ['host: a', 'upgrade: h2c']],
	['HTTP2-Settings', ['host: a', 'http2-settings: AA']],
	['TE', ['host: a', 'te: trailers']],
	['Trailer', ['host: a', 'trailer: x-a']],
	['Proxy-Connection', ['host: a', 'proxy-connection: close']],
	['a list of connection options', ['host: a', 'connection: keep-alive, close']],
	['an unknown connection option', ['host: a', 'connection: x-a']],
	['an empty connection option', ['host: a', 'connection:']],
	...['+5', '-5', '0x5', '5, 5', '', '5 5', '5;', '1e3', '5.0', '\xb2', '9'.repeat(16)].map(
		(length): [string, string[]] => [`the length "${length}"`, ['host: a', `content-length: ${length}`]],
	),
]

const oddFirstLines = [
	...['GET / HTTP/1.0', 'GET / HTTP/1.2', 'GET / HTTP/2.0', 'GET / http/1.1', 'GET /', 'GET  / HTTP/1.1'],
	...['GET / HTTP/1.1 ', ' GET / HTTP/1.1', 'GET\t/ HTTP/1.1', 'get / HTTP/1.1', 'PUT / HTTP/1.1', ''],
	...['HEAD / HTTP/1.1', 'OPTIONS * HTTP/1.1', 'CONNECT a:1 HTTP/1.1', 'DELETE / HTTP/1.1', 'PRI * HTTP/2.0'],
	...[
		'GET http://a/v1 HTTP/1.1',
		'GET v1 HTTP/1.1',
		'GET * HTTP/1.1',
		'GET /a b HTTP/1.1',
		'GET /\x7f HTTP/1.1',
	],
	...[
		'GET /\xe4 HTTP/1.1',
		'GET /\0 HTTP/1.1',
		'GET /\n HTTP/1.1',
		'GET / HTTP/1.1\nx-a: 1',
		'GET / HTTP/1.1\r',
	],
]

describe('is left to node:http', () => {
	test.each(odd)('with %s', (_, lines) => {
		expect(readHead('POST / HTTP/1.1', ...lines)).toBeUndefined()
	})

	test.each(oddFirstLines)('when it begins with %j', first => {
		expect(readHead(first, 'host: a')).toBeUndefined()
	})

	test('with more headers than node:http would keep', () => {
		const headers = Array.from({ length: 1000 }, (_, index) => `x${index.toString(36)}:`)
		expect(readHead('GET / HTTP/1.1', 'host: a', ...headers.slice(1))).toBeDefined()
		expect(readHead('GET / HTTP/1.1', 'host: a', ...headers)).toBeUndefined()
	})
})

describe('what is accepted, node:http accepts and reads in the same way', () => {
	let seen: (request: IncomingMessage, body: Buffer) => void = () => {}
	let port = 0
	const server = createServer(async (request, response) => {
		const chunks: Buffer[] = []
		for await (const chunk of request) chunks.push(chunk)
		seen(request, Buffer.concat(chunks))
		response.end()
	})
	beforeAll(async () => {
		server.listen(0, '127.0.0.1')
		await once(server, 'listening')
		port = (server.address() as AddressInfo).port
	})
	afterAll(() => void server.close().closeAllConnections())

	/** As node:http reads it, and whether it keeps the connection; a status where it refuses. */
	async function readByNode(bytes: Buffer) {
		const socket = connect(port, '127.0.0.1').on('error', () => {})
		const read = new Promise<[IncomingMessage, Buffer]>(resolve => {
			seen = (...found) => resolve(found)
		})
		const refused = once(socket, 'data').then(([data]) => String(data))
		socket.write(bytes)
		const found = await Promise.race([read, refused])
		const answer = await refused
		socket.destroy()
		if (typeof found === 'string') return found
		const [{ method, url, headers }, body] = found
		return {
			method,
			url,
			headers,
			body: body.toString('latin1'),
			keepsAlive: /connection: keep-alive/i.test(answer),
		}
	}

	const bytes = (ranges: [number, number][], maxLength: number) =>
		fc
			.array(fc.oneof(...ranges.map(([min, max]) => fc.integer({ min, max }))), { maxLength })
			.map(codes => String.fromCharCode(...codes))
	const usually = <Value>(arbitrary: fc.Arbitrary<Value>, other: fc.Arbitrary<Value>) =>
		fc.oneof({ weight: 9, arbitrary }, { weight: 1, arbitrary: other })
	const names = usually(
		fc.oneof(
			fc.constantFrom('Content-Length', 'Connection', 'Cookie', 'Upgrade', 'Transfer-Encoding', 'x-a'),
			fc.stringMatching(/^[!#$%&'*+\-.^_`|~0-9A-Za-z]{1,60}$/),
		),
		bytes([[0x20, 0xff]], 5),
	)
	const values = usually(
		fc.oneof(
			fc.constantFrom('', 'close', 'Keep-Alive', '0', '3', '007', '+3', 'a', ' a\t ', 'a, b', 'chunked'),
			bytes(
				[
					[0x20, 0x7e],
					[0x80, 0xff],
					[9, 9],
				],
				30,
			),
		),
		bytes([[0, 0xff]], 6),
	)
	const ends = usually(fc.constant(''), fc.constantFrom(' ', '\r'))
	const lines = fc.array(
		fc.record({ name: names, gap: fc.constantFrom('', ' ', '\t '), value: values, end: ends }),
		{ maxLength: 6 },
	)
	const url = usually(bytes([[0x21, 0x7e]], 30), bytes([[0, 0xff]], 5)).map(rest => `/${rest}`)

	test('whatever it is', async () => {
		let accepted = 0
		await fc.assert(
			fc.asyncProperty(
				fc.constantFrom('GET', 'POST'),
				url,
				lines,
				usually(fc.constant(true), fc.constant(false)),
				async (method, target, headers, hasHost) => {
					const fields = [
						...(hasHost ? ['Host: a'] : []),
						...headers.map(({ name, gap, value, end }) => `${name}:${gap}${value}${end}`),
					]
					const text = `${[`${method} ${target} HTTP/1.1`, ...fields].join('\r\n')}\r\n\r\n`
					const plain = readPlainHead(text)
					if (!plain || plain.length > 1000 || plain.headers['set-cookie'] !== undefined) return
					accepted++
					const body = 'x'.repeat(plain.length)
					expect(findHeadEnd(Buffer.from(text + body, 'latin1'))).toBe(text.length)
					const { path, query, length, ...same } = plain
					expect(await readByNode(Buffer.from(text + body, 'latin1'))).toEqual({
						...same,
						...{ url: target, body },
					})
					expect([path, `${path}?${query}`]).toContain(target)
				},
			),
			{ numRuns: 500 },
		)
		expect(accepted).toBeGreaterThan(50)
	})
})
