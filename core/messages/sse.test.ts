import { createParser } from 'eventsource-parser'
import { describe, expect, test } from 'vitest'
import * as fc from '../../test/support/fast-check.ts'
import { createSseEncoder } from './sse-encoder.ts'
import { createSseParser } from './sse-parser.ts'

function parse(chunks: Uint8Array[]): { data: string[]; errors: string[] } {
	const data: string[] = []
	const errors: string[] = []
	const parser = createSseParser(
		text => data.push(text),
		message => errors.push(message),
	)
	for (const chunk of chunks) parser.feed(chunk)
	parser.end()
	return { data, errors }
}

const bytes = (text: string) => new TextEncoder().encode(text)

describe('createSseParser', () => {
	test.each([
		['LF', 'data: {"a":1}\n\ndata: {"b":2}\n\n'],
		['CRLF', 'data: {"a":1}\r\n\r\ndata: {"b":2}\r\n\r\n'],
		['no space', 'data:{"a":1}\n\ndata:{"b":2}\n\n'],
		[
			'comments and fields',
			': keep-alive\n\nid: 1\nevent: x\ndata: {"a":1}\n\n: more\nretry: 5\ndata: {"b":2}\n\n',
		],
		['a byte order mark', '\ufeffdata: {"a":1}\n\ndata: {"b":2}\n\n'],
		['no last blank line', 'data: {"a":1}\n\ndata: {"b":2}'],
	])('trap 29: reads %s', (_name, text) => {
		expect(parse([bytes(text)])).toEqual({ data: ['{"a":1}', '{"b":2}'], errors: [] })
	})

	test('trap 29: several data lines are one event', () => {
		expect(parse([bytes('data: {"a":\ndata: 1}\n\n')]).data).toEqual(['{"a":\n1}'])
	})

	test('trap 29: wherever the bytes are split, inside characters too, the events are the same', () => {
		const whole = bytes('data: {"text":"héllo 世界 🎉"}\r\n\r\ndata: second\n\n')
		fc.assert(
			fc.property(fc.array(fc.nat({ max: whole.length }), { maxLength: 12 }), cuts => {
				const points = [0, ...cuts.toSorted((a, b) => a - b), whole.length]
				const chunks = points.slice(1).map((end, index) => whole.subarray(points[index], end))
				expect(parse(chunks).data).toEqual(['{"text":"héllo 世界 🎉"}', 'second'])
			}),
		)
	})

	test('whatever is written, wherever it is split, the events are those of the standard', () => {
		const fragment = fc.constantFrom(
			...['data: {"a":1}\n\n', 'event: one\ndata: {"b":"é"}\n\n', 'data: ', 'data:', 'event: ', 'event: \n'],
			...['\n', '\n\n', '\r', '\r\n', ': comment', 'id: 7', 'retry: 1', 'x', ' ', 'data', 'data: \n\n'],
		)
		fc.assert(
			fc.property(fc.array(fragment, { maxLength: 30 }), fc.array(fc.nat(200)), (fragments, cuts) => {
				const whole = bytes(fragments.join(''))
				const expected: unknown[] = []
				const standard = createParser({ onEvent: ({ data, event }) => expected.push([data, event]) })
				standard.feed('\n')
				standard.feed(`${new TextDecoder().decode(whole)}\n\n`)
				const points = [...cuts.map(cut => Math.min(cut, whole.length)), 0, whole.length]
				points.sort((one, other) => one - other)
				const read: unknown[] = []
				const parser = createSseParser(
					(data, event) => read.push([data, event]),
					message => read.push(message),
				)
				points.slice(1).forEach((end, index) => {
					parser.feed(whole.subarray(points[index], end))
				})
				parser.end()
				expect(read).toEqual(expected)
			}),
		)
	})

	test('trap 29: a line of many megabytes is one event', () => {
		const long = 'x'.repeat(9 * 1024 * 1024)
		const { data } = parse([
			bytes(`data: ${long.slice(0, 5_000_000)}`),
			bytes(`${long.slice(5_000_000)}\n\n`),
		])
		expect(data[0]?.length).toBe(long.length)
	})

	test('a line without end is refused, not gathered for ever', () => {
		const chunk = bytes('x'.repeat(8 * 1024 * 1024))
		const { errors } = parse([bytes('data: '), ...Array.from({ length: 5 }, () => chunk)])
		expect(errors[0]).toMatch(/larger than 32 MB/)
	})
})

describe('createSseEncoder', () => {
	test('hot deltas are written as any event is', () => {
		const text = 'a"b\\c\n\r\u2028世界'
		const encoder = createSseEncoder()
		encoder.textDelta(0, text)
		encoder.thinkingDelta(1, text)
		encoder.jsonDelta(2, text)
		const plain = createSseEncoder()
		plain.event({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } })
		plain.event({ type: 'content_block_delta', index: 1, delta: { type: 'thinking_delta', thinking: text } })
		plain.event({
			type: 'content_block_delta',
			index: 2,
			delta: { type: 'input_json_delta', partial_json: text },
		})
		expect(encoder.take()).toBe(plain.take())
	})

	test('take hands out each event once', () => {
		const encoder = createSseEncoder()
		encoder.event({ type: 'message_stop' })
		expect(encoder.take()).toBe('event: message_stop\ndata: {"type":"message_stop"}\n\n')
		expect(encoder.take()).toBe('')
	})
})
