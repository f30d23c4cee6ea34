import { expect, it } from 'vitest'
import { createFormats } from '../i18n/formats.ts'
import { en } from '../i18n/messages/en/index.ts'
import { classOf, describeVerdict, judge } from './describe.ts'
import { sampleDetail } from './sample.ts'

const say = (change: Parameters<typeof sampleDetail>[0]) =>
	describeVerdict(sampleDetail(change), en.requests.verdict, createFormats('en'))
const attempt = sampleDetail({}).attempts[0]
if (attempt === undefined) throw new Error('the sample has an attempt')

it('says who answered, and on which attempt', () => {
	expect(say({})).toBe('Answered by kimi with key sk-…9f2a in 1.9 s.')
	expect(say({ attempts: [attempt, attempt] })).toBe(
		'Answered by kimi with key sk-…9f2a on attempt 2, after 1.9 s.',
	)
})

it.each([
	[{ outcome: 'cancelled' as const, status: 499 }, 'The client left after 1.9 s.'],
	[{ outcome: 'failed' as const, status: 402 }, 'Not answered: 1 attempt at kimi, given up after 1.9 s.'],
	[{ outcome: 'failed' as const, status: 200 }, 'The answer of kimi broke off after 1.9 s.'],
	[
		{ outcome: 'refused' as const, status: 503 },
		'Not sent to any upstream: answered 503 by the proxy itself.',
	],
	[
		{ outcome: 'failed' as const, status: 503, attempts: [] },
		'Not sent to any upstream: answered 503 by the proxy itself.',
	],
])('for %j says: %s', (change, sentence) => {
	expect(say(change)).toBe(sentence)
})

it.each([
	['ok', null, 'ok', undefined],
	['cancelled', null, 'cancelled', undefined],
	['failed', 'quota', 'failed', 'quota'],
	['quota', null, 'failed', 'quota'],
	['refused', null, 'refused', 'refused'],
	['failed', null, 'failed', undefined],
])('takes the outcome %s with the class %s for %s', (outcome, cause, verdict, found) => {
	expect(judge({ outcome })).toBe(verdict)
	expect(classOf({ outcome, class: cause })).toBe(found)
})
