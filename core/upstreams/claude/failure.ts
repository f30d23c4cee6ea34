import type { ErrorResponse, UpstreamFailure } from '../contract.ts'
import { readErrorResponse } from '../shared/failure.ts'

/** The spending limit that the key's owner set (anthropics/claude-code#2127), and a subscription's credit. */
const usedUp = /reached your specified (?:\w+ )*usage limits|out of extra usage/i
/** anthropics/claude-code#54311 */
const disabled = /organization has been disabled/i

/** Anthropic tells some faults of a key with a 400; most of its words (`credit balance is too low`) are among the shared ones. */
export function readFailure(response: ErrorResponse): UpstreamFailure {
	const failure = readErrorResponse(response)
	if (failure.class !== 'client' || failure.status !== 400) return failure
	if (usedUp.test(failure.message)) return { ...failure, class: 'quota' }
	return disabled.test(failure.message) ? { ...failure, class: 'auth' } : failure
}
