import { maskInJson, maskInText } from '../keys/mask.ts'
import { errorBody, errorTypeForStatus } from '../messages/errors.ts'
import type { UpstreamFailure } from '../upstreams/contract.ts'

/** A refusal of our own, in Anthropic's shape. Messages say what to do and never hold a key. */
export class ProxyError extends Error {
	override readonly name = 'ProxyError'
	readonly status: number
	readonly type: string
	readonly headers: Record<string, string>
	readonly details: Record<string, unknown> | undefined
	constructor(
		status: number,
		message: string,
		more: {
			type?: string
			headers?: Record<string, string>
			details?: Record<string, unknown> | undefined
		} = {},
	) {
		super(message)
		this.status = status
		this.type = more.type ?? errorTypeForStatus(status)
		this.headers = more.headers ?? {}
		this.details = more.details
	}
}

/** An answer ready to send. */
export interface ErrorAnswer {
	status: number
	headers: Record<string, string>
	body: Record<string, unknown>
}

export function answerProxyError(error: ProxyError, requestId: string): ErrorAnswer {
	const { type, message, details } = error
	const body = errorBody({ type, message, ...(details && { details }) }, requestId)
	return { status: error.status, headers: error.headers, body: { ...body } }
}

/**
 * An error that is not retried: Anthropic's envelope with the type that fits the status, the upstream's message,
 * and its JSON unchanged beside it. An error that is Anthropic's already keeps all it says: SDKs act on its details
 * (`thread_unsupported_request` makes them go on without threads).
 */
export function answerRefusal(failure: UpstreamFailure, secret: string, requestId: string): ErrorAnswer {
	const upstream = maskInJson(failure.json, secret)
	const fitting = { type: errorTypeForStatus(failure.status), message: maskInText(failure.message, secret) }
	const own =
		isRecord(upstream) && upstream.type === 'error' && isRecord(upstream.error) ? upstream.error : {}
	const body = errorBody({ ...fitting, ...own }, requestId)
	return {
		status: failure.status,
		headers: {},
		body: { ...body, ...(upstream !== undefined && { upstream }) },
	}
}

/**
 * The last error after every key failed: its status and its own JSON, to which only what Anthropic's envelope
 * lacks is added. Text, and JSON that is no object, becomes the message of an envelope.
 */
export function answerExhausted(
	failure: UpstreamFailure,
	secret: string,
	context: { requestId: string; attempts: number; hopeless: boolean },
): ErrorAnswer {
	const headers: Record<string, string> = { 'x-claude-proxy-attempts': String(context.attempts) }
	if (failure.retryAfterMs !== undefined)
		headers['retry-after'] = String(Math.ceil(failure.retryAfterMs / 1000))
	if (context.hopeless) headers['x-should-retry'] = 'false'
	const body = completeEnvelope(failure, secret, context.requestId)
	return { status: failure.status, headers, body }
}

function completeEnvelope(
	failure: UpstreamFailure,
	secret: string,
	requestId: string,
): Record<string, unknown> {
	const missing = { type: errorTypeForStatus(failure.status), message: maskInText(failure.message, secret) }
	const json = maskInJson(failure.json, secret)
	if (!isRecord(json)) {
		return { ...errorBody(missing, requestId), ...(json !== undefined && { upstream: json }) }
	}
	if (json.error !== undefined && !isRecord(json.error)) {
		return { ...errorBody(missing, requestId), upstream: json }
	}
	const error = { ...missing, ...json.error }
	return { type: 'error', request_id: requestId, ...json, error }
}

function isRecord(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value)
}
