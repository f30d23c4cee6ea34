import { describe, expect, test } from 'vitest'
import * as fc from '../../../test/support/fast-check.ts'
import type { UpstreamTarget } from '../contract.ts'
import { findAdapter } from '../registry.ts'
import { responses } from './index.ts'
import { readReasoningSignature, writeReasoningSignature } from './reasoning-signature.ts'

const target = (baseUrl: string, changes: Partial<UpstreamTarget> = {}): UpstreamTarget => ({
	baseUrl,
	authStyle: 'auto',
	extraHeaders: {},
	...changes,
})

test('the type is registered', () => {
	expect(findAdapter('responses')).toBe(responses)
})

test.each([
	['https://api.openai.com', 'https://api.openai.com/v1/responses'],
	['https://api.openai.com/v1/', 'https://api.openai.com/v1/responses'],
	['https://api.openai.com/v1/responses', 'https://api.openai.com/v1/responses'],
	['https://openrouter.ai/api/v1/chat/completions', 'https://openrouter.ai/api/v1/responses'],
	['https://h/custom#', 'https://h/custom/responses'],
	['https://x.openai.azure.com/openai/v1', 'https://x.openai.azure.com/openai/v1/responses'],
])('trap part C: %s calls %s', (baseUrl, expected) => {
	expect(responses.messagesUrl(baseUrl, { model: 'gpt-5.4', stream: false })).toBe(expected)
})

test('the probe asks for the models, with the user’s own headers', () => {
	expect(responses.probe(target('https://h/v1/responses', { extraHeaders: { 'x-team': 'a' } }))).toEqual({
		method: 'GET',
		url: 'https://h/v1/models',
		headers: { accept: 'application/json', 'x-team': 'a' },
	})
})

test.each([
	[target('https://h'), { authorization: 'Bearer k' }],
	[target('https://h', { authStyle: 'x-api-key' }), { 'x-api-key': 'k' }],
	[target('https://x.openai.azure.com/openai/v1'), { 'api-key': 'k' }],
])('the key goes to %j as %j', (to, expected) => {
	expect(responses.authHeaders('k', to)).toEqual(expected)
})

describe('failures', () => {
	const read = (status: number, error: object) =>
		responses.readFailure({ status, headers: {}, body: JSON.stringify({ error }) })

	test.each([
		[401, { message: 'Incorrect API key provided', code: 'invalid_api_key' }, 'auth'],
		[429, { message: 'You exceeded your current quota', code: 'insufficient_quota' }, 'quota'],
		[429, { message: 'Rate limit reached', code: 'rate_limit_exceeded' }, 'rate_limit'],
		[404, { message: 'The model `x` does not exist', code: 'model_not_found' }, 'client'],
		[400, { message: 'The encrypted content for item rs_1 could not be verified.' }, 'client'],
		[400, { message: 'Your prompt was flagged as', code: 'invalid_prompt' }, 'moderation'],
		[500, { message: 'The server had an error', type: 'server_error' }, 'server'],
	])('%i %j is %s', (status, error, expected) => {
		expect(read(status, error)).toMatchObject({ class: expected, status })
	})

	test('a conversation that is too long says so in the words that make Claude Code compact', () => {
		const message =
			'Your input exceeds the context window of this model. Please adjust your input and try again.'
		expect(read(400, { message, code: 'context_length_exceeded' }).message).toBe(
			`prompt is too long: ${message}`,
		)
	})
})

test('any reasoning item survives the way through the client', () => {
	const item = fc.record(
		{ id: fc.string({ minLength: 1 }), encrypted_content: fc.string({ minLength: 1, unit: 'grapheme' }) },
		{ requiredKeys: ['id'] },
	)
	fc.assert(
		fc.property(item, carried => {
			const signature = writeReasoningSignature(carried)
			expect(signature).toMatch(/^claude-proxy:responses:[\w-]+$/)
			expect(readReasoningSignature(signature)).toEqual({ ...carried })
		}),
	)
})
