import type { BlockWriter } from '../../messages/block-writer.ts'
import { errorTypeForStatus, statusForErrorType } from '../../messages/errors.ts'
import type { ErrorBody } from '../../messages/events.ts'
import { findMessage, isRecord } from './failure.ts'
import { asNumber, asText } from './json-values.ts'
import { isTooLong, tooLongMessage } from './too-long.ts'

/** OpenAI's words for kinds of errors -> the status it answers with otherwise. */
const statuses: readonly [RegExp, number][] = [
	[/insufficient_quota|rate_limit|too_many_requests|resource_exhausted/i, 429],
	[/authentication|invalid_api_key|unauthorized/i, 401],
	[/permission|forbidden/i, 403],
	[/not_found/i, 404],
	[/overloaded|unavailable|insufficient_system_resource/i, 529],
	[/timeout/i, 504],
	[
		/invalid_request|context_length|content_filter|content_policy|bad_request|invalid_prompt|_policy|data_inspection|image/i,
		400,
	],
]

/**
 * An error inside a 200: `{error: {…}}`, `{error: "…"}`, or what gateways put in its place. Undefined when the
 * object holds none.
 */
function readOpenAiError(body: Record<string, unknown>): ErrorBody['error'] | undefined {
	const error = isRecord(body.error) ? body.error : body
	const message = findMessage(body)
	const code = [error.code, error.type].find(
		(word): word is string => typeof word === 'string' && word !== '' && word !== 'error',
	)
	if (!body.error && (message === undefined || isAnswer(body))) return undefined
	const sentence = message ?? 'the upstream reported an error without a message'
	const tooLong = isTooLong(`${sentence} ${code ?? ''}`)
	return {
		type: tooLong ? 'invalid_request_error' : errorTypeForStatus(statusOf(error)),
		message: tooLong ? tooLongMessage(sentence) : sentence,
		...(code !== undefined && { code }),
	}
}

/** Fails the answer with such an error and the status that it names; false when the object holds none. */
export function failWithOpenAiError(blocks: BlockWriter, json: Record<string, unknown>): boolean {
	const error = readOpenAiError(json)
	if (!error) return false
	const status = givenStatus(isRecord(json.error) ? json.error : json)
	blocks.fail(error, { json, ...(status !== undefined && { status }) })
	return true
}

/** A chat completion or a response has its content in one of these. */
function isAnswer(body: Record<string, unknown>): boolean {
	return Array.isArray(body.choices) || Array.isArray(body.output)
}

function statusOf(error: Record<string, unknown>): number {
	const given = givenStatus(error)
	if (given !== undefined) return given
	const words = [error.code, error.type, error.status].filter(word => typeof word === 'string').join(' ')
	const known = statuses.find(([pattern]) => pattern.test(words))?.[1]
	return known ?? statusForErrorType(asText(error.type))
}

function givenStatus(error: Record<string, unknown>): number | undefined {
	const given = [error.code, error.status, error.status_code].map(asNumber)
	return given.find(status => Number.isInteger(status) && status >= 400 && status <= 599)
}
