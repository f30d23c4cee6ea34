import { expect, test } from 'vitest'
import { toEventStream } from '../messages/other-form.ts'
import { findAdapter } from '../upstreams/registry.ts'
import type { AnswerResult } from './answer-reader.ts'
import { ClientAnswer } from './client-answer.ts'
import { passAnswer } from './passed-answer.ts'

/** A reader of one answer, and what the client gets of it. */
function passing({ stream }: { stream: boolean }) {
	const adapter = findAdapter('claude')
	if (adapter?.mode !== 'pass-through') throw new Error('claude passes answers through')
	const sent: string[] = []
	const show = (chunk: string | Uint8Array = '') =>
		typeof chunk === 'string' ? chunk : new TextDecoder().decode(chunk)
	const sink = {
		head: (status: number, headers: Record<string, string>) =>
			void sent.push(`head ${status} ${headers['content-length']}`),
		write: (chunk: string | Uint8Array) => sent.push(`write ${show(chunk).length}`) > 0,
		end: (chunk?: string | Uint8Array) => void sent.push(`end ${show(chunk)}`),
		abort: () => void sent.push('abort'),
		onDrain() {},
	}
	const clock = { now: () => 0, elapsed: () => 0, after: () => () => {} }
	const results: AnswerResult[] = []
	let accepted = 0
	const reader = passAnswer(adapter, new ClientAnswer(sink, clock), { stream, headers: {} })({
		accepted: () => void accepted++,
		settled: result => void results.push(result),
	})
	return { reader, sent, results, wasAccepted: () => accepted > 0 }
}

const message = (text: string) =>
	JSON.stringify({
		...{ id: 'msg_1', type: 'message', role: 'assistant', model: 'm', content: [{ type: 'text', text }] },
		...{ stop_reason: 'end_turn', usage: { input_tokens: 3, output_tokens: 5 } },
	})
const bytes = (text: string) => new TextEncoder().encode(text)
const lengthOf = (text: string): Record<string, string> => ({ 'content-length': String(bytes(text).length) })

test('a short JSON answer is sent once it is whole', () => {
	const { reader, sent, results } = passing({ stream: false })
	const text = message('hello 世界')
	reader.head(200, lengthOf(text))
	reader.data(bytes(text).subarray(0, 90))
	reader.data(bytes(text).subarray(90))
	expect(sent).toEqual([])
	reader.ended()
	expect(sent).toEqual([`head 200 ${bytes(text).length}`, `end ${text}`])
	expect(results).toMatchObject([
		{ kind: 'delivered', reading: { stopReason: 'end_turn', usage: { output_tokens: 5 } } },
	])
})

test('one that breaks off has not begun: another key can answer', () => {
	const { reader, sent, results, wasAccepted } = passing({ stream: false })
	const text = message('hello')
	reader.head(200, lengthOf(text))
	reader.data(bytes(text.slice(0, 80)))
	reader.fault({ class: 'network', message: 'connection reset' })
	expect(sent).toEqual([])
	expect(results).toMatchObject([{ kind: 'failed', committed: false }])
	expect(wasAccepted()).toBe(false)
})

test('a long one, and one of unknown length, is passed on as it comes', () => {
	const text = message('z'.repeat(100_000))
	for (const headers of [lengthOf(text), {}]) {
		const { reader, sent, results } = passing({ stream: false })
		reader.head(200, headers)
		reader.data(bytes(text.slice(0, 90_000)))
		expect(sent).toEqual([`head 200 ${headers['content-length']}`, 'write 90000'])
		reader.fault({ class: 'network', message: 'connection reset' })
		expect(sent.at(-1)).toBe('abort')
		expect(results).toMatchObject([{ kind: 'failed', committed: true }])
	}
})

