import { errorTypeForStatus, statusForErrorType } from '../../messages/errors.ts'
import type { ErrorBody } from '../../messages/events.ts'
import { findMessage, isRecord } from '../shared/failure.ts'

/** OpenAI's words for kinds of errors -> the status it answers with otherwise. */
const statuses: readonly [RegExp, number][] = [
	[/insufficient_quota|rate_limit|too_many_requests|resource_exhausted/i, 429],
	[/authentication|invalid_api_key|unauthorized/i, 401],
	[/permission|forbidden/i, 403],
	[/not_found/i, 404],
	[/overloaded|unavailable|insufficient_system_resource/i, 529],
	[/timeout/i, 504],
	[/invalid_request|context_length|content_filter|content_policy|bad_request/i, 400],
]

/**
 * An error inside a 200: `{error: {…}}`, `{error: "…"}`, or what gateways put in its place. Undefined when the
 * object holds none.
 */
export function readError(body: Record<string, unknown>): ErrorBody['error'] | undefined {
	const error = isRecord(body.error) ? body.error : body
	const message = findMessage(body)
	const code = [error.code, error.type].find(
		(word): word is string => typeof word === 'string' && word !== '',
	)
	if (!body.error && (message === undefined || Array.isArray(body.choices))) return undefined
	return {
		type: errorTypeForStatus(statusOf(error)),
		message: message ?? 'the upstream reported an error without a message',
		...(code !== undefined && { code }),
	}
}

function statusOf(error: Record<string, unknown>): number {
	for (const value of [error.code, error.status, error.status_code]) {
		const status = Number(value)
		if (status >= 400 && status <= 599) return status
	}
	const words = [error.code, error.type, error.status].filter(word => typeof word === 'string').join(' ')
	const known = statuses.find(([pattern]) => pattern.test(words))?.[1]
	return known ?? statusForErrorType(String(error.type))
}
