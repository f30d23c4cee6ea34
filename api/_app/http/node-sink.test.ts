import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { LeaveSignal, ResponseSink } from '../../../core/ports.ts'
import { openRawClient, readAnswers } from '../../../test/support/raw-client.ts'
import { FrontServer } from './front-server.ts'
import { nodeSignal } from './node-handler.ts'
import { nodeSink } from './node-sink.ts'

type Write = (sink: ResponseSink, signal: LeaveSignal) => void

const common = { 'x-common': '1' }
const kinds = {
	'node:http': (run: Write) =>
		createServer((_, response) => run(nodeSink(response, common), nodeSignal(response))),
	'a connection of ours': (run: Write) =>
		new FrontServer(
			() => exchange => run(exchange.openSink(common), exchange.signal),
			(_, response) => run(nodeSink(response, common), nodeSignal(response)),
		),
}

describe.each(['node:http', 'a connection of ours'] as const)('an answer over %s', kind => {
	let answer: Write = () => {}
	const server = kinds[kind]((sink, signal) => answer(sink, signal))
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

	const fetchAnswer = (write: Write) => {
		answer = write
		return fetch(`http://127.0.0.1:${port}/`)
	}

	/** All that comes on a connection of one's own, until it is closed. */
	async function speak(request: string): Promise<string> {
		const client = await openRawClient(port)
		await client.send(request)
		const text = await client.rest()
		client.socket.destroy()
		return text
	}

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

	test('is broken off by a header that would begin another, and nothing of it is sent', async () => {
		for (const value of ['a\r\nx-b: 1', 'a\nb', 'a\rb', 'a\0b', '\u4e16']) {
			const response = await fetchAnswer(sink => {
				sink.head(200, { 'x-a': value })
				expect(() => sink.end('wrong')).toThrow(TypeError)
				sink.head(500, {})
				sink.end('refused')
			})
			expect([response.status, await response.text()]).toEqual([500, 'refused'])
		}
	})

	test('may have a header beyond ASCII, whatever its body is', async () => {
		const large = Buffer.alloc(100_000, '世')
		for (const body of ['a', '世', Buffer.from('世'), large, large.toString()]) {
			answer = sink => {
				sink.head(200, { 'x-name': 'M\xfcller \xff' })
				sink.write(body)
				sink.end()
			}
			const text = await speak('GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n')
			expect(text).toContain('\r\nx-name: M\xfcller \xff\r\n')
			const [read] = readAnswers(text)
			expect(Buffer.from(read?.body ?? '', 'latin1').equals(Buffer.from(body as string))).toBe(true)
		}
	})

	test('has no end before its end, though nothing is written', async () => {
		const response = await fetchAnswer(sink => {
			sink.head(200, {})
			for (const chunk of ['', 'one', '', new Uint8Array(0), ' two', '']) sink.write(chunk)
			sink.end('')
		})
		expect(await response.text()).toBe('one two')
	})

	test('has its own headers, once each, and those of all where it has none of that name', async () => {
		answer = sink => {
			sink.head(200, { 'x-common': 'own', 'content-type': 'text/plain', 'content-length': '3' })
			sink.end('abc')
		}
		const text = await speak(
			'GET / HTTP/1.1\r\nhost: a\r\n\r\nGET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n',
		)
		const names = [...text.matchAll(/^([\w-]+): /gm)].map(([, name]) => name?.toLowerCase())
		const usual = ['content-type', 'x-common', 'content-length', 'date', 'connection']
		expect(names.toSorted()).toEqual([...usual, ...usual, 'keep-alive'].toSorted())
		const [first, second] = readAnswers(text)
		expect(first?.headers).toMatchObject({
			...{ 'x-common': 'own', 'content-length': '3', connection: 'keep-alive', 'keep-alive': 'timeout=5' },
			date: expect.stringMatching(/^\w{3}, \d\d \w{3} \d{4} [\d:]{8} GMT$/),
		})
		expect(second?.headers.connection).toBe('close')
	})

	test('that has ended is not touched by what comes afterwards', async () => {
		let first: ResponseSink | undefined
		answer = sink => {
			sink.head(200, {})
			sink.end('whole')
			first ??= sink
			first.abort()
		}
		const two = 'GET / HTTP/1.1\r\nhost: a\r\n\r\n'.repeat(2)
		const text = await speak(`${two}GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n`)
		expect(readAnswers(text).map(({ body }) => body)).toEqual(['whole', 'whole', 'whole'])
	})

	test('may be written on when its client has left, to no effect', async () => {
		const { promise: begun, resolve: begin } = Promise.withResolvers<ResponseSink>()
		const { promise: left, resolve: leave } = Promise.withResolvers<void>()
		answer = (sink, signal) => {
			signal.addEventListener('abort', leave)
			sink.head(200, {})
			sink.write('one')
			begin(sink)
		}
		const client = await openRawClient(port)
		await client.send('GET / HTTP/1.1\r\nhost: a\r\n\r\n')
		const sink = await begun
		client.socket.resetAndDestroy()
		await left
		const large = Buffer.alloc(100_000)
		sink.write('two')
		sink.write(large, true)
		await expect.poll(() => large.length).toBe(0)
		sink.end('three')
		sink.end()
		sink.abort()
		const after = await fetchAnswer(next => {
			next.head(200, {})
			next.end('there')
		})
		expect(await after.text()).toBe('there')
	})
})
