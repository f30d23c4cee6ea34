import { describe, expect, test } from 'vitest'
import type { ConvertingAdapter, UpstreamFailure } from '../upstreams/contract.ts'
import { findAdapter } from '../upstreams/registry.ts'
import type { AnswerResult } from './answer-reader.ts'
import { ClientAnswer } from './client-answer.ts'
import { convertAnswer } from './converted-answer.ts'
import { answerExhausted } from './errors.ts'

/** What an attempt makes of a 200 with this body. */
function readFailure(type: string, body: string): UpstreamFailure {
	const sink = { head() {}, write: () => true, end() {}, abort() {}, onDrain() {} }
	const clock = { now: () => 0, elapsed: () => 0, after: () => () => {} }
	const results: AnswerResult[] = []
	const reader = convertAnswer({
		adapter: findAdapter(type) as ConvertingAdapter,
		client: new ClientAnswer(sink, clock),
		context: { toolNames: new Map(), upstreamModel: 'm', stopSequences: [], newToolId: () => 'toolu_1' },
		stream: undefined,
		message: { messageId: 'msg_1', model: 'm', inputTokens: 1 },
		headers: {},
		notes: [],
	})({ accepted() {}, settled: result => void results.push(result) })
	reader.head(200, {})
	reader.data(new TextEncoder().encode(body))
	reader.ended()
	const [result] = results
	if (result?.kind !== 'failed') throw new Error('the answer did not fail')
	return result.failure
}

const asJson = JSON.stringify
const asEvent = (value: unknown) => `data: ${JSON.stringify(value)}\n\n`

describe.each([
	['a JSON answer', asJson],
	['a stream', asEvent],
])('trap 19: an error inside %s with status 200 is judged by the upstream’s own JSON', (_name, write) => {
	const exceeded = 'You exceeded your current quota, please check your plan and billing details.'
	const geminiLimit = (quotaId: string, retryDelay: string) => ({
		error: {
			code: 429,
			message: exceeded,
			status: 'RESOURCE_EXHAUSTED',
			details: [
				{ '@type': 'type.googleapis.com/google.rpc.QuotaFailure', violations: [{ quotaId }] },
				{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay },
			],
		},
	})

	test('gemini: a limit per minute passes after the wait it names, although its sentence speaks of billing', () => {
		const json = geminiLimit('GenerateRequestsPerMinutePerProjectPerModel-FreeTier', '34.07s')
		expect(readFailure('gemini', write(json))).toEqual({
			class: 'rate_limit',
			status: 429,
			message: exceeded,
			retryAfterMs: 34_070,
			json,
		})
	})

	test('gemini: a limit per day is a used-up key', () => {
		const json = geminiLimit('GenerateRequestsPerDayPerProjectPerModel-FreeTier', '20s')
		expect(readFailure('gemini', write(json))).toMatchObject({ class: 'quota', status: 429, json })
	})

	test('gemini: the answer after all keys failed is the upstream’s own, with its details', () => {
		const json = geminiLimit('GenerateRequestsPerMinutePerProjectPerModel-FreeTier', '34.07s')
		const failure = readFailure('gemini', write(json))
		const answer = answerExhausted(failure, '', { requestId: 'req_1', attempts: 1, hopeless: false })
		expect(answer).toMatchObject({ status: 429, headers: { 'retry-after': '35' }, body: json })
	})

	test.each(['openai', 'openaiold', 'responses'])('%s: code and wait of the error are read', type => {
		const slow = 'Rate limit reached for gpt-5. Please try again in 6.5s.'
		const json = { error: { message: slow, type: 'tokens', code: 'rate_limit_exceeded', param: null } }
		expect(readFailure(type, write(json))).toEqual({
			class: 'rate_limit',
			status: 429,
			message: slow,
			retryAfterMs: 6500,
			json,
		})
		const used = { error: { message: 'No more today.', type: 'x', code: 'insufficient_quota' } }
		expect(readFailure(type, write(used))).toMatchObject({ class: 'quota', status: 429, json: used })
		const wrong = { error: { message: 'Incorrect API key provided.', code: 'invalid_request_error' } }
		expect(readFailure(type, write(wrong))).toMatchObject({ class: 'auth', status: 400, json: wrong })
	})

	test('responses: the error of a failed response is read', () => {
		const error = { code: 'rate_limit_exceeded', message: 'Slow down. Please try again in 2s.' }
		const response = { object: 'response', status: 'failed', error, output: [] }
		const body = write === asJson ? response : { type: 'response.failed', response }
		const expected = { class: 'rate_limit', status: 429, retryAfterMs: 2000, json: { error } }
		expect(readFailure('responses', write(body))).toMatchObject(expected)
	})

	test('openai: the error that a choice ends with is read', () => {
		const error = { code: 429, message: 'Upstream is busy. Try again in 3s.' }
		const json = { choices: [{ index: 0, finish_reason: 'error', error }] }
		const expected = { class: 'rate_limit', status: 429, retryAfterMs: 3000, json: { error } }
		expect(readFailure('openai', write(json))).toMatchObject(expected)
	})
})

test('trap 18: an empty answer has no error of the upstream: ours is told in Anthropic’s envelope', () => {
	const json = { candidates: [{ content: { parts: [] }, finishReason: 'STOP', index: 0 }] }
	const failure = readFailure('gemini', asJson(json))
	expect(failure).toMatchObject({ class: 'server', status: 500, json: { error: { type: 'api_error' } } })
})
