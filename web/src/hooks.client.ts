import type { HandleClientError } from '@sveltejs/kit/hooks'
import { describeFailure } from './lib/api/describe-failure.ts'

/** What a page failed on, for `+error.svelte`; 404s stay as they are. */
export const handleError: HandleClientError = ({ kind, error }) => {
	if (kind !== 'unknown') return
	console.error(error)
	return describeFailure(error)
}
