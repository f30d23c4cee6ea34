import type { StatusFault } from '../script.ts'
import { Refusal } from '../vendor.ts'

interface ErrorParts {
	param?: string | null
	code?: string | null
	type?: string
	status?: number
}

/** OpenAI's error envelope: https://platform.openai.com/docs/guides/error-codes */
export function openAiError(message: string, parts: ErrorParts = {}): StatusFault {
	const { param = null, code = null, type = 'invalid_request_error', status = 400 } = parts
	return { status, body: { error: { message, type, param, code } } }
}

export function refuse(message: string, param: string | null = null, code: string | null = null): Refusal {
	return new Refusal(openAiError(message, { param, code }), message)
}

export const openAiFaults = {
	invalidKey: openAiError('Incorrect API key provided.', { code: 'invalid_api_key', status: 401 }),
	rateLimit: {
		...openAiError('Rate limit reached for requests per min. Please try again in 20s.', {
			type: 'requests',
			code: 'rate_limit_exceeded',
			status: 429,
		}),
		headers: { 'retry-after': '20' },
	},
	quota: openAiError('You exceeded your current quota, please check your plan and billing details.', {
		type: 'insufficient_quota',
		code: 'insufficient_quota',
		status: 429,
	}),
	overloaded: openAiError('The engine is currently overloaded, please try again later.', {
		type: 'server_error',
		status: 503,
	}),
	serverError: openAiError('The server had an error while processing your request. Sorry about that!', {
		type: 'server_error',
		status: 500,
	}),
}

/** The key as OpenAI quotes it: its ends, with stars between. */
export function quoteKey(key: string): string {
	if (key.length <= 8) return '*'.repeat(key.length)
	return key.slice(0, 8) + '*'.repeat(Math.max(1, key.length - 12)) + key.slice(-4)
}
