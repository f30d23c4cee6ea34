import type { ErrorResponse, UpstreamFailure } from '../contract.ts'
import { readErrorResponse } from './failure.ts'
import { isTooLong, tellTooLong, wordsOf } from './too-long.ts'

/** Error answers of OpenAI, in Chat Completions and Responses alike, and of servers that imitate them. */
export function readOpenAiFailure(response: ErrorResponse): UpstreamFailure {
	const failure = readErrorResponse(response)
	const words = wordsOf(failure)
	const isRequest = failure.class === 'client' || failure.class === 'server'
	if (isRequest && isTooLong(words)) return tellTooLong(failure)
	if (failure.class === 'client' && keyWords.test(words)) return { ...failure, class: 'auth' }
	if (failure.class === 'client' && flaggedWords.test(words)) return { ...failure, class: 'moderation' }
	const wait = readWait(failure.message)
	const retryAfterMs = failure.retryAfterMs ?? wait
	const isRate = failure.class === 'rate_limit' || (wait !== undefined && isPassingLimit(failure))
	return isRate && retryAfterMs !== undefined ? { ...failure, class: 'rate_limit', retryAfterMs } : failure
}

/** Gemini speaks of quota and billing where a limit per minute is reached; one per day does not pass by waiting. */
function isPassingLimit({ status, class: judged, json }: UpstreamFailure): boolean {
	return status === 429 && judged === 'quota' && !/per_?day/i.test(JSON.stringify(json ?? ''))
}

/** xAI and some relays answer 400 where OpenAI answers 401. */
const keyWords = /invalid[\s_]api[\s_]?key|incorrect api key|api key (?:not valid|is invalid)/i
const flaggedWords = /flagged as|usage polic|invalid_prompt|data_inspection_failed|content management policy/i

/** How long to wait, in words: OpenAI's "Please try again in 1m2.5s.", Moonshot's "after 1 seconds", Gemini's "retry in". */
function readWait(message: string): number | undefined {
	const found =
		/(?:try again|retry) (?:in|after) (?:(\d+)h)?(?:(\d+)m(?!s))?(?:([\d.]+)(ms|s| seconds?\b))?/i.exec(
			message,
		)
	if (!found) return undefined
	const [, hours = 0, minutes = 0, rest = 0, unit = 's'] = found
	const milliseconds = Number(hours) * 3_600_000 + Number(minutes) * 60_000
	const wait = milliseconds + Number(rest) * (unit === 'ms' ? 1 : 1000)
	return wait > 0 ? Math.ceil(wait) : undefined
}
