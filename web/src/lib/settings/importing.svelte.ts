import { ApiError } from '../api/api-error.ts'
import { basedOn, read } from '../api/client.ts'
import { useChange } from '../changes/tools.ts'
import type { Review, ReviewedUpstream } from '../history/review.ts'
import type { Change } from '../history/types.ts'
import { useI18n } from '../i18n/i18n.svelte.ts'
import { useSession } from '../session/session.svelte.ts'
import { restoreBefore } from '../upstreams/undo.ts'

export interface ImportReview {
	source: { format: 'claude-proxy' | 'seed'; sealed: boolean; exportedAt?: string }
	review: Review & { unchanged: readonly Pick<ReviewedUpstream, 'name'>[] }
	warnings: string[]
	basedOn: number
}

/** Imports a file in two steps: what it would change, then doing that and nothing else. */
export class Importing {
	document = $state('')
	mode: 'merge' | 'replace' = $state('merge')
	passphrase = $state('')
	review: ImportReview | undefined = $state.raw()
	busy = $state(false)
	failure: unknown = $state.raw()
	/** What others changed since the review. */
	theirs: Change[] | undefined = $state.raw()
	#tools: ReturnType<typeof takeTools>

	constructor(tools: ReturnType<typeof takeTools>) {
		this.#tools = tools
	}

	/** The passphrase is missing or wrong. */
	get passphraseRefused(): boolean {
		return this.failure instanceof ApiError && this.failure.field('passphrase') !== undefined
	}

	async look(): Promise<void> {
		if (this.busy) return
		this.busy = true
		this.failure = undefined
		this.theirs = undefined
		this.review = undefined
		try {
			this.review = (await this.#send(true)) as unknown as ImportReview
		} catch (error) {
			this.failure = error
		} finally {
			this.busy = false
		}
	}

	/** Whether it is done. */
	async apply(): Promise<boolean> {
		const { api, change, i18n } = this.#tools
		const { review } = this
		if (this.busy || review === undefined) return false
		this.busy = true
		const answer = await change({
			send: () => this.#send(false, review.basedOn),
			done: i18n.messages.settings.importing.done,
			undo: ({ revision }) => (revision === undefined ? Promise.resolve() : restoreBefore(api, revision)),
			onerror: error => {
				if (error instanceof ApiError && error.code === 'conflict') this.theirs = error.theirs as Change[]
				else this.failure = error
				return true
			},
		})
		this.busy = false
		if (answer === undefined) return false
		this.document = ''
		this.passphrase = ''
		this.review = undefined
		return true
	}

	#send(dryRun: boolean, revision?: number) {
		const { document, mode, passphrase } = this
		const json = { document, mode, dryRun, ...(passphrase !== '' && { passphrase }) }
		return read(this.#tools.api.import.$post({ json }, basedOn(revision)))
	}
}

const takeTools = () => ({ api: useSession().api, change: useChange(), i18n: useI18n() })

export const useImporting = () => new Importing(takeTools())
