import { describe, expect, test } from 'vitest'
import {
	callDelta,
	completion,
	delta,
	readAnswer,
	readStream,
	readWithSdk,
} from '../../../test/support/openai-conversion.ts'
import type { StreamEvent } from '../../messages/events.ts'

const done = '[DONE]'
const usageChunk = (usage: object) => ({ id: 'c', object: 'chat.completion.chunk', choices: [], usage })
const types = (events: readonly StreamEvent[]) => events.map(event => event.type)
const content = async (chunks: readonly unknown[]) => (await readWithSdk(readStream(chunks).events)).content

describe('text', () => {
	test('becomes one block between message_start and message_stop', () => {
		const { events } = readStream([
			delta({ role: 'assistant', content: '' }),
			delta({ content: 'Hel' }),
			delta({ content: 'lo' }),
			delta({}, 'stop'),
			usageChunk({ prompt_tokens: 20, completion_tokens: 2, total_tokens: 22 }),
			done,
		])
		expect(events).toEqual([
			{
				type: 'message_start',
				message: {
					id: 'msg_1',
					type: 'message',
					role: 'assistant',
					model: 'claude-opus-5-5',
					content: [],
					stop_reason: null,
					stop_sequence: null,
					usage: { input_tokens: 11, output_tokens: 0 },
				},
			},
			{ type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
			{ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Hel' } },
			{ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'lo' } },
			{ type: 'content_block_stop', index: 0 },
			{
				type: 'message_delta',
				delta: { stop_reason: 'end_turn', stop_sequence: null },
				usage: { input_tokens: 20, output_tokens: 2 },
			},
			{ type: 'message_stop' },
		])
	})

	test('may come as parts, thinking among them', async () => {
		const parts = [
			{ type: 'thinking', thinking: [{ type: 'text', text: 'Hmm.' }] },
			{ type: 'text', text: 'Yes.' },
		]
		expect(await content([delta({ content: parts }, 'stop')])).toMatchObject([
			{ type: 'thinking', thinking: 'Hmm.' },
			{ type: 'text', text: 'Yes.' },
		])
	})

	test('a refusal is text and the reason', async () => {
		const message = await readWithSdk(
			readStream([delta({ refusal: 'I cannot ' }), delta({ refusal: 'do that.' }), delta({}, 'stop'), done])
				.events,
		)
		expect(message.content).toMatchObject([{ type: 'text', text: 'I cannot do that.' }])
		expect(message.stop_reason).toBe('refusal')
	})

	test('citations of a web search stay with their text', () => {
		const annotation = {
			type: 'url_citation',
			url_citation: { url: 'https://a.example', title: 'A', start_index: 0 },
		}
		const { events } = readStream([
			delta({ content: 'Rain.' }),
			delta({ annotations: [annotation] }),
			delta({}, 'stop'),
		])
		expect(events[3]).toEqual({
			type: 'content_block_delta',
			index: 0,
			delta: {
				type: 'citations_delta',
				citation: {
					type: 'web_search_result_location',
					url: 'https://a.example',
					title: 'A',
					cited_text: '',
					encrypted_index: '',
				},
			},
		})
	})

	test('a citation after a call opens no empty block', async () => {
		const call = callDelta({ index: 0, id: 'a', function: { name: 'List', arguments: '{}' } })
		const late = delta({ annotations: [{ url_citation: { url: 'https://a.example' } }] })
		expect(await content([call, late, delta({}, 'tool_calls')])).toMatchObject([{ type: 'tool_use' }])
	})

	test('a whole message after its deltas repeats them', async () => {
		const chunks = [
			delta({ reasoning_content: 'hm' }),
			delta({ content: 'Hel' }),
			delta({ content: 'lo' }),
			completion({ reasoning_content: 'hm', content: 'Hello' }),
			done,
		]
		expect(await content(chunks)).toMatchObject([{ thinking: 'hm' }, { text: 'Hello' }])
	})

	test('a whole message after deltas that said nothing is the answer', async () => {
		const chunks = [delta({ role: 'assistant', content: '' }), completion({ content: 'Hello' }), done]
		expect(await content(chunks)).toMatchObject([{ text: 'Hello' }])
	})

	test('messages in place of deltas are its pieces', async () => {
		const piece = (text: string) => ({ choices: [{ index: 0, message: { content: text } }] })
		expect(await content([piece('Hel'), piece('lo'), delta({}, 'stop')])).toMatchObject([{ text: 'Hello' }])
	})

	test('parts of other types are left out, with one note', async () => {
		const image = { type: 'image_url', image_url: { url: 'data:image/png;base64,AA' } }
		const { events, blocks } = readStream([
			delta({ content: [image, { type: 'text', text: 'a' }] }),
			delta({ content: [image, null] }, 'stop'),
			done,
		])
		expect((await readWithSdk(events)).content).toEqual([{ type: 'text', text: 'a' }])
		expect(blocks.notes).toEqual([
			{
				field: 'content',
				action: 'dropped',
				detail: 'a part of type "image_url" has no place in a message',
			},
		])
	})

	test.each([undefined, null, '0', 0])('an answer numbered %j is the first', async index => {
		const chunk = { choices: [{ index, delta: { content: 'one' }, finish_reason: 'stop' }] }
		expect(await content([chunk, done])).toMatchObject([{ text: 'one' }])
	})

	test('only the first of several answers is read', async () => {
		const second = { choices: [{ index: 1, delta: { content: 'other' }, finish_reason: 'stop' }] }
		expect(await content([delta({ content: 'one' }), second, delta({}, 'stop')])).toMatchObject([
			{ text: 'one' },
		])
	})

	test('choices without any index are one answer: GitHub Copilot tells calls in a second one', async () => {
		const call = { id: 'a', type: 'function', function: { name: 'Read', arguments: '{"n":1}' } }
		const choices = [
			{ finish_reason: 'tool_calls', message: { role: 'assistant', content: 'First:' } },
			{ finish_reason: 'tool_calls', message: { role: 'assistant', tool_calls: [call] } },
		]
		const expected = [
			{ type: 'text', text: 'First:' },
			{ type: 'tool_use', id: 'a', name: 'Read', input: { n: 1 } },
		]
		expect(readAnswer({ choices }).message).toMatchObject({ content: expected, stop_reason: 'tool_use' })
		expect(await content([{ choices }, done])).toEqual(expected)
	})
})

describe('trap 2: stop reasons', () => {
	test.each([
		['stop', 'end_turn'],
		['length', 'max_tokens'],
		['content_filter', 'refusal'],
		['tool_calls', 'end_turn'],
		['STOP', 'end_turn'],
		['model_context_window_exceeded', 'model_context_window_exceeded'],
		['model_length', 'model_context_window_exceeded'],
		['content_filter: RECITATION', 'refusal'],
		['BLOCKLIST', 'refusal'],
		['SPII', 'refusal'],
		['something_new', 'end_turn'],
	])('%s after text is %s', async (reason, expected) => {
		const { events } = readStream([delta({ content: 'a' }), delta({}, reason), done])
		expect((await readWithSdk(events)).stop_reason).toBe(expected)
	})

	test.each(['stop', 'tool_calls', 'function_call', '', 'null', null])(
		'%j after a call is tool_use',
		async reason => {
			const call = callDelta({ index: 0, id: 'a', function: { name: 'Read', arguments: '{}' } })
			const { events } = readStream([call, delta({}, reason), done])
			expect((await readWithSdk(events)).stop_reason).toBe('tool_use')
		},
	)

	test('the text "null" in every chunk finishes nothing', () => {
		const { events, blocks } = readStream([delta({ content: 'a' }, 'null'), delta({ content: 'b' }, 'null')])
		expect(events.at(-1)).toMatchObject({ type: 'error' })
		expect(blocks.notes).toEqual([])
	})

	test('an unknown reason is noted', () => {
		expect(readStream([delta({ content: 'a' }, 'something_new')]).blocks.notes).toEqual([
			{
				field: 'finish_reason',
				action: 'replaced',
				detail: 'unknown finish reason "something_new" taken for the end of the turn',
			},
		])
	})

	test.each([{ stop_reason: 'END' }, { matched_stop: 'END' }])('%j names the stop sequence', async more => {
		const last = { choices: [{ index: 0, delta: {}, finish_reason: 'stop', ...more }] }
		const { events } = readStream([delta({ content: 'a' }), last, done], { stopSequences: ['END'] })
		const message = await readWithSdk(events)
		expect([message.stop_reason, message.stop_sequence]).toEqual(['stop_sequence', 'END'])
	})

	test('a token id in stop_reason is no stop sequence', async () => {
		const last = { choices: [{ index: 0, delta: {}, finish_reason: 'stop', stop_reason: 151645 }] }
		const { events } = readStream([delta({ content: 'a' }), last, done], { stopSequences: ['END'] })
		expect((await readWithSdk(events)).stop_reason).toBe('end_turn')
	})
})

describe('trap 10: reasoning', () => {
	test.each([
		{ reasoning_content: 'why' },
		{ reasoning: 'why' },
		{ reasoning_details: [{ type: 'reasoning.text', text: 'why' }] },
		{ reasoning_details: [{ type: 'reasoning.summary', summary: 'why' }] },
		{ reasoning: 'why', reasoning_details: [{ type: 'reasoning.text', text: 'why' }] },
		{ reasoning_content: 'why', reasoning: 'why' },
		{ reasoning_content: null, reasoning: 'why', content: null },
		{ reasoning_text: 'why' },
	])('%j is a thinking block before the text', async fields => {
		const { events } = readStream([delta(fields), delta({ content: 'so' }), delta({}, 'stop'), done])
		expect((await readWithSdk(events)).content).toEqual([
			{ type: 'thinking', thinking: 'why', signature: expect.stringMatching(/^claude-proxy:/) },
			{ type: 'text', text: 'so' },
		])
	})

	test('encrypted reasoning is not shown', async () => {
		const details = [{ type: 'reasoning.encrypted', data: 'x' }]
		expect(await content([delta({ reasoning_details: details }), delta({ content: 'a' }, 'stop')])).toEqual([
			{ type: 'text', text: 'a' },
		])
	})
})

describe('trap 20: errors inside a 200', () => {
	test.each([
		[
			{ error: { message: 'Rate limit reached', type: 'requests', code: 'rate_limit_exceeded' } },
			'rate_limit_error',
		],
		[{ error: { message: 'quota', code: 'insufficient_quota' } }, 'rate_limit_error'],
		[{ error: { message: 'no', code: 'data_inspection_failed' } }, 'invalid_request_error'],
		[{ error: { message: 'busy', type: 'overloaded_error' } }, 'overloaded_error'],
		[{ error: { message: 'pay', code: 402 } }, 'billing_error'],
		[{ error: { message: 'boom', type: 'server_error' } }, 'api_error'],
		[{ error: 'boom' }, 'api_error'],
		[{ type: 'error', error: { type: 'invalid_request_error', message: 'no' } }, 'invalid_request_error'],
		[{ message: 'gone', code: 503 }, 'api_error'],
		[{ detail: 'gone' }, 'api_error'],
		[
			{ choices: null, usage: { total_tokens: 0 }, base_resp: { status_code: 1000, status_msg: 'busy' } },
			'api_error',
		],
	])('%j before any content fails with %s and nothing else', (chunk, type) => {
		const { events, blocks } = readStream([chunk, done])
		expect(blocks.hasContent).toBe(false)
		expect(events).toEqual([
			{ type: 'error', error: expect.objectContaining({ type, message: expect.any(String) }) },
		])
	})

	test.each([{}, { message: '', type: '', param: null, code: 0 }, null, ''])(
		'an answer with a place for an error and nothing in it is one: %j',
		async error => {
			expect(await content([{ ...delta({ content: 'a' }, 'stop'), error }, done])).toMatchObject([
				{ text: 'a' },
			])
		},
	)

	test('after content the open block is closed first, and nothing follows', () => {
		const { events } = readStream([
			delta({ content: 'a' }),
			{ error: { message: 'boom' } },
			delta({ content: 'b' }),
			done,
		])
		expect(types(events).slice(-2)).toEqual(['content_block_stop', 'error'])
		expect(events.at(-1)).toEqual({ type: 'error', error: { type: 'api_error', message: 'boom' } })
	})

	test('a finish reason that is a fault fails too, with the upstream’s words', () => {
		const last = {
			choices: [
				{ index: 0, delta: {}, finish_reason: 'error', error: { code: 502, message: 'Provider died' } },
			],
		}
		expect(readStream([delta({ content: 'a' }), last, done]).blocks.failure).toEqual({
			type: 'api_error',
			message: 'Provider died',
		})
	})

	test('a call that Gemini’s model could not write is a fault, not an empty answer', () => {
		const { events } = readStream([delta({}, 'function_call_filter: MALFORMED_FUNCTION_CALL'), done])
		expect(events).toEqual([
			{
				type: 'error',
				error: {
					type: 'api_error',
					message: 'the upstream broke off its answer: function_call_filter: MALFORMED_FUNCTION_CALL',
				},
			},
		])
	})

	test.each([
		[[]],
		[['garbage', '{', 'null', '[]', '{}']],
		[[done]],
		[[usageChunk({ prompt_tokens: 1 }), done]],
	])('%j is no answer: an error, never an empty success', chunks => {
		expect(types(readStream(chunks).events)).toEqual(['error'])
	})

	test('an answer without text is valid when the upstream finished it', async () => {
		const { events } = readStream([delta({ role: 'assistant' }), delta({}, 'stop'), done])
		expect(await readWithSdk(events)).toMatchObject({ content: [], stop_reason: 'end_turn' })
	})
})

describe('trap 28: shapes', () => {
	test('start blocks are complete and thinking is signed before it stops', () => {
		const { events } = readStream([
			delta({ reasoning_content: 'hm' }),
			callDelta({ index: 0, id: 'a', function: { name: 'List', arguments: '' } }),
			delta({}, 'tool_calls'),
			done,
		])
		const starts = events.flatMap(event =>
			event.type === 'content_block_start' ? [event.content_block] : [],
		)
		expect(starts).toEqual([
			{ type: 'thinking', thinking: '', signature: '' },
			{ type: 'tool_use', id: 'a', name: 'List', input: {} },
		])
		expect(events[3]).toMatchObject({ delta: { type: 'signature_delta' } })
	})
})

test('trap 29: a whole completion where a stream was asked for is read as one', async () => {
	const { events } = readStream([completion({ content: 'all at once' })])
	expect((await readWithSdk(events)).content).toEqual([{ type: 'text', text: 'all at once' }])
})
