import { describe, expect, test } from 'vitest'
import {
	added,
	call,
	completed,
	done,
	event,
	jsonDelta,
	readStream,
	readWithSdk,
	response,
	text,
	textDelta,
} from '../../../test/support/responses-conversion.ts'
import type { StreamEvent } from '../../messages/events.ts'

const types = (events: readonly StreamEvent[]) => events.map(({ type }) => type)
const messageOf = async (events: readonly unknown[]) => readWithSdk(readStream(events).events)
const contentOf = async (events: readonly unknown[]) => (await messageOf([...events, completed()])).content
const tool = (id: string, name: string, input: object) => ({ type: 'tool_use', id, name, input })

describe('text', () => {
	test('becomes one block between message_start and message_stop', () => {
		const { events } = readStream([
			{ type: 'response.created', response: response([], { status: 'in_progress' }) },
			{ type: 'response.in_progress', response: response([], { status: 'in_progress' }) },
			added(0, { type: 'message', content: [] }),
			event('content_part.added', 0, { content_index: 0, part: { type: 'output_text', text: '' } }),
			textDelta(0, 'Hel'),
			textDelta(0, 'lo'),
			event('output_text.done', 0, { content_index: 0, text: 'Hello' }),
			event('content_part.done', 0, { content_index: 0, part: { type: 'output_text', text: 'Hello' } }),
			done(0, text('Hello')),
			completed({ usage: { input_tokens: 20, output_tokens: 2 } }),
		])
		expect(events.slice(1)).toEqual([
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
		expect(events[0]).toMatchObject({ type: 'message_start', message: { usage: { input_tokens: 11 } } })
	})

	test('is complete when the client sees the last event, before the socket closes', () => {
		const { blocks } = readStream([textDelta(0, 'x'), completed(), textDelta(0, 'late')])
		expect([blocks.over, blocks.failure]).toEqual([true, undefined])
	})

	test('of two messages does not run together', async () => {
		const events = [textDelta(0, 'Looking.'), done(0, text('Looking.')), textDelta(1, 'Done.')]
		expect(await contentOf(events)).toEqual([{ type: 'text', text: 'Looking.\n\nDone.' }])
	})

	test('that only the `done` events bring, or the rest of it, is not lost', async () => {
		expect(await contentOf([done(0, text('whole'))])).toMatchObject([{ text: 'whole' }])
		expect(await contentOf([textDelta(0, 'wh'), done(0, text('whole'))])).toMatchObject([{ text: 'whole' }])
		const only = event('output_text.done', 0, { content_index: 0, text: 'whole' })
		expect(await contentOf([only, only, done(0, text('whole'))])).toMatchObject([{ text: 'whole' }])
	})

	test('that only the last event brings is not lost', async () => {
		const last = { type: 'response.completed', response: response([text('whole'), call('Read', '{"n":1}')]) }
		expect(await messageOf([last])).toMatchObject({
			content: [{ text: 'whole' }, tool('call_a', 'Read', { n: 1 })],
			stop_reason: 'tool_use',
		})
	})

	test('a refusal is text and the reason', async () => {
		const message = await messageOf([
			event('refusal.delta', 0, { content_index: 0, delta: 'I cannot ' }),
			event('refusal.delta', 0, { content_index: 0, delta: 'do that.' }),
			event('refusal.done', 0, { content_index: 0, refusal: 'I cannot do that.' }),
			completed(),
		])
		expect(message).toMatchObject({
			content: [{ type: 'text', text: 'I cannot do that.' }],
			stop_reason: 'refusal',
		})
	})
})

describe('trap 2: the end', () => {
	const ended = async (last: object, before: unknown[] = [textDelta(0, 'x')]) => {
		const { events, blocks } = readStream([...before, last])
		return { reason: (await readWithSdk(events)).stop_reason, notes: blocks.notes }
	}
	const incomplete = (reason: unknown) => ({
		type: 'response.incomplete',
		response: response([], { status: 'incomplete', incomplete_details: { reason } }),
	})

	test.each([
		[completed(), 'end_turn'],
		[{ type: 'response.completed' }, 'end_turn'],
		[{ type: 'response.done', response: response([]) }, 'end_turn'],
		[incomplete('max_output_tokens'), 'max_tokens'],
		[incomplete('content_filter'), 'refusal'],
		[
			{ type: 'response.incomplete', response: { incomplete_details: { reason: 'max_output_tokens' } } },
			'max_tokens',
		],
	])('%j is %s', async (last, expected) => {
		expect(await ended(last)).toEqual({ reason: expected, notes: [] })
	})

	test('an unknown reason is taken for the limit, with a note', async () => {
		expect(await ended(incomplete('odd'))).toMatchObject({
			reason: 'max_tokens',
			notes: [{ field: 'incomplete_details', action: 'replaced' }],
		})
	})

	test('trap 3: the limit wins over a call that it cut off', () => {
		const { events } = readStream([
			added(0, call('Write', '')),
			jsonDelta(0, '{"text":"abc'),
			incomplete('max_output_tokens'),
		])
		expect(events.at(-2)).toMatchObject({ type: 'message_delta', delta: { stop_reason: 'max_tokens' } })
	})

	test('traps 3 and 19: the end of the connection, or [DONE], without a last event is an error', () => {
		for (const rest of [[], ['[DONE]']]) {
			const { events } = readStream([textDelta(0, 'half'), ...rest])
			expect(types(events).slice(-2)).toEqual(['content_block_stop', 'error'])
			expect(types(events)).not.toContain('message_stop')
		}
	})

	test('trap 20: an empty answer that was completed is valid', async () => {
		expect(await messageOf([completed()])).toMatchObject({ content: [], stop_reason: 'end_turn' })
	})
})

describe('trap 5: usage', () => {
	test('counts cached tokens once, and names the reasoning', async () => {
		const usage = {
			input_tokens: 100,
			input_tokens_details: { cached_tokens: 60, cache_write_tokens: 10 },
			output_tokens: 20,
			output_tokens_details: { reasoning_tokens: 8 },
			total_tokens: 120,
		}
		expect((await messageOf([textDelta(0, 'x'), completed({ usage })])).usage).toMatchObject({
			input_tokens: 30,
			cache_read_input_tokens: 60,
			cache_creation_input_tokens: 10,
			output_tokens: 20,
			output_tokens_details: { thinking_tokens: 8 },
		})
	})

	test('of an incomplete answer is told as well', async () => {
		const last = { type: 'response.incomplete', response: { usage: { input_tokens: 5, output_tokens: 6 } } }
		expect((await messageOf([textDelta(0, 'x'), last])).usage).toMatchObject({
			input_tokens: 5,
			output_tokens: 6,
		})
	})
})

describe('trap 19: errors', () => {
	const failed = (error: unknown) => ({ type: 'response.failed', response: { status: 'failed', error } })
	test.each<[object, string, string]>([
		[failed({ code: 'server_error', message: 'boom' }), 'api_error', 'boom'],
		[failed({ code: 'rate_limit_exceeded', message: 'slow down' }), 'rate_limit_error', 'slow down'],
		[failed({ code: 'invalid_prompt', message: 'no' }), 'invalid_request_error', 'no'],
		[failed(null), 'api_error', 'the upstream did not complete its answer: failed'],
		[
			failed({
				code: 'context_length_exceeded',
				message: 'Your input exceeds the context window of this model.',
			}),
			'invalid_request_error',
			'prompt is too long: Your input exceeds the context window of this model.',
		],
		[
			{ type: 'error', code: 'insufficient_quota', message: 'no credit', param: null },
			'rate_limit_error',
			'no credit',
		],
		[{ type: 'error', code: null, message: 'boom' }, 'api_error', 'boom'],
		[
			{ type: 'error', error: { type: 'invalid_request_error', message: 'bad' } },
			'invalid_request_error',
			'bad',
		],
		[{ type: 'error' }, 'api_error', 'the upstream reported an error'],
		[{ error: { message: 'relay', code: 503 } }, 'api_error', 'relay'],
	])('%j', (last, type, message) => {
		const before = readStream([last])
		expect(before.events).toMatchObject([{ type: 'error', error: { type, message } }])
		expect(before.blocks.hasContent).toBe(false)
		const after = readStream([textDelta(0, 'x'), last, completed()])
		expect(types(after.events).slice(-2)).toEqual(['content_block_stop', 'error'])
	})

	test('events of next month, junk and keep-alives are no errors', async () => {
		const odd = [
			event('something.new', 0, { delta: 'x' }),
			{ type: 'keepalive' },
			{},
			'',
			'junk',
			'[1]',
			'"x"',
		]
		expect(await contentOf([...odd, textDelta(0, 'x'), ...odd])).toEqual([{ type: 'text', text: 'x' }])
	})
})
