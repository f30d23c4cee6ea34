import type { LeaveSignal } from '../../../core/ports.ts'

/** Tells that a client has left. An AbortSignal would do, for ten times the memory and time (docs/performance.md). */
export class ClientSignal implements LeaveSignal {
	aborted = false
	#listeners: (() => void)[] = []

	addEventListener(_: 'abort', listener: () => void): void {
		this.#listeners.push(listener)
	}

	removeEventListener(_: 'abort', listener: () => void): void {
		const at = this.#listeners.indexOf(listener)
		if (at !== -1) this.#listeners.splice(at, 1)
	}

	abort(): void {
		this.aborted = true
		for (const listener of this.#listeners.splice(0)) listener()
	}
}
