import { ApiError } from '../api/api-error.ts'
import { basedOn, read } from '../api/client.ts'
import { useChange } from '../changes/tools.ts'
import { useI18n } from '../i18n/i18n.svelte.ts'
import { useSession } from '../session/session.svelte.ts'
import { restoreBefore } from '../upstreams/undo.ts'
import type { Change } from './types.ts'

interface Reviewed {
	changes: Change[]
	warnings: string[]
	/** The present revision that the review is about. */
	basedOn: number
}

/** Restores a revision in two steps: what it would change, then doing that and nothing else. */
class Restoring {
	reviewed: Reviewed | undefined = $state.raw()
	loading = $state(false)
	busy = $state(false)
	/** Why it could not be worked out, or done. */
	error: unknown = $state.raw()
	/** What others changed since the review. */
	theirs: Change[] | undefined = $state.raw()
	#tools: ReturnType<typeof takeTools>

	constructor(tools: ReturnType<typeof takeTools>) {
		this.#tools = tools
	}

	async review(number: number): Promise<void> {
		const { api } = this.#tools
		this.loading = true
		this.reviewed = undefined
		this.error = undefined
		this.theirs = undefined
		try {
			const { total } = await read(api.revisions.$get({ query: { limit: '1' } }))
			const answer = await this.#send(number, total, true)
			this.reviewed = { changes: answer.changes as Change[], warnings: answer.warnings, basedOn: total }
		} catch (error) {
			this.#fail(error)
		} finally {
			this.loading = false
		}
	}

	/** Whether it is done. */
	async restore(number: number): Promise<boolean> {
		const { api, change, i18n } = this.#tools
		const { reviewed } = this
		if (reviewed === undefined || this.busy) return false
		this.busy = true
		this.error = undefined
		const answer = await change({
			send: () => this.#send(number, reviewed.basedOn, false),
			done: i18n.messages.history.restore.done(String(number)),
			undo: ({ revision }) => (revision === undefined ? Promise.resolve() : restoreBefore(api, revision)),
			onerror: error => {
				this.#fail(error)
				return true
			},
		})
		this.busy = false
		return answer !== undefined
	}

	#send(number: number, revision: number, dryRun: boolean) {
		const route = this.#tools.api.revisions[':revision'].restore
		return read(route.$post({ param: { revision: String(number) }, json: { dryRun } }, basedOn(revision)))
	}

	#fail(error: unknown): void {
		if (error instanceof ApiError && error.code === 'conflict') this.theirs = error.theirs as Change[]
		else this.error = error
	}
}

const takeTools = () => ({ api: useSession().api, change: useChange(), i18n: useI18n() })

export const useRestoring = () => new Restoring(takeTools())
