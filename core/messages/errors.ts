import type { ErrorBody } from './events.ts'

/** Anthropic's error type for each HTTP status: https://docs.anthropic.com/en/api/errors */
const errorTypes: Readonly<Record<number, string>> = {
	400: 'invalid_request_error',
	401: 'authentication_error',
	402: 'billing_error',
	403: 'permission_error',
	404: 'not_found_error',
	408: 'timeout_error',
	413: 'request_too_large',
	422: 'invalid_request_error',
	429: 'rate_limit_error',
	504: 'timeout_error',
	529: 'overloaded_error',
}

/** The error type that fits a status: `invalid_request_error` for other 4xx, `api_error` for other 5xx. */
export function errorTypeForStatus(status: number): string {
	return errorTypes[status] ?? (status >= 400 && status < 500 ? 'invalid_request_error' : 'api_error')
}

/** The status an error type stands for, where an error arrives inside a 200 stream. 500 for unknown types. */
export function statusForErrorType(type: string): number {
	const found = Object.entries(errorTypes).find(([, name]) => name === type)
	return found ? Number(found[0]) : 500
}

/** Anthropic's error envelope. */
export function errorBody(
	error: { type: string; message: string; [more: string]: unknown },
	requestId?: string,
): ErrorBody {
	return { type: 'error', error, ...(requestId !== undefined && { request_id: requestId }) }
}
