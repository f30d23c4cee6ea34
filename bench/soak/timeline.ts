interface Entry {
	value: string
	/** When the change was sent, and when it was acknowledged; undefined while that is not known. */
	sentAt: number
	acceptedAt: number | undefined
}

/**
 * What a setting was when. A change may be seen from the moment it was sent; what it replaced may be seen until it was
 * acknowledged, and for a second after that.
 */
export class Timeline {
	#entries: Entry[]

	constructor(value: string) {
		this.#entries = [{ value, sentAt: Number.NEGATIVE_INFINITY, acceptedAt: 0 }]
	}

	/** Call it before a change is sent, and what it returns once its outcome is known; never, if it stays unknown. */
	send(value: string, sentAt: number): { accept(at: number): void; refuse(): void } {
		const entry: Entry = { value, sentAt, acceptedAt: undefined }
		this.#entries.push(entry)
		return {
			accept: at => {
				entry.acceptedAt = at
				this.#forget(at)
			},
			refuse: () => {
				this.#entries = this.#entries.filter(other => other !== entry)
			},
		}
	}

	/**
	 * How long a value had been replaced when a request began that has seen it, ms: 0 for one that held at some moment
	 * until `to`, Infinity for one that never did.
	 */
	staleness(value: string, from: number, to: number): number {
		let least = Number.POSITIVE_INFINITY
		this.#entries.forEach((entry, index) => {
			if (entry.value !== value || entry.sentAt > to) return
			const replaced = this.#entries.slice(index + 1).find(({ acceptedAt }) => acceptedAt !== undefined)
			least = Math.min(least, Math.max(0, from - (replaced?.acceptedAt ?? Number.POSITIVE_INFINITY)))
		})
		return least
	}

	/** Two minutes are longer than any request takes. */
	#forget(now: number): void {
		const last = this.#entries.findLastIndex(({ acceptedAt = now }) => acceptedAt < now - 120_000)
		if (last > 0) this.#entries = this.#entries.slice(last)
	}
}
