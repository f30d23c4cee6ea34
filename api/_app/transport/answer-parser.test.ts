import { expect, test } from 'vitest'
import * as fc from '../../../test/support/fast-check.ts'
import { mostHeadBytes } from './answer-head.ts'
import { AnswerParser } from './answer-parser.ts'

interface Heard {
	status?: number
	headers?: Record<string, string>
	body: string
	pieces: number
	complete: boolean
	keepsAlive: boolean
	idleMs: number | undefined
}

/** Reads an answer in these pieces; what is thrown is thrown. */
function read(pieces: readonly string[], { ended = false } = {}): Heard {
	const heard = { body: '', pieces: 0, complete: false } as Heard
	const parser = new AnswerParser({
		isPaused: false,
		head: (status, headers) => Object.assign(heard, { status, headers }),
		body(bytes) {
			heard.body += bytes.toString('latin1')
			heard.pieces++
		},
		complete() {
			expect(heard.complete).toBe(false)
			heard.complete = true
		},
	})
	for (const piece of pieces) parser.read(Buffer.from(piece, 'latin1'))
	if (ended) parser.finish()
	return { ...heard, keepsAlive: parser.keepsAlive, idleMs: parser.idleMs }
}

/** Cuts a text at any places. */
const cut = (text: string, places: readonly number[]): string[] => {
	const at = [...new Set(places.map(place => place % (text.length + 1)))].toSorted((a, b) => a - b)
	return [0, ...at]
		.map((from, index) => text.slice(from, at[index] ?? text.length))
		.filter(piece => piece !== '')
}

const bytes = fc.string({
	unit: fc.integer({ min: 0, max: 255 }).map(code => String.fromCharCode(code)),
	maxLength: 80,
})
const informational = fc.constantFrom(
	'',
	'HTTP/1.1 100 Continue\r\n\r\n',
	'HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n',
)
const extension = fc.constantFrom('', ';a=b', ' ; name="value"')
const trailerLines = fc.constantFrom('', 'x-sum: 1\r\n', 'a: b\r\nc: d\r\n')

test('an answer is read the same wherever the network cuts it', () => {
	const places = fc.array(fc.nat(4000), { maxLength: 12 })
	const all = {
		chunks: fc.array(fc.tuple(bytes, extension), { maxLength: 8 }),
		trailerLines,
		informational,
		places,
	}
	fc.assert(
		fc.property(fc.record({ ...all, framing: fc.constantFrom('length', 'chunks', 'rest') }), answer => {
			const parts = answer.chunks.filter(([part]) => part !== '')
			const body = parts.map(([part]) => part).join('')
			const framing = {
				length: [`Content-Length: ${body.length}`, body],
				rest: ['x-more: yes', body],
				chunks: [
					'Transfer-Encoding: chunked',
					parts.map(([part, more]) => `${part.length.toString(16)}${more}\r\n${part}\r\n`).join('') +
						`0\r\n${answer.trailerLines}\r\n`,
				],
			}[answer.framing] as [string, string]
			const text = `${answer.informational}HTTP/1.1 200 OK\r\nX-A: \t1 2 \r\n${framing[0]}\r\n\r\n${framing[1]}`
			const heard = read(cut(text, answer.places), { ended: answer.framing === 'rest' })
			expect(heard).toMatchObject({ status: 200, headers: { 'x-a': '1 2' }, body, complete: true })
			expect(heard.keepsAlive).toBe(answer.framing !== 'rest')
		}),
	)
})

test('chunks that came in one read are one piece', () => {
	const head = 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n'
	expect(read([head, '2\r\nab\r\n3\r\ncde\r\n1\r\nf\r\n0\r\n\r\n'])).toMatchObject({
		body: 'abcdef',
		pieces: 1,
	})
	expect(read([`${head}2\r\nab\r\n3\r\nc`, 'de\r\n0\r\n\r\n'])).toMatchObject({ body: 'abcde', pieces: 2 })
})

const withBody = 'content-length: 2\r\n\r\nab'

test.each([
	['HTTP/1.1 200 OK', withBody, true],
	['HTTP/1.1 200 OK\r\nconnection: Keep-Alive', withBody, true],
	['HTTP/1.1 200 OK\r\nconnection: x, Close', withBody, false],
	['HTTP/1.0 200 OK', withBody, false],
	['HTTP/1.0 200 OK\r\nconnection: keep-alive', withBody, true],
	['HTTP/1.1 204 No Content', '\r\n', true],
	['HTTP/1.1 204 No Content', 'content-length: 0\r\n\r\n', true],
	['HTTP/1.1 304 Not Modified', 'content-length: 5\r\n\r\n', false],
	['HTTP/1.1 204 No Content', 'transfer-encoding: chunked\r\n\r\n', false],
	// Bytes that nobody asked for come after it.
	['HTTP/1.1 200 OK', `${withBody}HTTP/1.1 200 OK\r\n`, false],
])('whether the connection may carry another request after: %s, %s', (begin, rest, keepsAlive) => {
	expect(read([`${begin}\r\n${rest}`])).toMatchObject({ complete: true, keepsAlive })
})

