import { expect, test } from 'vitest'
import { checkJson, checkStream } from './check-answer.ts'
import { answerText } from './upstreams.ts'

const mark = '#7#'
const text = answerText('blue', 'gpt-4.1', mark)

const json = (content: string, stop_reason = 'end_turn') =>
	JSON.stringify({ type: 'message', content: [{ type: 'text', text: content }], stop_reason })

interface StreamParts {
	pieces?: readonly string[]
	end?: readonly { type: string }[]
}

const whole = [
	{ type: 'content_block_stop', index: 0 },
	{ type: 'message_delta', delta: { stop_reason: 'end_turn' } },
	{ type: 'message_stop' },
]

function stream({ pieces = [text.slice(0, 9), text.slice(9)], end = whole }: StreamParts): string {
	const events = [
		{ type: 'message_start' },
		{ type: 'ping' },
		{ type: 'content_block_start', index: 0 },
		...pieces.map(piece => ({ type: 'content_block_delta', delta: { text: piece } })),
		...end,
	]
	return events.map(event => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join('')
}

test('an answer that came whole tells who gave it', () => {
	const right = { kind: 'right', upstream: 'blue', model: 'gpt-4.1' }
	expect(checkJson(json(text), mark)).toEqual(right)
	expect(checkStream(stream({}), mark)).toEqual(right)
})

test.each([
	['that lacks its end', json(text.slice(0, -1))],
	['to another request', json(answerText('blue', 'gpt-4.1', '#8#'))],
	['of an upstream that there is not', json(text.replace('blue', 'red'))],
	['without the reason of its end', json(text, 'max_tokens')],
	['that is no JSON', '<html>'],
])('JSON %s is wrong', (_, answer) => {
	expect(checkJson(answer, mark)).toMatchObject({ kind: 'wrong' })
})

test.each<[string, StreamParts]>([
	['that lacks a piece', { pieces: [text.slice(0, 9)] }],
	['that gives a piece twice', { pieces: [text, text.slice(9)] }],
	['that is cut', { end: [] }],
	['that leaves its block open', { end: whole.slice(1) }],
	['without the reason of its end', { end: [whole[0]!, whole[2]!] }],
])('a stream %s is wrong', (_, parts) => {
	expect(checkStream(stream(parts), mark)).toMatchObject({ kind: 'wrong' })
})

test('a stream that ends with an error is told apart', () => {
	const end = [{ type: 'error', error: { type: 'api_error', message: 'cut' } }]
	expect(checkStream(stream({ end }), mark)).toEqual({ kind: 'broken off', message: 'cut' })
})
