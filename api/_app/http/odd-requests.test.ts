import { describe, expect, test } from 'vitest'
import { startAnswering as start } from '../../../test/support/http-answers.ts'
import type { ServerKind } from '../../../test/support/http-servers.ts'
import { get, post } from '../../../test/support/raw-client.ts'

const head = (...lines: string[]) => `${lines.join('\r\n')}\r\n\r\n`
const chunked = 'Transfer-Encoding: chunked'

/** Requests, and what their answers contain. */
const requests: [string, string, RegExp][] = [
	['a length and chunks', post('/v1/echo', '0\r\n\r\nGET /v1/a HTTP/1.1\r\n', chunked), / 400 Bad/],
	[
		'chunks by another name',
		head('POST /v1/echo HTTP/1.1', 'Host: a', 'Transfer-Encoding: xchunked'),
		/ 400 Bad/,
	],
	['two lengths', post('/v1/echo', 'abc', 'Content-Length: 2'), / 400 Bad/],
	['the same length twice', post('/v1/echo', 'abc', 'Content-Length: 3'), / 400 Bad/],
	['a length with a sign', head('POST /v1/echo HTTP/1.1', 'Host: a', 'Content-Length: +3'), / 400 Bad/],
	['a length in hexadecimal', head('POST /v1/echo HTTP/1.1', 'Host: a', 'Content-Length: 0x3'), / 400 Bad/],
	['a list of lengths', head('POST /v1/echo HTTP/1.1', 'Host: a', 'Content-Length: 5, 5'), / 400 Bad/],
	['a space before a colon', head('POST /v1/echo HTTP/1.1', 'Host: a', 'Content-Length : 3'), / 400 Bad/],
	['bare line feeds', 'GET /v1/echo HTTP/1.1\nHost: a\n\n', / 400 Bad/],
	['a bare line feed in a value', get('/v1/echo', 'X-Name: a\nX-B: c'), / 400 Bad/],
	['a bare carriage return in a value', get('/v1/echo', 'X-Name: a\rX-B: c'), / 400 Bad/],
	['a zero byte', get('/v1/echo', 'X-Name: a\0'), / 400 Bad/],
	['no host', head('GET /v1/echo HTTP/1.1', 'X-Name: a'), / 400 Bad/],
	['a head that is too large', get('/v1/echo', `X-Name: ${'a'.repeat(20_000)}`), / 431 /],
	['a folded header', get('/v1/echo', 'X-Name: a', ' b'), / 400 Bad|\|a b\|/],
	['a header twice', get('/v1/echo', 'X-Name: a', 'x-name: b'), /\|a, b\|/],
	['an upgrade', get('/v1/echo', 'Connection: upgrade', 'Upgrade: websocket'), /^/],
	['an upgrade to HTTP/2', get('/v1/echo', 'Connection: Upgrade, HTTP2-Settings', 'Upgrade: h2c'), /^/],
	['HTTP/2 from the start', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', /^/],
	['TLS', '\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03', / 400 Bad/],
	['an unknown expectation', post('/v1/echo', 'abc', 'Expect: the-unexpected'), / 417 /],
	['a whole address', get('http://a/v1/echo'), /\|http:\/\/a\/v1\/echo\|/],
	['another method', head('DELETE /v1/echo HTTP/1.1', 'Host: a'), /DELETE\|/],
	['HEAD', head('HEAD /v1/deaf HTTP/1.1', 'Host: a'), / 401 Unauthorized/],
	['connection options', get('/v1/echo', 'Connection: x-name, close'), /Connection: close/],
	['an older client', 'GET /v1/echo HTTP/1.0\r\nConnection: keep-alive\r\n\r\n', /Connection: keep-alive/],
	['blank lines before a request', `\r\n\r\n${get('/v1/echo')}`, /GET\|/],
]

/** What a server says to requests on one connection, however the second one ends. */
async function ask(kind: ServerKind, first: string, odd: string, firstAnswer: RegExp) {
	const { open, readers } = await start(kind)
	const client = await open()
	if (first !== '') {
		await client.send(first)
		await expect.poll(client.text).toMatch(firstAnswer)
	}
	await client.send(odd)
	// Ends the connection where the odd one has not.
	if (!client.isOver) await client.send(get('/other/echo?end', 'Connection: close'))
	const text = await client.rest()
	return { text: text.replaceAll(/^Date: .*$/gm, 'Date: now'), readers }
}

describe('a request with', () => {
	test.each(requests)('%s is answered in the same way as by node:http', async (_, odd, expected) => {
		for (const first of ['', get('/v1/echo?first')]) {
			const [own, node] = await Promise.all([
				ask('own', first, odd, /first\|-\|$/),
				ask('node', first, odd, /first\|-\|$/),
			])
			expect(own.text).toBe(node.text)
			expect(own.text.slice(own.text.indexOf('first|-|') + 1)).toMatch(expected)
			expect(own.readers.slice(first === '' ? 0 : 1)).toEqual(node.readers.slice(first === '' ? 0 : 1))
		}
	})

	test('nothing odd about it has the same head in its answer', async () => {
		for (const path of ['/v1/echo', '/v1/deaf', '/v1/long?10', '/v1/nothing']) {
			const [own, node] = await Promise.all([
				ask('own', '', post(path, 'abc'), /^/),
				ask('node', '', post(path, 'abc'), /^/),
			])
			expect(own.text.toLowerCase()).toBe(node.text.toLowerCase())
			expect([own.readers[0], node.readers[0]]).toEqual(['own', 'node'])
		}
	})
})
