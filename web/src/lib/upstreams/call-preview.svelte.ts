import { read } from '../api/client.ts'
import type { Session } from '../session/session.svelte.ts'

export interface Calls {
	messagesUrl: string
	/** Empty for types without a list of models. */
	modelsUrl: string
}

const waitMs = 200

/** Which URLs a type and a base URL lead to, asked while they are typed. */
export class CallPreview {
	/** Of the latest that were right; undefined while there are none. */
	calls: Calls | undefined = $state.raw()
	/** Whether the server was asked and has not answered. */
	asking = $state(false)
	#session: Session
	#timer: ReturnType<typeof setTimeout> | undefined
	#asked = 0

	constructor(session: Session) {
		this.#session = session
	}

	ask(type: string, baseUrl: string): void {
		clearTimeout(this.#timer)
		const asked = ++this.#asked
		if (!/^https?:\/\/./i.test(baseUrl.trim()) || type === '') {
			this.calls = undefined
			this.asking = false
			return
		}
		this.asking = this.calls === undefined
		this.#timer = setTimeout(async () => {
			const json = { type, baseUrl: baseUrl.trim() }
			// A URL that is not right yet is the form's to tell.
			const calls = await read(this.#session.api.upstreams.preview.$post({ json })).catch(() => undefined)
			if (asked !== this.#asked) return
			this.calls = calls
			this.asking = false
		}, waitMs)
	}
}
