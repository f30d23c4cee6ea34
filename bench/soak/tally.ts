/** What should not have happened, by reason, with one example each. */
export class Problems {
	readonly #found = new Map<string, { count: number; example: string }>()

	add(reason: string, example = ''): void {
		const known = this.#found.get(reason)
		if (known === undefined) this.#found.set(reason, { count: 1, example: example.slice(0, 400) })
		else known.count++
	}

	get count(): number {
		return [...this.#found.values()].reduce((sum, { count }) => sum + count, 0)
	}

	list(): { reason: string; count: number; example: string }[] {
		return [...this.#found].map(([reason, found]) => ({ reason, ...found }))
	}
}

/** Requests of one instance, by what became of them. */
export interface RequestTally {
	answered: number
	streamed: number
	/** The upstream broke the stream after its first words: told as such. */
	brokenOff: number
	/** The client left. */
	left: number
	failed: number
	wrong: number
	slowestMs: number
}

export const newTally = (): RequestTally => ({
	...{ answered: 0, streamed: 0, brokenOff: 0, left: 0, failed: 0, wrong: 0, slowestMs: 0 },
})

/** All that reached the proxy. */
export const countRequests = ({ answered, brokenOff, left, failed, wrong }: RequestTally) =>
	answered + brokenOff + left + failed + wrong
