import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type ScriptedUpstream, startOpenAiUpstream } from './index.ts'
import { type Call, callRaw, dataOf } from './raw-client.ts'

let upstream: ScriptedUpstream

beforeEach(async () => {
	upstream = await startOpenAiUpstream({ keys: ['sk-good', 'sk-other'] })
})
afterEach(() => upstream.close())

const call = (options?: Call) => callRaw(upstream, options)

describe('faults', () => {
	test.for([
		[
			'status',
			{ fault: { status: 503, body: { error: 'x' }, headers: { 'retry-after': '7' } } },
			503,
			'{"error":"x"}',
		],
		['text body', { fault: { status: 502, body: 'bad gateway' } }, 502, 'bad gateway'],
		['empty', { fault: 'empty' as const }, 200, ''],
	] as const)('%s is answered as it stands', async ([, reply, status, body]) => {
		upstream.script(reply)
		const outcome = await call()
		expect(outcome).toMatchObject({ status, text: body, complete: true })
	})

	test('headers of a fault are sent', async () => {
		upstream.script({ fault: { status: 429, body: {}, headers: { 'retry-after': '7' } } })
		expect((await call()).headers['retry-after']).toBe('7')
	})

	test('html is a web page with status 200', async () => {
		upstream.script({ fault: 'html' })
		const outcome = await call()
		expect(outcome.status).toBe(200)
		expect(outcome.headers['content-type']).toContain('text/html')
		expect(outcome.text).toContain('<html>')
	})

	test('reset destroys the socket before any answer', async () => {
		upstream.script({ fault: 'reset' })
		await expect(call()).rejects.toMatchObject({ code: 'ECONNRESET' })
		expect(upstream.requests[0]?.aborted).toBe(false)
	})

	test('a stream is cut after so many events', async () => {
		upstream.script({ text: ['one', 'two', 'three'], cutAfterEvents: 2 })
		const outcome = await call()
		expect(outcome.complete).toBe(false)
		expect(dataOf(outcome.text)).toHaveLength(2)
		expect(upstream.requests[0]?.aborted).toBe(false)
	})

	test.for([0, 1, 57])('a stream is cut after %i bytes', async bytes => {
		upstream.script({ text: ['one', 'two'], cutAfterBytes: bytes })
		const outcome = await call()
		expect(outcome.complete).toBe(false)
		expect(Buffer.concat(outcome.chunks)).toHaveLength(bytes)
	})

	test('a stalled stream sends its events and then nothing until the client leaves', async () => {
		const leaving = new AbortController()
		upstream.script({ text: ['one', 'two'], stallAfterEvents: 2 })
		let seen = ''
		const outcome = call({
			signal: leaving.signal,
			onChunk(text) {
				seen = text
				if (text.includes('one')) leaving.abort()
			},
		}).catch(() => undefined)
		await upstream.waitForAbort()
		await outcome
		expect(dataOf(seen)).toHaveLength(2)
	})

	test.for([0, 2])('an error event follows after %i events and ends the stream', async count => {
		upstream.script({ text: ['one', 'two'], errorAfterEvents: count })
		const events = dataOf((await call()).text)
		expect(events).toHaveLength(count + 1)
		expect(JSON.parse(events.at(-1)!).error.type).toBe('server_error')
	})

	test('an error event has the body that was scripted', async () => {
		upstream.script({ errorAfterEvents: 0, errorBody: { error: { message: 'mine' } } })
		expect(dataOf((await call()).text)).toEqual(['{"error":{"message":"mine"}}'])
	})

	test('raw chunks go out as they are, one by one', async () => {
		upstream.script({ rawChunks: ['data: {', Buffer.from([0xe2, 0x82]), Buffer.from([0xac]), '}\n\n'] })
		const outcome = await call()
		expect(outcome.text).toBe('data: {€}\n\n')
		expect(outcome.headers['content-type']).toContain('text/event-stream')
	})

	test('the shape can be the other one than was asked for', async () => {
		upstream.script({ text: 'x', shape: 'json' }, { text: 'x', shape: 'stream' })
		expect(JSON.parse((await call()).text).object).toBe('chat.completion')
		expect((await call({ stream: false })).text).toContain('data: [DONE]')
	})
})

describe('delivery', () => {
	test('bytes can be split anywhere', async () => {
		upstream.script({ text: ['日本語'], bytesPerWrite: 1 })
		const outcome = await call()
		expect(outcome.text).toContain('日本語')
		expect(outcome.chunks.length).toBeGreaterThan(outcome.text.length / 2)
	})

	test('line ends can be CRLF and comments can keep the stream alive', async () => {
		upstream.script({ text: ['a'], crlf: true, keepAliveComments: true })
		const { text } = await call()
		expect(text).not.toMatch(/[^\r]\n/)
		expect(text.match(/: keep-alive\r\n\r\n/g)).toHaveLength(dataOf(text).length)
	})

	test.for([
		['gzip', gunzipSync],
		['br', brotliDecompressSync],
		['zstd', zstdDecompressSync],
	] as const)('%s bodies can be decompressed, streamed or whole', async ([encoding, decompress]) => {
		upstream.script({ text: ['a', 'b'], encoding }, { text: 'whole', encoding })
		const streamed = await call()
		expect(streamed.headers['content-encoding']).toBe(encoding)
		expect(decompress(Buffer.concat(streamed.chunks)).toString()).toContain('data: [DONE]')
		const whole = await call({ stream: false })
		expect(decompress(Buffer.concat(whole.chunks)).toString()).toContain('whole')
	})

	test('close ends hanging requests', async () => {
		upstream.script({ fault: 'hang' })
		const outcome = call().catch((error: NodeJS.ErrnoException) => error.code)
		await upstream.waitForRequest()
		await upstream.close()
		expect(await outcome).toBe('ECONNRESET')
		upstream = await startOpenAiUpstream()
	})
})
