import type { ErrorResponse, UpstreamFailure } from '../contract.ts'
import { readErrorResponse } from '../shared/failure.ts'

/** Anthropic's errors need no words of their own: `credit balance is too low` (400) is among the shared ones. */
export function readFailure(response: ErrorResponse): UpstreamFailure {
	return readErrorResponse(response)
}
