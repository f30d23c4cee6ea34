import { describe, expect, test } from 'vitest'
import { openai } from './index.ts'

const read = (status: number, body: unknown, headers = {}) =>
	openai.readFailure({ status, headers, body: JSON.stringify(body) })
const error = (message: string, more = {}) => ({
	error: { message, type: 'invalid_request_error', param: null, ...more },
})

test.each([
	[401, error('Incorrect API key provided: sk-abc***.', { code: 'invalid_api_key' }), 'auth'],
	[400, error('Incorrect API key provided'), 'auth'],
	[403, error('Country, region, or territory not supported'), 'auth'],
	[
		429,
		error('You exceeded your current quota, please check your plan and billing details.', {
			code: 'insufficient_quota',
		}),
		'quota',
	],
	[402, error('Insufficient Balance'), 'quota'],
	[400, error('Billing hard limit has been reached', { code: 'billing_hard_limit_reached' }), 'quota'],
	[429, error('Rate limit reached for gpt-4o', { code: 'rate_limit_exceeded' }), 'rate_limit'],
	[404, error('The model `x` does not exist', { code: 'model_not_found' }), 'client'],
	[400, error("Unsupported parameter: 'max_tokens'", { code: 'unsupported_parameter' }), 'client'],
	[
		400,
		error('Invalid prompt: your prompt was flagged as potentially violating our usage policy.', {
			code: 'invalid_prompt',
		}),
		'moderation',
	],
	[400, error('The response was filtered', { code: 'content_filter' }), 'moderation'],
	[
		400,
		error('Input data may contain inappropriate content.', { code: 'data_inspection_failed' }),
		'moderation',
	],
	[500, error('The server had an error', { type: 'server_error' }), 'server'],
	[503, error('Engine is overloaded'), 'server'],
])('%i %j is %s', (status, body, expected) => {
	expect(read(status, body)).toMatchObject({ class: expected, status, json: body })
})

describe('a conversation that is too long', () => {
	test.each([
		[
			400,
			error("This model's maximum context length is 128000 tokens.", { code: 'context_length_exceeded' }),
		],
		[400, error('the request exceeds the available context size', { type: 'exceed_context_size_error' })],
		[400, error('Range of input length should be [1, 129024]')],
		[500, error('Input is too long for this model')],
	])('%i %j says so in the words that make Claude Code compact', (status, body) => {
		const failure = read(status, body)
		expect(failure).toMatchObject({ class: 'client', status: 400, json: body })
		expect(failure.message).toBe(`prompt is too long: ${body.error.message}`)
	})
})

test.each([
	"This model's maximum context length is 8192 tokens. However, you requested 9000 tokens (1000 in the messages, 8000 in the completion).",
	"'max_tokens' or 'max_completion_tokens' is too large: 128000. This model's maximum context length is 32768 tokens and your request has 500 input tokens.",
])('a limit on the answer is no long conversation: %s', message => {
	expect(read(400, error(message))).toMatchObject({ class: 'client', message })
})

test.each([
	['Please try again in 20s.', {}, 20_000],
	['Please try again in 1m2.5s. Visit', {}, 62_500],
	['Please try again in 243ms.', {}, 243],
	['Please try again in 2h3m.', {}, 7_380_000],
	['Please try again in 9m38.016s. Need more tokens?', {}, 578_016],
	['please try again after 1 seconds', {}, 1000],
	['Please retry after 7 seconds. Please go here', {}, 7000],
	['Please try again after 2 minutes.', {}, undefined],
	['Please try again in 20s.', { 'retry-after': '5' }, 5000],
	['Please try again in a while', {}, undefined],
	['Slow down.', {}, undefined],
])('"%s" with %j waits %s ms', (message, headers, expected) => {
	expect(read(429, error(`Rate limit reached. ${message}`), headers).retryAfterMs).toBe(expected)
})

test.each([
	['PerMinute', 'rate_limit', 35_123],
	['PerDay', 'quota', undefined],
])('a limit %s of Gemini, in words of quota, is %s', (period, expected, retryAfterMs) => {
	const message =
		'You exceeded your current quota, please check your plan and billing details. Please retry in 35.123s.'
	const violations = [{ quotaId: `GenerateRequests${period}PerProjectPerModel-FreeTier` }]
	const answer = [{ error: { code: 429, message, status: 'RESOURCE_EXHAUSTED', details: [{ violations }] } }]
	const failure = read(429, answer)
	expect([failure.class, failure.retryAfterMs]).toEqual([expected, retryAfterMs])
})
