import { describe, expect, test } from 'vitest'
import { call, readAnswer, reasoning, response, text } from '../../../test/support/responses-conversion.ts'

test('an answer with everything becomes the message', () => {
	const usage = {
		input_tokens: 100,
		input_tokens_details: { cached_tokens: 60 },
		output_tokens: 20,
		output_tokens_details: { reasoning_tokens: 8 },
	}
	const items = [
		reasoning(['hm'], 'secret'),
		text('Reading.'),
		call('Read', '{"file":"x"}', 'call_a'),
		call('Bash', '{"command":"ls"}', 'call_b'),
	]
	const answer = readAnswer(response(items, { usage }))
	expect(answer.understood).toBe(true)
	expect(answer.message).toEqual({
		id: 'msg_1',
		type: 'message',
		role: 'assistant',
		model: 'claude-opus-5-5',
		content: [
			{
				type: 'thinking',
				thinking: 'hm',
				signature: expect.stringMatching(/^claude-proxy:responses:[\w-]+$/),
			},
			{ type: 'text', text: 'Reading.' },
			{ type: 'tool_use', id: 'call_a', name: 'Read', input: { file: 'x' } },
			{ type: 'tool_use', id: 'call_b', name: 'Bash', input: { command: 'ls' } },
		],
		stop_reason: 'tool_use',
		stop_sequence: null,
		usage: {
			input_tokens: 40,
			output_tokens: 20,
			cache_read_input_tokens: 60,
			output_tokens_details: { thinking_tokens: 8 },
		},
	})
})

test('a refusal is text and the reason', () => {
	const item = { type: 'message', content: [{ type: 'refusal', refusal: 'No.' }] }
	expect(readAnswer(response([item])).message).toMatchObject({
		content: [{ type: 'text', text: 'No.' }],
		stop_reason: 'refusal',
	})
})

test('trap 3: a call that the limit cut off keeps max_tokens and an object as input', () => {
	const cut = { status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } }
	expect(readAnswer(response([call('Write', '{"text":"ab')], cut)).message).toMatchObject({
		content: [{ type: 'tool_use', input: { _raw: '{"text":"ab' } }],
		stop_reason: 'max_tokens',
	})
})

test('items that share an id are all kept', () => {
	const items = [
		{ ...call('Read', '{}', 'a'), id: 'same' },
		{ ...call('Read', '{}', 'b'), id: 'same' },
	]
	expect(readAnswer(response(items)).message?.content).toMatchObject([{ id: 'a' }, { id: 'b' }])
})

describe('trap 20: bodies that are no answer', () => {
	test.each([
		null,
		undefined,
		'<html>',
		[],
		42,
		{},
		{ output: 'x' },
		{ choices: [] },
		{ object: 'list', data: [] },
	])('%j is not understood, and nothing is written', body => {
		const answer = readAnswer(body)
		expect(answer.understood).toBe(false)
		expect([answer.message, answer.error, answer.blocks.over]).toEqual([undefined, undefined, false])
	})

	test.each([
		[{ error: { message: 'boom', code: 'insufficient_quota' } }, 'rate_limit_error', 'boom'],
		[{ error: 'boom' }, 'api_error', 'boom'],
		[{ success: false, message: 'token expired', code: 401 }, 'authentication_error', 'token expired'],
		[
			response([], { status: 'failed', error: { code: 'server_error', message: 'boom' } }),
			'api_error',
			'boom',
		],
		[response([], { status: 'queued' }), 'api_error', 'the upstream did not complete its answer: queued'],
	])('%j is an error', (body, type, message) => {
		const answer = readAnswer(body)
		expect(answer.understood).toBe(true)
		expect(answer.error).toMatchObject({ type, message })
	})

	test('an empty answer that was completed is one', () => {
		expect(readAnswer(response([])).message).toMatchObject({ content: [], stop_reason: 'end_turn' })
	})
})
