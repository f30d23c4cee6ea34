import type { StatusFault } from '../script.ts'
import { Refusal } from '../vendor.ts'
import type { Violation } from './proto.ts'

const statusCodes: Record<string, number> = {
	INVALID_ARGUMENT: 400,
	FAILED_PRECONDITION: 400,
	PERMISSION_DENIED: 403,
	NOT_FOUND: 404,
	RESOURCE_EXHAUSTED: 429,
	INTERNAL: 500,
	UNAVAILABLE: 503,
}

/** Google's error envelope: https://cloud.google.com/apis/design/errors */
export function geminiError(status: string, message: string, details?: unknown[]): StatusFault {
	const code = statusCodes[status] ?? 500
	return { status: code, body: { error: { code, message, status, ...(details ? { details } : {}) } } }
}

export function refuse(message: string, status = 'INVALID_ARGUMENT'): Refusal {
	return new Refusal(geminiError(status, message), message)
}

/** All violations at once, as the JSON transcoder reports them. */
export function refuseViolations(violations: readonly Violation[]): Refusal {
	const message = violations.map(({ description }) => description).join('\n')
	const details = [
		{
			'@type': 'type.googleapis.com/google.rpc.BadRequest',
			fieldViolations: violations.map(({ field, description }) =>
				field === '' ? { description } : { field, description },
			),
		},
	]
	return new Refusal(geminiError('INVALID_ARGUMENT', message, details), message)
}

/** The list that validation gives after the JSON was read: one starred line for each problem. */
export function refuseProblems(problems: readonly string[]): Refusal {
	return refuse(problems.map(problem => `* ${problem}\n`).join(''))
}

function errorInfo(reason: string) {
	return {
		'@type': 'type.googleapis.com/google.rpc.ErrorInfo',
		reason,
		domain: 'googleapis.com',
		metadata: { service: 'generativelanguage.googleapis.com' },
	}
}

export const geminiFaults = {
	invalidKey: geminiError('INVALID_ARGUMENT', 'API key not valid. Please pass a valid API key.', [
		errorInfo('API_KEY_INVALID'),
		{
			'@type': 'type.googleapis.com/google.rpc.LocalizedMessage',
			locale: 'en-US',
			message: 'API key not valid. Please pass a valid API key.',
		},
	]),
	rateLimit: geminiError('RESOURCE_EXHAUSTED', 'Resource has been exhausted (e.g. check quota).', [
		{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '20s' },
	]),
	quota: geminiError(
		'RESOURCE_EXHAUSTED',
		'You exceeded your current quota, please check your plan and billing details.',
		[
			{
				'@type': 'type.googleapis.com/google.rpc.QuotaFailure',
				violations: [{ quotaId: 'GenerateRequestsPerDayPerProjectPerModel-FreeTier' }],
			},
		],
	),
	overloaded: geminiError('UNAVAILABLE', 'The model is overloaded. Please try again later.'),
	serverError: geminiError('INTERNAL', 'An internal error has occurred. Please retry.'),
}

export const missingKey = geminiError(
	'PERMISSION_DENIED',
	"Method doesn't allow unregistered callers (callers without established identity). Please use API Key or other form of API consumer identity to call this API.",
)
