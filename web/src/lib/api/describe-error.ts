import type { Messages } from '../i18n/messages/en/index.ts'
import { ApiError } from './api-error.ts'
import { backendUrl } from './client.ts'

export interface DescribedError {
	/** A sentence in the page's language. */
	title: string
	advice: string | undefined
	/** The server's own words, in English, where they say more. */
	detail: string | undefined
	requestId: string | undefined
}

/** Codes whose translation says less than the server's message. */
const detailed: readonly string[] = ['invalid', 'not-found', 'exists', 'failed', 'foreign', 'newer-schema']

/** Anything that was thrown, for people. */
export function describeError(error: unknown, words: Messages['errors']): DescribedError {
	if (!(error instanceof ApiError)) {
		const detail = error instanceof Error ? error.message : String(error)
		return { title: words.unexpected, advice: undefined, detail, requestId: undefined }
	}
	const { title, advice } = words.codes[error.code]
	const detail = detailed.includes(error.code) ? error.message : undefined
	// A browser does not tell a page whether the server is away or does not want to be asked from there.
	const apart = error.code === 'offline' && backendUrl !== ''
	return {
		...{ title, advice: (apart ? words.offlineApart : advice) || undefined },
		...{ detail, requestId: error.requestId },
	}
}
