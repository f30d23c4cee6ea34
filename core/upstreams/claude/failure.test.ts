import { describe, expect, test } from 'vitest'
import { claude } from './index.ts'

describe('Anthropic’s 400s that are the key’s fault: another key can answer', () => {
	const read = (status: number, message: string) =>
		claude.readFailure({
			...{ status, headers: {} },
			body: JSON.stringify({ type: 'error', error: { type: 'invalid_request_error', message } }),
		}).class

	test.each([
		// anthropics/claude-code#2127
		[
			'You have reached your specified API usage limits. You will regain access on 2025-07-01 at 00:00 UTC.',
			'quota',
		],
		[
			'You have reached your specified workspace API usage limits. You will regain access on 2026-04-01.',
			'quota',
		],
		["You're out of extra usage. Add more at claude.ai/settings/usage and keep going.", 'quota'],
		['Your credit balance is too low to access the Anthropic API.', 'quota'],
		// anthropics/claude-code#54311
		['This organization has been disabled.', 'auth'],
		['messages: this organization of turns is not allowed', 'client'],
		['tools.0.custom.input_schema.properties.usage: limits', 'client'],
	])('%s: %s', (message, expected) => {
		expect(read(400, message)).toBe(expected)
	})

	test('a server that fails is no used-up key, whatever it says', () => {
		expect(read(529, 'Overloaded: this organization has been disabled')).toBe('server')
	})
})

describe('a conversation that is too long for another maker of this dialect', () => {
	const read = (error: object, more: object = {}) =>
		claude.readFailure({ status: 400, headers: {}, body: JSON.stringify({ type: 'error', error, ...more }) })

	test.each([
		// MoonshotAI/kimi-cli#2011, foreveryh/claude-code-switch#12, MiniMax, vLLM
		'Invalid request: Your request exceeded model token limit: 262144 (requested: 269030)',
		"Request 212387 input tokens exceeds the model's maximum context length 202750",
		'invalid params, context window exceeds limit (2013)',
		"This model's maximum context length is 32768 tokens and your request has 32700 input tokens",
	])('is told in the words that make Claude Code compact, its own JSON otherwise kept: %s', message => {
		const error = { type: 'bad_request_error', message, code: '1210' }
		expect(read(error, { request_id: 'r' })).toMatchObject({
			...{ class: 'client', status: 400, message: `prompt is too long: ${message}` },
			json: {
				type: 'error',
				error: { ...error, message: `prompt is too long: ${message}` },
				request_id: 'r',
			},
		})
	})

	test.each([
		'prompt is too long: 208310 tokens > 200000 maximum',
		'input length and `max_tokens` exceed context limit: 199900 + 21333 > 200000, decrease input length or `max_tokens` and try again',
		'context_management: Extra inputs are not permitted',
	])('what Anthropic says stays as it is: %s', message => {
		const error = { type: 'invalid_request_error', message }
		expect(read(error)).toMatchObject({ class: 'client', message, json: { type: 'error', error } })
	})
})
