import { type AdminFetch, backendUrl } from '../api/client.ts'
import type { Usage } from './usage.ts'
import { type ActivityView, writeUsageQuery } from './view.ts'

/** Reads the usage of a view; what is shown stays until the answer is there, and an older answer never replaces it. */
export class UsageLoader {
	usage: Usage | undefined = $state.raw()
	/** Whose usage it is. */
	view: ActivityView | undefined = $state.raw()
	error: unknown = $state.raw()
	loading = $state(true)

	#fetch: AdminFetch
	#asking: AbortController | undefined

	constructor(adminFetch: AdminFetch) {
		this.#fetch = adminFetch
	}

	async load(view: ActivityView): Promise<void> {
		this.#asking?.abort()
		const asking = new AbortController()
		this.#asking = asking
		this.loading = true
		try {
			const response = await this.#fetch(usageUrl(view), { signal: asking.signal })
			const usage = (await response.json()) as Usage
			if (asking.signal.aborted) return
			this.usage = usage
			this.view = view
			this.error = undefined
		} catch (error) {
			if (asking.signal.aborted) return
			this.error = error
		}
		this.loading = false
	}
}

export const usageUrl = (view: ActivityView, path = '/api/usage') =>
	`${backendUrl}${path}?${new URLSearchParams(writeUsageQuery(view))}`
