import { once } from 'node:events'
import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ResponseSink } from '../../../core/ports.ts'
import { nodeSink } from './node-sink.ts'

let answer: (sink: ResponseSink) => void = () => {}
const server = createServer((_, response) => answer(nodeSink(response, { 'x-common': '1' })))
let port = 0

beforeAll(async () => {
	server.listen(0, '127.0.0.1')
	await once(server, 'listening')
	port = (server.address() as AddressInfo).port
})
afterAll(() => {
	server.close()
	server.closeAllConnections()
})

const fetchAnswer = (write: (sink: ResponseSink) => void) => {
	answer = write
	return fetch(`http://127.0.0.1:${port}/`)
}

/** All that comes on a connection of one's own, until it is closed. */
async function speak(request: string): Promise<string> {
	const socket = connect(port, '127.0.0.1')
	let text = ''
	socket.setEncoding('latin1').on('data', piece => {
		text += piece
	})
	socket.write(request)
	await once(socket, 'close')
	return text
}

describe('an answer over node:http', () => {
	test('arrives as it was written, text and bytes, small and large', async () => {
		const large = Buffer.alloc(100_000, 'ä')
		const bytes = Uint8Array.from({ length: 256 }, (_, index) => index)
		const written = ['a', 'ä 世 😀', bytes, large, 'x'.repeat(70_000)]
		const response = await fetchAnswer(sink => {
			sink.head(200, { 'content-type': 'text/event-stream' })
			for (const chunk of written) sink.write(chunk)
			sink.end('ö')
		})
		const expected = Buffer.concat([...written, 'ö'].map(chunk => Buffer.from(chunk as string)))
		expect(Buffer.from(await response.arrayBuffer()).equals(expected)).toBe(true)
		expect(Object.fromEntries(response.headers)).toMatchObject({
			...{ 'x-common': '1', 'content-type': 'text/event-stream', 'transfer-encoding': 'chunked' },
		})
	})

	test('has its length when it is sent in one piece', async () => {
		for (const body of ['{"text":"世"}', new Uint8Array([0, 200, 255]), 'y'.repeat(40_000), '']) {
			const response = await fetchAnswer(sink => {
				sink.head(529, {})
				sink.end(body)
			})
			expect(response.status).toBe(529)
			expect(response.headers.get('content-length')).toBe(String(Buffer.byteLength(body)))
			expect(Buffer.from(await response.arrayBuffer()).equals(Buffer.from(body as string))).toBe(true)
		}
	})

	test('counts its bytes, not its characters', async () => {
		let counted: number | undefined
		await fetchAnswer(sink => {
			sink.head(200, {})
			sink.write('世')
			sink.end('ab')
			counted = sink.bytesOut?.()
		})
		expect(counted).toBe(5)
	})

	test('leaves the connection open for the next request', async () => {
		answer = sink => {
			sink.head(200, {})
			sink.write('one')
			sink.end('two')
		}
		const both = await speak(
			'GET / HTTP/1.1\r\nhost: a\r\n\r\nGET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n',
		)
		expect(both.match(/\r\n\r\n3\r\none\r\n3\r\ntwo\r\n0\r\n\r\n/g)).toHaveLength(2)
	})

	test('has no chunks for HTTP/1.0, which knows none', async () => {
		answer = sink => {
			sink.head(200, {})
			sink.write('one')
			sink.end('two')
		}
		const text = await speak('GET / HTTP/1.0\r\n\r\n')
		expect(text.endsWith('\r\n\r\nonetwo')).toBe(true)
		expect(text.toLowerCase()).not.toContain('transfer-encoding')
	})

	test('a client that reads slowly is noticed, and so is that it reads on', async () => {
		const { promise: drained, resolve } = Promise.withResolvers<void>()
		let written = 0
		const response = await fetchAnswer(sink => {
			sink.head(200, {})
			const chunk = 'z'.repeat(8192)
			do written += chunk.length
			while (sink.write(chunk))
			sink.onDrain(() => {
				resolve()
				sink.end()
			})
		})
		const text = await response.text()
		await drained
		expect(text.length).toBe(written)
	})

	test('gives the memory of large chunks back that nobody wants any more, once they have left', async () => {
		const createChunks = () => [1, 2, 3].map(index => Buffer.alloc(100_000, `chunk ${index} `))
		const expected = Buffer.concat([...createChunks(), ...createChunks()])
		const [spent, wanted] = [createChunks(), createChunks()]
		const known: Record<string, string> = { 'content-length': String(expected.length) }
		for (const headers of [{}, known]) {
			const chunks = [spent, wanted].map(list => list.map(chunk => Buffer.from(chunk)))
			const response = await fetchAnswer(sink => {
				sink.head(200, headers)
				for (const chunk of chunks[0] ?? []) sink.write(chunk, true)
				for (const chunk of chunks[1] ?? []) sink.write(chunk)
				sink.end()
			})
			expect(expected.equals(Buffer.from(await response.arrayBuffer()))).toBe(true)
			expect(chunks.map(list => list.map(chunk => chunk.length))).toEqual([
				[0, 0, 0],
				[100_000, 100_000, 100_000],
			])
		}
	})

	test('one that is broken off is no whole answer', async () => {
		const response = await fetchAnswer(sink => {
			sink.head(200, {})
			sink.write('one')
			setImmediate(() => sink.abort())
		})
		await expect(response.text()).rejects.toThrow()
	})
})
