import type { ErrorResponse, UpstreamFailure } from '../contract.ts'
import { readErrorResponse } from '../shared/failure.ts'
import { isTooLong, tellTooLong, wordsOf } from '../shared/too-long.ts'

/** The spending limit that the key's owner set (anthropics/claude-code#2127), and a subscription's credit. */
const usedUp = /reached your specified (?:\w+ )*usage limits|out of extra usage/i
/** anthropics/claude-code#54311 */
const disabled = /organization has been disabled/i

/** Words of Anthropic's that Claude Code acts on itself: it asks for a shorter answer. */
const ownWords = /exceed context limit/i

/**
 * Anthropic tells some faults of a key with a 400; most of its words (`credit balance is too low`) are among the shared
 * ones. Others that speak its dialect have words of their own for a conversation that is too long: Moonshot's "exceeded
 * model token limit" says nothing to Claude Code, which would end the session.
 */
export function readFailure(response: ErrorResponse): UpstreamFailure {
	const failure = readErrorResponse(response)
	if (failure.class !== 'client') return failure
	const words = wordsOf(failure)
	if (!ownWords.test(words) && isTooLong(words)) return tellTooLong(failure)
	if (failure.status !== 400) return failure
	if (usedUp.test(failure.message)) return { ...failure, class: 'quota' }
	return disabled.test(failure.message) ? { ...failure, class: 'auth' } : failure
}
