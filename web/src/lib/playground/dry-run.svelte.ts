import type { DryRun as Converted } from '../../../../core/proxy/dry-run.ts'
import type { Session } from '../session/session.svelte.ts'
import { type Sending, send } from './send.ts'

const patienceMs = 350

/** What the request becomes for the upstream. Nothing is sent to it. */
export class DryRun {
	result: (Converted & { upstreamId: string }) | undefined = $state.raw()
	/** What was converted, to compare it with. */
	source: unknown = $state.raw()
	error: unknown = $state.raw()
	asking = $state(false)
	#session: Session
	#stopping: AbortController | undefined
	#last = ''
	#busy = false

	constructor(session: Session) {
		this.#session = session
	}

	/** For an `$effect`: asks once nothing has changed for a moment; the returned function gives up. */
	ask(sending: Sending): () => void {
		const text = JSON.stringify(sending)
		if (text === this.#last) {
			this.asking = this.#busy
			return () => {}
		}
		this.asking = true
		const timer = setTimeout(() => void this.#ask(sending, text), this.#last === '' ? 0 : patienceMs)
		return () => clearTimeout(timer)
	}

	async #ask(sending: Sending, text: string): Promise<void> {
		this.#stopping?.abort()
		const stopping = new AbortController()
		this.#stopping = stopping
		this.#last = text
		this.#busy = true
		try {
			const { response } = await send(this.#session, { ...sending, dryRun: true }, stopping.signal)
			const result = (await response.json()) as Converted & { upstreamId: string }
			if (this.#stopping !== stopping) return
			this.result = result
			this.source = sending.request
			this.error = undefined
		} catch (error) {
			if (this.#stopping !== stopping) return
			this.error = error
			// The same may be asked again: what was in the way may be gone.
			this.#last = ' '
		}
		this.#busy = false
		this.asking = false
	}
}
