import { type Api, read } from '../api/client.ts'
import type { RequestView } from '../requests/types.ts'

/** Looks for requests of real clients: not those that were sent from the admin. */
export class FirstRequest {
	/** The latest one before this page was opened. */
	before: RequestView | undefined = $state.raw()
	/** The first one since. */
	arrived: RequestView | undefined = $state.raw()
	/** It has been looked at least once. */
	ready = $state(false)
	error: unknown = $state.raw()
	#api: Api
	#since: string | undefined
	#asking = false
	#earlierCounts: boolean

	/** `earlierCounts`: one that was answered before the page looked is as good as a new one. */
	constructor(api: Api, { earlierCounts }: { earlierCounts: boolean }) {
		this.#api = api
		this.#earlierCounts = earlierCounts
	}

	/** Once more from here on. */
	waitAgain(): void {
		this.before = this.arrived ?? this.before
		this.arrived = undefined
	}

	async look(): Promise<void> {
		if (this.#asking || this.arrived !== undefined) return
		this.#asking = true
		try {
			await (this.ready ? this.#lookOn() : this.#begin())
			this.error = undefined
		} catch (error) {
			this.error = error
		}
		this.#asking = false
	}

	async #begin(): Promise<void> {
		const { requests } = await read(this.#api.requests.$get({ query: { limit: '50' } }))
		this.#since = requests[0]?.id
		this.before = requests.find(isReal)
		if (this.#earlierCounts && this.before?.outcome === 'ok') this.arrived = this.before
		this.ready = true
	}

	async #lookOn(): Promise<void> {
		const after = this.#since === undefined ? {} : { after: this.#since }
		const { requests } = await read(this.#api.requests.$get({ query: { limit: '50', ...after } }))
		this.#since = requests[0]?.id ?? this.#since
		this.arrived = requests.findLast(isReal)
	}
}

const isReal = ({ source }: RequestView) => source === 'client'
