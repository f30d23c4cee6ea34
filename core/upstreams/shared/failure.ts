import type { ErrorResponse, FailureClass, HeaderMap, UpstreamFailure } from '../contract.ts'

/**
 * The part of reading an error answer that all dialects share: find the message, judge status and words.
 * The table of consequences is in proxy/failure-classes.ts; which status means what is the table of docs/keys-and-failover.md.
 */
export function readErrorResponse(response: ErrorResponse): UpstreamFailure {
	const json = parseJson(response.body)
	const message = findMessage(json) ?? describeBody(response)
	const words = `${findWords(json)} ${message}`
	const retryAfterMs = readRetryAfter(response.headers)
	return {
		class: classifyFailure(response.status, words),
		status: response.status,
		message,
		...(retryAfterMs !== undefined && { retryAfterMs }),
		...(json !== undefined && { json }),
	}
}

/** Words of an empty account, as relays and vendors put them. */
const quotaWords = new RegExp(
	[
		'insufficient[\\s_-]*(?:\\w+[\\s_-]+)?(?:credit|balance|quota|fund)',
		'over[\\s_-]?quota',
		'\\bquota\\b',
		'\\bbilling\\b',
		'\\bcredits?\\b',
		'(?:account|current|your|low|no|negative)\\s+balance\\b',
		'\\bbalance\\b[^.]{0,40}(?:low|insufficient|not enough|exhausted|negative|too)',
		'payment required',
		'积分不足|余额不足|额度|预扣费|欠费|配额',
	].join('|'),
	'i',
)
const addresses = /https?:\/\/[\x21-\x7e]+/gi
const rateLimitWords = /rate[\s_-]?limit|too many requests/i
const moderationWords =
	/content[\s_-]?(?:policy|filter|moderation)|moderation|safety system|sensitive[\s_-]?words/i

/**
 * Judges an error by its status and the words around it (message, type, code).
 * 400 counts as the key's fault only when it speaks of quota or rate: any other 400 is the request's own.
 */
export function classifyFailure(status: number, given: string): FailureClass {
	if (status === 402) return 'quota'
	// Groq and OpenAI end the sentence about a rate with the address of their billing page.
	const words = given.replace(addresses, ' ')
	const judged = status === 400 || status === 403 || status === 429 || status >= 500
	if (judged && quotaWords.test(words)) return 'quota'
	if (status !== 429 && status !== 401 && moderationWords.test(words)) return 'moderation'
	if (status === 429 || (judged && rateLimitWords.test(words))) return 'rate_limit'
	if (status === 401 || status === 403) return 'auth'
	return status === 408 || status >= 500 ? 'server' : 'client'
}

/**
 * Retry-After in ms: `retry-after-ms`, seconds, or a date (RFC 9110 §10.2.3). A date is measured against the
 * answer's own Date header, so that no clock of ours comes in.
 */
export function readRetryAfter(headers: HeaderMap): number | undefined {
	const milliseconds = Number(headers['retry-after-ms'])
	if (headers['retry-after-ms'] && milliseconds >= 0) return milliseconds
	const given = headers['retry-after']
	if (!given) return undefined
	const seconds = Number(given)
	const wait = seconds >= 0 ? seconds * 1000 : Date.parse(given) - Date.parse(headers.date ?? '')
	return wait >= 0 ? wait : undefined
}

export function parseJson(text: string): unknown {
	try {
		return JSON.parse(text)
	} catch {
		return undefined
	}
}

/** The upstream's sentence, wherever its dialect keeps it: `error.message`, `error`, `message`, `detail`. */
export function findMessage(json: unknown): string | undefined {
	const body = Array.isArray(json) ? json[0] : json
	if (!isRecord(body)) return undefined
	const error = isRecord(body.error) ? body.error : undefined
	const state = isRecord(body.base_resp) ? body.base_resp : {}
	const candidates = [
		error?.message,
		body.error,
		body.message,
		error?.detail,
		body.detail,
		body.msg,
		// MiniMax, which says `success` with 0.
		state.status_code !== 0 && state.status_msg,
	]
	return candidates.find((text): text is string => typeof text === 'string' && text !== '')
}

/** Everything short that names the kind of error: types, codes, reasons. */
function findWords(json: unknown): string {
	const body = Array.isArray(json) ? json[0] : json
	if (!isRecord(body)) return ''
	const error = isRecord(body.error) ? body.error : {}
	const words = [error.type, error.code, error.status, error.reason, body.type, body.code]
	return words.filter(word => typeof word === 'string').join(' ')
}

function describeBody(response: ErrorResponse): string {
	const text = response.body
		.replace(/<(script|style)[^>]*>[\s\S]*?<\/\1>/gi, ' ')
		.replace(/<[^>]*>/g, ' ')
		.replace(/\s+/g, ' ')
		.trim()
	return text === '' ? `the upstream answered ${response.status}` : text.slice(0, 500)
}

export function isRecord(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value)
}
