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
		// MoonshotAI/kimi-cli#2011
		[400, error('Invalid request: Your request exceeded model token limit: 262144 (requested: 269030)')],
		[400, { error: { code: '1261', message: 'Prompt exceeds max length' } }],
		// cline/cline#3120, and xAI's newer words: UKGovernmentBEIS/inspect_ai#5208
		[400, error("This model's maximum prompt length is 131072 but the request contains 136973 tokens.")],
		[400, error('[input_too_large] Current message (1149677 tokens) exceeds budget (975424 tokens)')],
		// lmstudio-ai/lmstudio-bug-tracker#546, #2256 and #2339
		[
			400,
			error(
				'Trying to keep the first 111490 tokens when context the overflows. However, the model is loaded with context length of only 32768 tokens, which is not enough.',
			),
		],
		[400, error('The number of tokens to keep from the initial prompt is greater than the context length.')],
		[400, error('Context size has been exceeded')],
		[400, error('The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).')],
		[400, error("The input (204281 tokens) is longer than the model's context length (202752 tokens).")],
		// earendil-works/pi#4943
		[400, error('Input length 131393 exceeds the maximum allowed input length of 131040 tokens.')],
		[400, error('Total tokens of image and text exceed max message tokens.')],
		[413, error('length of prompt_tokens (200000) must be less than max_seq_len (131072).')],
		[400, error('prompt token count of 80000 exceeds the limit of 64000')],
		// DeepSeek, vLLM of three years, SGLang, Text Generation Inference: the conversation alone fills the context
		[
			400,
			error(
				"This model's maximum context length is 131072 tokens. However, you requested 139192 tokens (131000 in the messages, 8192 in the completion).",
			),
		],
		[
			400,
			error(
				"'max_tokens' or 'max_completion_tokens' is too large: 32000. This model's maximum context length is 32768 tokens and your request has 32700 input tokens (32000 > 32768 - 32700).",
			),
		],
		[
			400,
			error(
				"This model's maximum context length is 262144 tokens. However, you requested 0 output tokens and your prompt contains at least 262145 input tokens, for a total of at least 262145 tokens.",
			),
		],
		[
			400,
			error(
				"You passed 27905 input tokens and requested 2048 output tokens. However, the model's context length is only 28000 tokens, resulting in a maximum input length of 25952 tokens.",
			),
		],
		[
			400,
			error(
				"Requested token count exceeds the model's maximum context length of 16384 tokens. You requested a total of 32384 tokens: 16000 tokens from the input messages and 16384 tokens for the completion.",
			),
		],
		[
			422,
			error(
				'Input validation error: `inputs` tokens + `max_new_tokens` must be <= 8193. Given: 9000 `inputs` tokens and 512 `max_new_tokens`',
			),
		],
	])('%i %j says so in the words that make Claude Code compact', (status, body) => {
		const failure = read(status, body)
		expect(failure).toMatchObject({ class: 'client', status: 400, json: body })
		expect(failure.message).toBe(`prompt is too long: ${body.error.message}`)
	})

	test('the words get into an envelope of Anthropic’s too, which clients get as it is', () => {
		const message = 'invalid params, context window exceeds limit (2013)'
		const failure = read(400, { type: 'error', error: { type: 'bad_request_error', message } })
		const expected = `prompt is too long: ${message}`
		expect(failure).toMatchObject({ message: expected, json: { error: { message: expected } } })
		const own = 'prompt is too long: 208310 tokens > 200000 maximum'
		expect(read(400, error(own)).message).toBe(own)
	})

	test('the words may stand beside the message', () => {
		const cerebras = {
			message: 'Current length is 9000 while limit is 8192',
			type: 'invalid_request_error',
			code: 'context_length_exceeded',
		}
		const raw = 'Input length 131393 exceeds the maximum allowed input length of 131040 tokens.'
		const openRouter = error('Provider returned error', { code: 400, metadata: { raw } })
		for (const body of [cerebras, openRouter]) {
			expect(read(400, body)).toMatchObject({
				class: 'client',
				message: expect.stringMatching(/^prompt is too long: /),
			})
		}
	})
})

test.each([
	"This model's maximum context length is 8192 tokens. However, you requested 9000 tokens (1000 in the messages, 8000 in the completion).",
	"'max_tokens' or 'max_completion_tokens' is too large: 128000. This model's maximum context length is 32768 tokens and your request has 500 input tokens.",
	"You passed 67073 input tokens and requested 64000 output tokens. However, the model's context length is only 131072 tokens, resulting in a maximum input length of 67072 tokens.",
	"Requested token count exceeds the model's maximum context length of 131072 tokens. You requested a total of 133072 tokens: 5072 tokens from the input messages and 128000 tokens for the completion.",
	"This endpoint's maximum context length is 163840 tokens. However, you requested about 180000 tokens (140000 of text input, 8000 of tool input, 32000 in the output).",
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
