import { ApiError } from '../api/api-error.ts'
import { type Api, read } from '../api/client.ts'
import type { Payloads, RequestDetail } from './types.ts'

const freshTries = 5
const freshMs = 700

/** One request, and its bodies once somebody wants to see them. */
export class RequestLoader {
	detail: RequestDetail | undefined = $state.raw()
	/** Not in the log, or not any more. */
	gone = $state(false)
	error: unknown = $state.raw()
	/** null: none were recorded. */
	payloads: Payloads | null | undefined = $state.raw()
	payloadsError: unknown = $state.raw()

	#api: Api
	#id = ''
	#asking: AbortController | undefined

	constructor(api: Api) {
		this.#api = api
	}

	/** @param fresh it has just been sent: the log is written behind the requests' backs, so it may be a moment late */
	async load(id: string, fresh = false): Promise<void> {
		this.#asking?.abort()
		const asking = new AbortController()
		this.#asking = asking
		this.#id = id
		if (this.detail?.id !== id) this.detail = undefined
		this.payloads = undefined
		this.payloadsError = undefined
		this.gone = false
		this.error = undefined
		for (let left = fresh ? freshTries : 1; left > 0; left--) {
			try {
				const options = { init: { signal: asking.signal } }
				const { request } = await read(this.#api.requests[':id'].$get({ param: { id } }, options))
				if (!asking.signal.aborted) this.detail = request
				return
			} catch (error) {
				if (asking.signal.aborted) return
				if (!isMissing(error)) {
					this.error = error
					return
				}
			}
			if (left > 1) await new Promise(resolve => setTimeout(resolve, freshMs))
			if (asking.signal.aborted) return
		}
		this.gone = true
	}

	/** Once for each request; again after a failure. */
	async loadPayloads(): Promise<void> {
		const signal = this.#asking?.signal
		if (this.payloads !== undefined || signal === undefined) return
		this.payloadsError = undefined
		try {
			const call = this.#api.requests[':id'].payloads.$get({ param: { id: this.#id } }, { init: { signal } })
			const payloads = await read(call)
			if (!signal.aborted) this.payloads = payloads
		} catch (error) {
			if (signal.aborted) return
			if (isMissing(error)) this.payloads = null
			else this.payloadsError = error
		}
	}
}

const isMissing = (error: unknown) => error instanceof ApiError && error.status === 404
