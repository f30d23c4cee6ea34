import { describe, expect, test } from 'vitest'
import { readFailure } from './failure.ts'

function read(code: number, message: string, status = '', details: unknown[] = []) {
	const error = { code, message, status, details }
	return readFailure({ status: code, headers: {}, body: JSON.stringify({ error }) })
}

const quota = (...ids: string[]) => ({
	'@type': 'type.googleapis.com/google.rpc.QuotaFailure',
	violations: ids.map(quotaId => ({ quotaId })),
})
const retry = (retryDelay: string) => ({ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay })
const info = (reason: string) => ({ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason })
const exceeded = 'You exceeded your current quota, please check your plan and billing details.'

describe('readFailure', () => {
	test.each([
		[400, 'API key not valid. Please pass a valid API key.', 'INVALID_ARGUMENT', [info('API_KEY_INVALID')]],
		[400, 'API key expired. Please renew the API key.', 'INVALID_ARGUMENT', []],
		[403, 'Permission denied.', 'PERMISSION_DENIED', [info('API_KEY_SERVICE_BLOCKED')]],
		[403, 'Your API key was reported as leaked. Please use another API key.', 'PERMISSION_DENIED', []],
		[400, 'Gemini API free tier is not available in your country.', 'FAILED_PRECONDITION', []],
		[401, 'Request had invalid authentication credentials.', 'UNAUTHENTICATED', []],
	])('%i "%s" is the key’s fault', (code, message, status, details) => {
		expect(read(code, message, status, details)).toMatchObject({ class: 'auth', status: code, message })
	})

	test.each([
		[
			'a limit per minute',
			exceeded,
			[quota('GenerateRequestsPerMinutePerProjectPerModel-FreeTier'), retry('34.07s')],
			'rate_limit',
			34_070,
		],
		['only a delay', exceeded, [retry('7s')], 'rate_limit', 7000],
		[
			'a limit per day, whose delay is too short',
			exceeded,
			[quota('GenerateRequestsPerDayPerProjectPerModel-FreeTier'), retry('20s')],
			'quota',
			20_000,
		],
		['limits per minute and per day', exceeded, [quota('X-PerMinute', 'Y-PerDay')], 'quota', undefined],
		['words of billing and no details', exceeded, [], 'quota', undefined],
		['a busy Google', 'Resource has been exhausted (e.g. check quota).', [], 'rate_limit', undefined],
	])('429 with %s', (_name, message, details, expected, retryAfterMs) => {
		const failure = read(429, message, 'RESOURCE_EXHAUSTED', details)
		expect(failure.class).toBe(expected)
		expect(failure.retryAfterMs).toBe(retryAfterMs)
	})

	test.each([
		[503, 'The model is overloaded. Please try again later.', 'UNAVAILABLE', 'server'],
		[500, 'An internal error has occurred.', 'INTERNAL', 'server'],
		[404, 'models/x is not found for API version v1beta', 'NOT_FOUND', 'client'],
		[400, 'User location is not supported for the API use.', 'FAILED_PRECONDITION', 'client'],
		[400, 'Invalid value at properties[billing_quota]', 'INVALID_ARGUMENT', 'client'],
		[403, 'Generative Language API requires billing to be enabled', 'PERMISSION_DENIED', 'quota'],
	])('%i "%s" is of class %4$s', (code, message, status, expected) => {
		expect(read(code, message, status).class).toBe(expected)
	})

	test('a prompt that is too long is told in the words that Claude Code knows', () => {
		const message = 'The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).'
		expect(read(400, message, 'INVALID_ARGUMENT')).toMatchObject({
			class: 'client',
			message: 'prompt is too long: 1200000 tokens > 1048576 maximum',
			json: { error: { message } },
		})
	})

	test('Vertex says it in words of its own', () => {
		const message =
			'Unable to submit request because the input token count is 1200000 but model only supports up to 1048576.'
		expect(read(400, message, 'INVALID_ARGUMENT')).toMatchObject({
			class: 'client',
			message: 'prompt is too long: 1200000 tokens > 1048576 maximum',
		})
	})

	test('an error in an array, as a stream without SSE has it, is read too', () => {
		const body = JSON.stringify([{ error: { code: 429, message: exceeded, details: [retry('3s')] } }])
		expect(readFailure({ status: 429, headers: {}, body })).toMatchObject({
			class: 'rate_limit',
			retryAfterMs: 3000,
		})
	})

	test('a header’s delay counts when the body has none', () => {
		const failure = readFailure({
			status: 429,
			headers: { 'retry-after': '5' },
			body: '{"error":{"message":"slow"}}',
		})
		expect(failure).toMatchObject({ class: 'rate_limit', retryAfterMs: 5000 })
	})
})
