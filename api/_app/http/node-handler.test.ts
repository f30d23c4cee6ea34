import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, request } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { BodyResult } from './body.ts'
import { readNodeBody } from './node-handler.ts'

const limit = 5 * 1024 * 1024
let port = 0
let onRead: (result: BodyResult) => void = () => {}

const server = createServer(async (incoming, response) => {
	const result = await readNodeBody(incoming, limit)
	onRead(result)
	response.end('problem' in result ? result.problem : `${result.body.length} ${digest(result.body)}`)
})
const digest = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

beforeAll(async () => {
	server.listen(0, '127.0.0.1')
	await once(server, 'listening')
	port = (server.address() as AddressInfo).port
})
afterAll(() => {
	server.close()
	server.closeAllConnections()
})

/** Sends a body in pieces; without its length where `chunked`. Returns the answer. */
async function send(body: Buffer, { pieces = 1, chunked = false } = {}): Promise<string> {
	const headers = chunked ? {} : { 'content-length': body.length }
	const sent = request({ port, method: 'POST', headers })
	const answered = once(sent, 'response') as Promise<[IncomingMessage]>
	const size = Math.ceil(body.length / pieces)
	for (let at = 0; at < body.length; at += size) {
		if (!sent.write(body.subarray(at, at + size))) await once(sent, 'drain')
	}
	sent.end()
	const [answer] = await answered
	return (await answer.setEncoding('latin1').toArray()).join('')
}

/** Different for each seed, and nowhere the same twice. */
function createBody(length: number, seed: number): Buffer {
	const body = Buffer.alloc(length)
	for (let at = 0, value = seed; at < length; at++) {
		value = (value * 1_103_515_245 + 12_345) % 2_147_483_648
		body[at] = value >> 16
	}
	return body
}

test('a body is read as it was sent, small and large, with its length and without', async () => {
	const mebibyte = 1024 * 1024
	for (const length of [0, 1, 16_384, 16_385, 65_536, 150_000, 2 * mebibyte, 2 * mebibyte + 1, limit]) {
		const body = createBody(length, length + 1)
		for (const how of [{}, { pieces: 7 }, { chunked: true, pieces: 3 }]) {
			expect(await send(body, how)).toBe(`${length} ${digest(body)}`)
		}
	}
})

test('of bodies that are read at the same time none has a byte of another', async () => {
	const bodies = Array.from({ length: 60 }, (_, index) => createBody(120_000 + index * 3000, index + 7))
	const answers = await Promise.all(bodies.map((body, index) => send(body, { pieces: 1 + (index % 9) })))
	expect(answers).toEqual(bodies.map(body => `${body.length} ${digest(body)}`))
})

test('one that is too large is refused, whether it says so or not', async () => {
	const body = Buffer.alloc(limit + 1)
	expect(await send(body, { chunked: true, pieces: 5 })).toBe('too-large')
	const socket = connect(port, '127.0.0.1')
	socket.write(`POST / HTTP/1.1\r\nhost: a\r\ncontent-length: ${limit + 1}\r\n\r\n`)
	const [answer] = await once(socket.setEncoding('latin1'), 'data')
	expect(answer).toContain('too-large')
	socket.destroy()
})

test('one that its client does not finish is none, however much of it came', async () => {
	for (const sent of [0, 100_000]) {
		const result = new Promise<BodyResult>(resolve => {
			onRead = resolve
		})
		const socket = connect(port, '127.0.0.1')
		socket.write(`POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 200000\r\n\r\n${'x'.repeat(sent)}`, () =>
			socket.destroy(),
		)
		expect(await result).toEqual({ problem: 'aborted' })
	}
})

test('requests that come in one go keep what is theirs', async () => {
	const bodies = [createBody(30_000, 3), createBody(25_000, 4), createBody(20_000, 5)]
	const text = bodies.map(body =>
		Buffer.concat([
			Buffer.from(`POST / HTTP/1.1\r\nhost: a\r\ncontent-length: ${body.length}\r\n\r\n`),
			body,
		]),
	)
	const socket = connect(port, '127.0.0.1')
	let answers = ''
	socket.setEncoding('latin1').on('data', piece => {
		answers += piece
	})
	socket.write(Buffer.concat(text))
	await expect.poll(() => answers.match(/\d+ [0-9a-f]{64}/g)).toHaveLength(3)
	expect(answers.match(/\d+ [0-9a-f]{64}/g)).toEqual(bodies.map(body => `${body.length} ${digest(body)}`))
	socket.destroy()
})
