import type { ErrorResponse, UpstreamFailure } from '../contract.ts'
import { isRecord, readErrorResponse } from '../shared/failure.ts'

/** What Google's errors carry beside the message: https://ai.google.dev/gemini-api/docs/troubleshooting */
interface Details {
	/** `INVALID_ARGUMENT`, `RESOURCE_EXHAUSTED`, … */
	status: string
	/** ErrorInfo's: `API_KEY_INVALID`, … */
	reasons: string[]
	/** QuotaFailure's: `GenerateRequestsPerDayPerProjectPerModel-FreeTier`, … */
	quotas: string[]
	retryDelayMs: number | undefined
}

export function readFailure(response: ErrorResponse): UpstreamFailure {
	const failure = readErrorResponse(response)
	const details = readDetails(failure.json)
	const retryAfterMs = details.retryDelayMs ?? failure.retryAfterMs
	const judged = { ...failure, ...judge(failure, details) }
	return retryAfterMs === undefined ? judged : { ...judged, retryAfterMs }
}

function judge(failure: UpstreamFailure, details: Details): Partial<UpstreamFailure> {
	const { status, message } = failure
	if (isKeyFault(status, message, details)) return { class: 'auth' }
	if (status === 429) return { class: judgeLimit(failure, details) }
	const tooLong = readTooLong(message)
	if (tooLong !== undefined) return { class: 'client', message: tooLong }
	// Google's 400s quote the request, whose words (a field called billing) say nothing about the key.
	const ownFault = details.status === 'INVALID_ARGUMENT' || details.status === 'FAILED_PRECONDITION'
	return status === 400 && ownFault ? { class: 'client' } : {}
}

const keyReasons = /^(?:API_KEY_|ACCESS_TOKEN_|CREDENTIALS_MISSING|SERVICE_DISABLED|CONSUMER_)/

/** Gemini answers an invalid key with 400. A location is refused for the free tier only in some countries. */
function isKeyFault(status: number, message: string, { reasons }: Details): boolean {
	if (status !== 400 && status !== 401 && status !== 403) return false
	if (reasons.some(reason => keyReasons.test(reason))) return true
	return /api key (?:not valid|expired|not found)|pass a valid api key|free tier is not available/i.test(
		message,
	)
}

/**
 * A daily limit does not pass while a client waits, so it counts like an empty account even though Google sends a
 * short retryDelay with it. "Resource has been exhausted (e.g. check quota)" without details is what keys below
 * their limits get when Google is busy: https://github.com/googleapis/python-genai/issues/2065
 */
function judgeLimit(failure: UpstreamFailure, details: Details): 'quota' | 'rate_limit' {
	if (details.quotas.some(quota => /per_?day/i.test(quota))) return 'quota'
	if (details.quotas.some(quota => /per_?(?:minute|second)/i.test(quota))) return 'rate_limit'
	if (details.retryDelayMs !== undefined) return 'rate_limit'
	if (/resource (?:has been )?exhausted/i.test(failure.message)) return 'rate_limit'
	return failure.class === 'quota' ? 'quota' : 'rate_limit'
}

/** In Anthropic's words, which Claude Code answers with advice to compact. */
function readTooLong(message: string): string | undefined {
	const found =
		/input token count \(?(?:is )?(\d+)?\)?.*?(?:exceeds the maximum number of tokens allowed|only supports up to) \(?(\d+)?/is.exec(
			message,
		)
	if (!found) return undefined
	const [, given, limit] = found
	return given && limit
		? `prompt is too long: ${given} tokens > ${limit} maximum`
		: `prompt is too long: ${message}`
}

function readDetails(json: unknown): Details {
	const body = Array.isArray(json) ? json[0] : json
	const error = isRecord(body) && isRecord(body.error) ? body.error : {}
	const details = Array.isArray(error.details) ? error.details.filter(isRecord) : []
	const violations = details.flatMap(detail => (Array.isArray(detail.violations) ? detail.violations : []))
	return {
		status: typeof error.status === 'string' ? error.status : '',
		reasons: details.flatMap(detail => (typeof detail.reason === 'string' ? [detail.reason] : [])),
		quotas: violations
			.filter(isRecord)
			.map(({ quotaId, quotaMetric }) => `${quotaId ?? ''} ${quotaMetric ?? ''}`),
		retryDelayMs: details.map(detail => readDuration(detail.retryDelay)).find(delay => delay !== undefined),
	}
}

/** A protobuf duration in JSON: `34.07s`. */
function readDuration(value: unknown): number | undefined {
	const seconds = typeof value === 'string' ? /^(\d+(?:\.\d+)?)s$/.exec(value)?.[1] : undefined
	return seconds === undefined ? undefined : Math.ceil(Number(seconds) * 1000)
}
