import { describe, expect, test } from 'vitest'
import { readErrorResponse, readRetryAfter } from './failure.ts'

const read = (status: number, body: unknown, headers = {}) =>
	readErrorResponse({ status, headers, body: typeof body === 'string' ? body : JSON.stringify(body) })

describe('readErrorResponse', () => {
	test.each([
		[401, { error: { message: 'Incorrect API key' } }, 'auth'],
		[403, { error: { message: 'forbidden' } }, 'auth'],
		[402, { error: { message: 'pay' } }, 'quota'],
		[400, { error: { type: 'permission_error', message: 'Insufficient credits' } }, 'quota'],
		[400, { error: { message: 'Your credit balance is too low to access the Anthropic API.' } }, 'quota'],
		[429, { error: { code: 'insufficient_quota', message: 'You exceeded it' } }, 'quota'],
		[403, { error: { message: '预扣费额度失败' } }, 'quota'],
		[500, { error: { message: '用户积分不足' } }, 'quota'],
		[400, { error: { type: 'over_quota', message: 'no' } }, 'quota'],
		[429, { error: { message: 'Rate limit reached' } }, 'rate_limit'],
		[
			429,
			{
				error: {
					message:
						'Rate limit reached for model `llama-3.3-70b-versatile` on tokens per minute (TPM): Limit 6000, Used 5034, Requested 1443. Please try again in 4.77s. Need more tokens? Upgrade to Dev Tier today at https://console.groq.com/settings/billing',
					type: 'tokens',
					code: 'rate_limit_exceeded',
				},
			},
			'rate_limit',
		],
		[403, { error: { message: '请到https://relay.example/topup充值：余额不足' } }, 'quota'],
		[400, { error: { message: 'rate limit exceeded' } }, 'rate_limit'],
		[408, 'slow', 'server'],
		[500, { error: { message: 'boom' } }, 'server'],
		[503, '<html><title>Bad gateway</title></html>', 'server'],
		[529, { error: { type: 'overloaded_error', message: 'Overloaded' } }, 'server'],
		[400, { error: { message: 'Invalid value for messages' } }, 'client'],
		[400, { error: { message: 'Failed to load balance sheet.pdf' } }, 'client'],
		[404, { error: { message: 'no such model' } }, 'client'],
		[413, {}, 'client'],
		[422, { detail: 'bad' }, 'client'],
		[400, { error: { code: 'content_policy_violation', message: 'no' } }, 'moderation'],
		[500, { error: { message: 'content moderation failed' } }, 'moderation'],
	])('%i %j is %s', (status, body, expected) => {
		expect(read(status, body).class).toBe(expected)
	})

	test.each([
		[{ error: { message: 'a' } }, 'a'],
		[{ error: 'b' }, 'b'],
		[[{ error: { message: 'c' } }], 'c'],
		[{ message: 'd' }, 'd'],
		[{ detail: 'e' }, 'e'],
		[{ base_resp: { status_code: 1008, status_msg: 'insufficient balance' } }, 'insufficient balance'],
		[{ base_resp: { status_code: 0, status_msg: 'success' }, msg: 'g' }, 'g'],
		['<html><style>x{}</style><body><h1>f</h1></body></html>', 'f'],
		['', 'the upstream answered 500'],
	])('the message of %j is %s', (body, expected) => {
		expect(read(500, body).message).toBe(expected)
	})

	test('keeps the JSON unchanged, and has none for text', () => {
		const json = { error: { message: 'x', extra: [1] }, more: null }
		expect(read(500, json).json).toEqual(json)
		expect(read(500, 'plain')).not.toHaveProperty('json')
	})
})

describe('readRetryAfter', () => {
	test.each([
		[{ 'retry-after': '7' }, 7000],
		[{ 'retry-after-ms': '250', 'retry-after': '7' }, 250],
		[{ 'retry-after': 'Wed, 21 Oct 2026 07:28:10 GMT', date: 'Wed, 21 Oct 2026 07:28:00 GMT' }, 10_000],
		[{ 'retry-after': 'Wed, 21 Oct 2026 07:28:10 GMT' }, undefined],
		[{ 'retry-after': '-1' }, undefined],
		[{}, undefined],
	])('%j waits %s ms', (headers, expected) => {
		expect(readRetryAfter(headers)).toBe(expected)
	})
})
