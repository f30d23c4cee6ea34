import { type Api, read } from '../api/client.ts'
import type { Filters } from './filters.ts'
import type { RequestView } from './types.ts'

interface Page {
	requests: RequestView[]
	next: string | null
}

const pageSize = 100

/** The requests that fit the filters, newest first; older ones as they are asked for, newer ones when wanted. */
export class RequestList {
	rows: readonly RequestView[] = $state.raw([])
	/** Came since, and are not shown yet: nothing moves under the eyes of who reads. */
	waiting: readonly RequestView[] = $state.raw([])
	loading = $state(true)
	loadingOlder = $state(false)
	error: unknown = $state.raw()
	/** There are older ones. */
	more = $state(false)

	#api: Api
	#filters: Filters = {}
	#next: string | null = null
	#asking = new AbortController()
	#askingNewer = false

	constructor(api: Api) {
		this.#api = api
	}

	/** Starts anew. What was shown stays until the answer is there. */
	async load(filters: Filters): Promise<void> {
		const asking = this.#restart()
		this.#filters = filters
		this.loading = true
		this.waiting = []
		try {
			const page = await this.#ask({}, asking.signal)
			if (asking.signal.aborted) return
			this.rows = page.requests
			this.#setNext(page.next)
			this.error = undefined
		} catch (error) {
			if (asking.signal.aborted) return
			this.error = error
			this.rows = []
			this.#setNext(null)
		}
		this.loading = false
	}

	async loadOlder(): Promise<void> {
		if (this.loadingOlder || this.loading || this.#next === null) return
		const { signal } = this.#asking
		this.loadingOlder = true
		try {
			const page = await this.#ask({ before: this.#next }, signal)
			if (signal.aborted) return
			const known = new Set(this.rows.map(({ id }) => id))
			this.rows = [...this.rows, ...page.requests.filter(({ id }) => !known.has(id))]
			this.#setNext(page.next)
			this.error = undefined
		} catch (error) {
			if (!signal.aborted) this.error = error
		} finally {
			this.loadingOlder = false
		}
	}

	/** Asks for what came after the newest that is known. A failure is silent: the shell says that nothing is live. */
	async lookForNewer(): Promise<void> {
		if (this.loading || this.#askingNewer || this.error !== undefined) return
		const newest = this.waiting[0] ?? this.rows[0]
		const { signal } = this.#asking
		this.#askingNewer = true
		try {
			const page = await this.#ask(newest === undefined ? {} : { after: newest.id }, signal)
			if (signal.aborted) return
			const known = new Set([...this.rows, ...this.waiting].map(({ id }) => id))
			const fresh = page.requests.filter(({ id }) => !known.has(id))
			this.waiting = newestFirst([...fresh, ...this.waiting]).slice(0, mostWaiting)
		} catch {
			// The live status asks again soon.
		} finally {
			this.#askingNewer = false
		}
	}

	async showWaiting(): Promise<void> {
		// More than a page: what is between would be missing.
		if (this.waiting.length >= pageSize) return this.load(this.#filters)
		// One that took longer may have arrived before others that are shown already.
		this.rows = newestFirst([...this.waiting, ...this.rows])
		this.waiting = []
	}

	#restart(): AbortController {
		this.#asking.abort()
		this.#asking = new AbortController()
		return this.#asking
	}

	#setNext(next: string | null): void {
		this.#next = next
		this.more = next !== null
	}

	async #ask(place: { before?: string; after?: string }, signal: AbortSignal): Promise<Page> {
		const query = { ...this.#filters, ...place, limit: String(pageSize) }
		return read(this.#api.requests.$get({ query }, { init: { signal } }))
	}
}

const mostWaiting = 500

const newestFirst = (rows: RequestView[]) => rows.sort((a, b) => b.at - a.at)
