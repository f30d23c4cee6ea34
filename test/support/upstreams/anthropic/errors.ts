import type { StatusFault } from '../script.ts'
import { Refusal } from '../vendor.ts'

export const REQUEST_ID = 'req_scripted000000000000000'

const statusOf = {
	invalid_request_error: 400,
	authentication_error: 401,
	billing_error: 402,
	permission_error: 403,
	not_found_error: 404,
	request_too_large: 413,
	rate_limit_error: 429,
	api_error: 500,
	overloaded_error: 529,
} as const

/** Anthropic's error envelope: https://docs.anthropic.com/en/api/errors */
function anthropicError(type: keyof typeof statusOf, message: string, details?: object): StatusFault {
	const error = { type, message, ...(details ? { details } : {}) }
	return { status: statusOf[type], body: { type: 'error', error, request_id: REQUEST_ID } }
}

export function refuse(
	message: string,
	type: keyof typeof statusOf = 'invalid_request_error',
	details?: object,
): Refusal {
	return new Refusal(anthropicError(type, message, details), message)
}

export const anthropicFaults = {
	invalidKey: anthropicError('authentication_error', 'invalid x-api-key'),
	rateLimit: {
		...anthropicError(
			'rate_limit_error',
			"This request would exceed your account's rate limit. Please try again later.",
		),
		headers: { 'retry-after': '20' },
	},
	quota: anthropicError(
		'invalid_request_error',
		'Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing to upgrade or purchase credits.',
	),
	overloaded: anthropicError('overloaded_error', 'Overloaded'),
	serverError: anthropicError('api_error', 'Internal server error'),
}
