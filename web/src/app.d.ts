import type { ApiErrorCode } from './lib/api/api-error.ts'

declare global {
	namespace App {
		/** What `+error.svelte` is told, by hooks.client.ts. */
		interface Error {
			/** Of a refusal of the admin API. */
			code?: ApiErrorCode
			requestId?: string
			/** Where the program failed, for a bug report. */
			place?: string
		}
	}
}
