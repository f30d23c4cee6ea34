import { expect, it } from 'vitest'
import { createLiveAnswer, readWholeAnswer } from './live-answer.ts'

const start = {
	type: 'message_start',
	message: { id: 'msg_1', model: 'm', content: [], usage: { input_tokens: 3, output_tokens: 0 } },
}
const blockStart = (content_block: object) => ({ type: 'content_block_start', index: 0, content_block })
const delta = (value: object) => ({ type: 'content_block_delta', index: 0, delta: value })
const stop = { type: 'content_block_stop', index: 0 }

function feed(...events: object[]) {
	const live = createLiveAnswer()
	const shows = events.map(event => live.take(JSON.stringify(event)))
	return { answer: live.read(), shows }
}

it('shows a text while it is written, and once when it is whole', () => {
	const events = [
		start,
		blockStart({ type: 'text', text: '' }),
		delta({ type: 'text_delta', text: 'Hel' }),
		delta({ type: 'text_delta', text: 'lo' }),
	]
	expect(feed(...events)).toMatchObject({
		answer: { blocks: [{ type: 'text', text: 'Hello' }], model: 'm', usage: { input_tokens: 3 } },
		shows: [false, false, true, true],
	})
	expect(feed(...events, stop).answer.blocks).toEqual([{ type: 'text', text: 'Hello' }])
})

it('shows arguments as they come, and as an object when they are complete', () => {
	const events = [
		start,
		blockStart({ type: 'tool_use', id: 't', name: 'get', input: {} }),
		delta({ type: 'input_json_delta', partial_json: '{"a":' }),
	]
	expect(feed(...events).answer.blocks).toMatchObject([{ name: 'get', input: '{"a":' }])
	const whole = feed(...events, delta({ type: 'input_json_delta', partial_json: '1}' }), stop)
	expect(whole.answer.blocks).toMatchObject([{ name: 'get', input: { a: 1 } }])
})

it('keeps what came before an error in the stream', () => {
	const { answer } = feed(
		start,
		blockStart({ type: 'text', text: '' }),
		delta({ type: 'text_delta', text: 'cut' }),
		{ type: 'error', error: { type: 'overloaded_error', message: 'busy' } },
	)
	expect(answer).toMatchObject({
		blocks: [{ text: 'cut' }],
		error: { type: 'overloaded_error', message: 'busy' },
	})
})

it('reads messages, errors and anything else that comes in one piece', () => {
	const message = {
		...{ type: 'message', model: 'm', stop_reason: 'end_turn' },
		...{ content: [{ type: 'text', text: 'Hi' }], usage: { input_tokens: 1, output_tokens: 2 } },
	}
	expect(readWholeAnswer(JSON.stringify(message))).toMatchObject({
		blocks: [{ text: 'Hi' }],
		stopReason: 'end_turn',
		usage: { output_tokens: 2 },
	})
	const refused = { type: 'error', error: { type: 'rate_limit_error', message: 'slow down' } }
	expect(readWholeAnswer(JSON.stringify(refused)).error).toEqual(refused.error)
	expect(readWholeAnswer('<html>').error).toEqual({ type: '', message: '<html>' })
})