test('an error object with status 200 is a failure, whatever its length', () => {
	const text = JSON.stringify({ type: 'error', error: { type: 'overloaded_error', message: 'busy' } })
	for (const headers of [lengthOf(text), {}]) {
		const { reader, sent, results } = passing({ stream: false })
		reader.head(200, headers)
		reader.data(bytes(text))
		reader.ended()
		expect(sent).toEqual([])
		expect(results).toMatchObject([{ kind: 'failed', committed: false, failure: { message: 'busy' } }])
	}
})

test('a stream that ends in its first read is sent before it is said to be broken', () => {
	const { reader, sent } = passing({ stream: true })
	reader.head(200, { 'content-length': '1' })
	reader.data(bytes('event: content_block_start\ndata: {"type":"content_block_start","index":0}\n\n'))
	reader.ended()
	expect(sent[0]).toBe('head 200 undefined')
	expect(sent[1]).toMatch(/^write \d/)
	expect(sent[2]).toContain('event: error')
})

test('a stream is whole from its message_stop on, whether or not the upstream closes', () => {
	const { reader } = passing({ stream: true })
	const event = (data: { type: string }) => bytes(`event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`)
	const usage = { input_tokens: 3, output_tokens: 1 }
	reader.head(200, {})
	reader.data(
		event({ type: 'message_start', ...{ message: { id: 'msg_1', model: 'm', content: [], usage } } }),
	)
	reader.data(
		event({ type: 'content_block_start', ...{ index: 0, content_block: { type: 'text', text: '' } } }),
	)
	expect(reader.isWhole?.()).toBe(false)
	reader.data(event({ type: 'message_stop' }))
	expect(reader.isWhole?.()).toBe(true)
})

/** A stream of the same answer. */
const streamOf = (text: string) => toEventStream(JSON.parse(message(text)))

test.each([10, 100_000])(
	'trap 29: JSON in place of a stream becomes one, with %i characters of text',
	length => {
		const { reader, sent, results } = passing({ stream: true })
		const text = message('z'.repeat(length))
		reader.head(200, { 'content-type': 'application/json', ...lengthOf(text) })
		reader.data(bytes(text.slice(0, 200)))
		reader.data(bytes(text.slice(200)))
		expect(sent).toEqual([])
		reader.ended()
		expect(sent).toEqual(['head 200 undefined', `end ${streamOf('z'.repeat(length))}`])
		expect(results).toMatchObject([{ kind: 'delivered', reading: { usage: { output_tokens: 5 } } }])
	},
)

test.each([10, 100_000])(
	'trap 29: a stream in place of JSON becomes one, with %i characters of text',
	length => {
		const { reader, sent, results } = passing({ stream: false })
		const stream = bytes(streamOf('z'.repeat(length)))
		reader.head(200, { 'content-type': 'text/event-stream' })
		for (let at = 0; at < stream.length; at += 300) reader.data(stream.slice(at, at + 300))
		expect(sent).toEqual([])
		reader.ended()
		expect(sent[0]).toBe('head 200 undefined')
		expect(JSON.parse(sent[1]?.replace('end ', '') ?? '')).toMatchObject(
			JSON.parse(message('z'.repeat(length))),
		)
		expect(results).toMatchObject([{ kind: 'delivered', reading: { stopReason: 'end_turn' } }])
	},
)

test('a stream in place of JSON that is cut or fails has not begun: another key can answer', () => {
	const event =
		'event: error\ndata: {"type":"error","error":{"type":"overloaded_error","message":"busy"}}\n\n'
	const cut = streamOf('hello').split('event: message_delta')[0] ?? ''
	for (const [text, status] of [
		[cut, 502],
		[cut + event, 529],
	] as const) {
		const { reader, sent, results, wasAccepted } = passing({ stream: false })
		reader.head(200, { 'content-type': 'text/event-stream' })
		reader.data(bytes(text))
		reader.ended()
		expect([sent, wasAccepted()]).toEqual([[], false])
		expect(results).toMatchObject([
			{ kind: 'failed', committed: false, failure: { class: 'server', status } },
		])
	}
})