test('what the server says of idle connections is read', () => {
	const idleOf = (value: string) => read([`HTTP/1.1 200 OK\r\nkeep-alive: ${value}\r\n${withBody}`]).idleMs
	expect(idleOf('timeout=5, max=100')).toBe(5000)
	expect(idleOf('max=100, timeout=65')).toBe(65_000)
	expect(idleOf('forever')).toBeUndefined()
})

test('headers that come twice are put together where that has a meaning', () => {
	const lines = [
		'set-cookie: a=1',
		'Set-Cookie: b=2',
		'content-type: text/x',
		'content-type: text/y',
		'constructor: 1',
	]
	expect(read([`HTTP/1.1 200 OK\r\n${lines.join('\r\n')}\r\n${withBody}`]).headers).toEqual({
		...{ 'set-cookie': 'a=1, b=2', 'content-type': 'text/x', constructor: '1', 'content-length': '2' },
	})
})

const chunked = 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n'

test.each([
	['no HTTP', 'SSH-2.0-OpenSSH_9.6\r\n\r\n'],
	['another version', 'HTTP/2 200 OK\r\n\r\n'],
	['no status', 'HTTP/1.1 OK\r\n\r\n'],
	['lines that end without a carriage return', 'HTTP/1.1 200 OK\nx: y\r\n\r\n'],
	['a header that ends so', 'HTTP/1.1 200 OK\r\nx: y\nz: 1\r\n\r\n'],
	['a header without a colon', 'HTTP/1.1 200 OK\r\nnothing\r\n\r\n'],
	['a space before the colon', 'HTTP/1.1 200 OK\r\ncontent-length : 2\r\n\r\nab'],
	['a folded header', 'HTTP/1.1 200 OK\r\nx: y\r\n z\r\n\r\n'],
	['a zero byte in a header', 'HTTP/1.1 200 OK\r\nx: y\0\r\n\r\n'],
	['two lengths', 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\nab'],
	[
		'a length and chunks',
		'HTTP/1.1 200 OK\r\ncontent-length: 2\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
	],
	['a length that is no number', 'HTTP/1.1 200 OK\r\ncontent-length: +2\r\n\r\nab'],
	['a change of the protocol', 'HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\n\r\n'],
	['a chunk without a size', `${chunked}\r\n`],
	['a size that is no number', `${chunked}0x2\r\nab\r\n`],
	['a size beyond all measure', `${chunked}fffffffffffffff\r\n`],
	['a chunk that is longer than it says', `${chunked}2\r\nabc\r\n`],
	['a size that ends wrongly', `${chunked}2\nab\r\n`],
	['an extension that ends wrongly', `${chunked}2;a\nab\r\n`],
	['an extension without an end', `${chunked}2;${'a'.repeat(mostHeadBytes)}a`],
	['trailers without an end', `${chunked}0\r\n${'a: b\r\n'.repeat(mostHeadBytes)}`],
	['a head without an end', `HTTP/1.1 200 OK\r\nx: ${'y'.repeat(mostHeadBytes)}`],
	['a head that is too long', `HTTP/1.1 200 OK\r\nx: ${'y'.repeat(mostHeadBytes)}\r\n\r\n`],
])('%s is refused', (_, text) => {
	const pieces = (size: number) => text.match(new RegExp(`[^]{1,${size}}`, 'g')) ?? []
	for (const size of [1, 7, 5000, text.length]) {
		expect(() => read(pieces(size))).toThrow(/not proper HTTP/)
	}
})

test('an answer whose connection ends too early is not complete', () => {
	for (const text of [
		'',
		'HTTP/1.1 200 OK\r\n',
		`HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\nab`,
		`${chunked}2\r\nab\r\n`,
	]) {
		expect(read(text === '' ? [] : [text], { ended: true }).complete).toBe(false)
	}
})

test('whoever pauses on seeing the head gets the rest later', () => {
	const told: string[] = []
	const listener = {
		isPaused: false,
		head() {
			listener.isPaused = true
		},
		body: (part: Buffer) => void told.push(String(part)),
		complete: () => void told.push('complete'),
	}
	const parser = new AnswerParser(listener)
	const rest = parser.read(Buffer.from(`HTTP/1.1 200 OK\r\n${withBody}`))
	expect(told).toEqual([])
	listener.isPaused = false
	parser.read(rest as Buffer)
	expect(told).toEqual(['ab', 'complete'])
})

test('a listener may give the memory of the bytes back; what comes after the answer is noticed all the same', () => {
	for (const [surplus, keepsAlive] of [
		['', true],
		['HTTP/1.1 200', false],
	] as const) {
		for (const rest of [
			'content-length: 5\r\n\r\nhello',
			'transfer-encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n',
		]) {
			let body = ''
			let isComplete = false
			const parser = new AnswerParser({
				isPaused: false,
				head() {},
				body(bytes) {
					body += bytes.toString('latin1')
					if (bytes.buffer instanceof ArrayBuffer) bytes.buffer.transfer(0)
				},
				complete() {
					isComplete = true
				},
			})
			const text = `HTTP/1.1 200 OK\r\n${rest}${surplus}`
			const read = Buffer.allocUnsafeSlow(text.length)
			read.write(text, 'latin1')
			parser.read(read)
			expect([body, isComplete, parser.keepsAlive]).toEqual(['hello', true, keepsAlive])
		}
	}
})
