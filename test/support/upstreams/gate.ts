/**
 * Lets a test decide when an upstream sends its next event. Each event takes one permit; `release(n)` gives n,
 * `open()` gives all there will ever be.
 *
 * @example
 * const gate = upstream.gate()
 * upstream.script({ text: ['a', 'b'], gate })
 * gate.release()          // the first event goes out
 * await gate.blocked()    // the upstream now stands at the gate again
 * gate.open()
 */
export interface Gate {
	release(permits?: number): void
	open(): void
	/** Resolves when the upstream waits here for a permit that is not there. */
	blocked(): Promise<void>
	/** For the upstream: resolves with a permit, or when the signal aborts. */
	pass(signal: AbortSignal): Promise<void>
}

export function createGate(): Gate {
	let permits = 0
	const waiting: (() => void)[] = []
	const watchers: (() => void)[] = []

	function release(count = 1) {
		permits += count
		while (permits > 0 && waiting.length > 0) {
			permits -= 1
			waiting.shift()?.()
		}
	}

	return {
		release,
		open: () => release(Number.POSITIVE_INFINITY),
		blocked: () => (waiting.length > 0 ? Promise.resolve() : new Promise(resolve => watchers.push(resolve))),
		pass(signal) {
			if (permits > 0) {
				permits -= 1
				return Promise.resolve()
			}
			if (signal.aborted) return Promise.resolve()
			return new Promise(resolve => {
				const leave = () => {
					const place = waiting.indexOf(resolve)
					if (place >= 0) waiting.splice(place, 1)
					resolve()
				}
				signal.addEventListener('abort', leave, { once: true })
				waiting.push(resolve)
				for (const tell of watchers.splice(0)) tell()
			})
		},
	}
}
