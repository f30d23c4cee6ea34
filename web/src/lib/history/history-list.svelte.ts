import { type Api, read } from '../api/client.ts'
import type { Revision } from './types.ts'

const pageSize = 50

/** The revisions that are kept, newest first; older ones as they are asked for. */
export class HistoryList {
	revisions: readonly Revision[] = $state.raw([])
	/** How many there ever were. */
	total = $state(0)
	loading = $state(true)
	loadingOlder = $state(false)
	/** There are older ones. */
	more = $state(false)
	error: unknown = $state.raw()

	#api: Api
	#asked = 0

	constructor(api: Api) {
		this.#api = api
	}

	/** Reads the newest page; what was read of older ones stays. */
	async load(): Promise<void> {
		const asked = ++this.#asked
		this.loading = true
		try {
			const page = await this.#ask()
			if (asked !== this.#asked) return
			const oldest = page.revisions.at(-1)?.revision ?? 0
			const older = this.revisions.filter(({ revision }) => revision < oldest)
			this.revisions = [...page.revisions, ...older]
			this.total = page.total
			this.more = this.revisions.length < page.kept
			this.error = undefined
		} catch (error) {
			if (asked === this.#asked) this.error = error
		}
		if (asked === this.#asked) this.loading = false
	}

	async loadOlder(): Promise<void> {
		const last = this.revisions.at(-1)
		if (this.loadingOlder || !this.more || last === undefined) return
		this.loadingOlder = true
		try {
			const page = await this.#ask(last.revision)
			const known = new Set(this.revisions.map(({ revision }) => revision))
			const older = page.revisions.filter(({ revision }) => !known.has(revision))
			this.revisions = [...this.revisions, ...older]
			this.more = older.length > 0 && this.revisions.length < page.kept
			this.error = undefined
		} catch (error) {
			this.error = error
		} finally {
			this.loadingOlder = false
		}
	}

	/** After a pin or another message. */
	replace(changed: Revision): void {
		this.revisions = this.revisions.map(one => (one.revision === changed.revision ? changed : one))
	}

	async #ask(before?: number) {
		const query = { limit: String(pageSize), ...(before !== undefined && { before: String(before) }) }
		const page = await read(this.#api.revisions.$get({ query }))
		// The client's type turns every unknown value into JSON; it is one.
		return { ...page, revisions: page.revisions as Revision[] }
	}
}
