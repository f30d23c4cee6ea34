import { type Api, backendUrl, read } from '../api/client.ts'
import type { Usage } from './usage.ts'
import { type ActivityView, writeUsageQuery } from './view.ts'

/** Reads the usage of a view; what is shown stays until the answer is there, and an older answer never replaces it. */
export class UsageLoader {
	usage: Usage | undefined = $state.raw()
	/** Whose usage it is. */
	view: ActivityView | undefined = $state.raw()
	error: unknown = $state.raw()
	loading = $state(true)

	#api: Api
	#asking: AbortController | undefined

	constructor(api: Api) {
		this.#api = api
	}

	async load(view: ActivityView): Promise<void> {
		this.#asking?.abort()
		const asking = new AbortController()
		this.#asking = asking
		this.loading = true
		try {
			const options = { init: { signal: asking.signal } }
			const usage = await read(this.#api.usage.$get({ query: writeUsageQuery(view) }, options))
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

/** The same as a file. */
export const usageFileUrl = (view: ActivityView) =>
	`${backendUrl}/api/usage.csv?${new URLSearchParams({ ...writeUsageQuery(view) })}`
