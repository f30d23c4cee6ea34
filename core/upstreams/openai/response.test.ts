import { describe, expect, test } from 'vitest'
import { completion, readAnswer } from '../../../test/support/openai-conversion.ts'

const usage = {
	prompt_tokens: 100,
	completion_tokens: 20,
	total_tokens: 120,
	prompt_tokens_details: { cached_tokens: 60, audio_tokens: 0 },
	completion_tokens_details: { reasoning_tokens: 8 },
}

test('an answer with everything becomes the message', () => {
	const message = {
		reasoning_content: 'hm',
		content: 'Reading.',
		tool_calls: [
			{ id: 'call_a', type: 'function', function: { name: 'Read', arguments: '{"file":"x"}' } },
			{ id: 'call_b', type: 'function', function: { name: 'Bash', arguments: '{"command":"ls"}' } },
		],
	}
	const answer = readAnswer(completion(message, 'tool_calls', { usage }))
	expect(answer.understood).toBe(true)
	expect(answer.message).toEqual({
		id: 'msg_1',
		type: 'message',
		role: 'assistant',
		model: 'claude-opus-5-5',
		content: [
			{ type: 'thinking', thinking: 'hm', signature: expect.stringMatching(/^claude-proxy:/) },
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

test.each([null, '', 'null', undefined])('a whole answer needs no finish reason (%j)', reason => {
	const body = { choices: [{ message: { content: 'hi' }, finish_reason: reason }] }
	expect(readAnswer(body).message).toMatchObject({ content: [{ text: 'hi' }], stop_reason: 'end_turn' })
})

test('a refusal is text and the reason', () => {
	expect(readAnswer(completion({ content: null, refusal: 'No.' })).message).toMatchObject({
		content: [{ type: 'text', text: 'No.' }],
		stop_reason: 'refusal',
	})
})

test('trap 3: a call that the limit cut off keeps max_tokens and an object as input', () => {
	const call = { id: 'a', type: 'function', function: { name: 'Write', arguments: '{"text":"ab' } }
	expect(readAnswer(completion({ content: null, tool_calls: [call] }, 'length')).message).toMatchObject({
		content: [{ type: 'tool_use', input: { _raw: '{"text":"ab' } }],
		stop_reason: 'max_tokens',
	})
})

test('trap 20: an empty answer that the upstream finished is valid', () => {
	const answer = readAnswer(completion({ content: '' }, 'stop', { usage }))
	expect(answer).toMatchObject({ understood: true, message: { content: [], stop_reason: 'end_turn' } })
})

describe('trap 20: bodies that are no answer', () => {
	test.each([
		null,
		undefined,
		'<html>',
		[],
		42,
		{},
		{ choices: [] },
		{ choices: 'x' },
		{ choices: [null] },
		{ object: 'list', data: [] },
		{ usage: { prompt_tokens: 1 } },
	])('%j is not understood, and nothing is written', body => {
		const answer = readAnswer(body)
		expect(answer.understood).toBe(false)
		expect([answer.message, answer.error, answer.blocks.over]).toEqual([undefined, undefined, false])
	})

	test.each([
		[{ error: { message: 'boom', code: 'insufficient_quota' } }, 'rate_limit_error', 'boom'],
		[{ error: 'boom' }, 'api_error', 'boom'],
		[{ error: {} }, 'api_error', 'the upstream reported an error without a message'],
		[{ success: false, message: 'token expired', code: 401 }, 'authentication_error', 'token expired'],
	])('%j is an error', (body, type, message) => {
		const answer = readAnswer(body)
		expect(answer.understood).toBe(true)
		expect(answer.error).toMatchObject({ type, message })
	})

	test.each([
		[{ error: { message: 'busy', code: 503 } }, 503],
		[{ error: { message: 'no route', code: '502' } }, 502],
		[{ message: 'gone', status_code: 504 }, 504],
		[{ error: { message: 'busy', type: 'overloaded_error' } }, undefined],
		[{ error: { message: 'no', code: 1302 } }, undefined],
	])('%j stands for status %s', (body, status) => {
		expect(readAnswer(body).blocks.failureSource).toEqual({
			json: body,
			...(status !== undefined && { status }),
		})
	})

	test('error: null beside an answer is none', () => {
		expect(readAnswer({ ...completion({ content: 'hi' }), error: null }).message).toMatchObject({
			content: [{ text: 'hi' }],
		})
	})
})
