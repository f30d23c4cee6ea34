import { describe, expect, test } from 'vitest'
import { type Dialect, renderAnswer } from '../../bench/workloads/answer.ts'
import { toolCall, wordStream } from '../../bench/workloads/texts.ts'
import { sendStream } from './convert-stream.ts'
import { countJson } from './count-json.ts'

const deltas = 200
const burst = wordStream(deltas)
const whole = burst.pieces.join('')

/** The events as reads of the socket bring them, at most so many. */
function toReads(events: readonly string[], most: number): string[] {
	const size = Math.ceil(events.length / most)
	const count = Math.ceil(events.length / size)
	return Array.from({ length: count }, (_, read) => events.slice(read * size, (read + 1) * size).join(''))
}

const readText = (sent: string) =>
	[...sent.matchAll(/"text_delta","text":("(?:[^"\\]|\\.)*")/g)]
		.map(([, text = '']) => JSON.parse(text))
		.join('')

const converting = ['openai', 'gemini', 'responses'] as const satisfies Dialect[]

describe.each(converting)('a stream of 200 deltas from %s', type => {
	const events = renderAnswer(type, burst)

	test('leaves as one write per read, with each event looked at once', () => {
		for (const most of [1, 4, 20]) {
			const reads = toReads(events, most)
			const sent = sendStream(type, reads)
			expect(readText(sent.text)).toBe(whole)
			// Gemini's streams have no last event: only the connection's end ends the message.
			expect(sent.writes).toBeLessThanOrEqual(reads.length + (type === 'gemini' ? 1 : 0))
			expect(sent.events).toBeLessThanOrEqual(events.length)
		}
	})

	test('is parsed only where its events differ in more than their text, and written delta by delta', () => {
		const work = countJson(() => sendStream(type, toReads(events, 4)))
		// First and last events, what is learnt from them and the look for the model: none per delta.
		expect(work.parses).toBeLessThanOrEqual(16)
		expect(work.writes).toBeGreaterThanOrEqual(deltas)
		expect(work.writes).toBeLessThanOrEqual(deltas + 20)
	})
})

test('a stream passes through unparsed: one write per read, JSON only at both ends', () => {
	const events = renderAnswer('anthropic', burst)
	const reads = toReads(events, 20)
	let sent = { text: '', writes: 0 }
	const work = countJson(() => {
		sent = sendStream('claude', reads)
	})
	expect(sent.text).toBe(events.join(''))
	expect(sent.writes).toBe(reads.length)
	expect(work.parses).toBeLessThanOrEqual(8)
	expect(work.writes).toBe(0)
})

describe('a tool call in 20-character fragments', () => {
	const measure = (length: number) => {
		const answer = toolCall(length, 20)
		const reads = toReads(renderAnswer('openai', answer), 10)
		return { work: countJson(() => sendStream('openai', reads)), fragments: answer.pieces.length }
	}

	test('costs one JSON string per fragment, and its arguments are parsed once', () => {
		const { work, fragments } = measure(40_000)
		expect(work.writes).toBeLessThanOrEqual(fragments + 12)
		expect(work.parses).toBeLessThanOrEqual(16)
		expect(work.parsed).toBeLessThanOrEqual(1.2 * 40_000)
	})

	test('of twice the length costs twice as much, not four times', () => {
		const [one, two] = [measure(40_000).work, measure(80_000).work]
		expect(two.parsed + two.written).toBeLessThanOrEqual(2.1 * (one.parsed + one.written))
	})
})
