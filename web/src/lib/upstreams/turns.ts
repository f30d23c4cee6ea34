const remembered = 50

/**
 * Changes that follow each other fast, such as a key moved down twice: each waits for the one before, and is based on
 * what that one made of the revision it was made from. Somebody else's change in between is still a conflict.
 */
export class Turns {
	#last: Promise<unknown> = Promise.resolve()
	/** Revision -> what a change of ours made of it. */
	readonly #own = new Map<number, number>()

	take<Answer extends { revision: number }>(
		based: number | undefined,
		send: (based: number | undefined) => Promise<Answer>,
	): Promise<Answer> {
		const turn = this.#last.then(async () => {
			const newest = this.#follow(based)
			const answer = await send(newest)
			if (newest !== undefined) this.#remember(newest, answer.revision)
			return answer
		})
		this.#last = turn.catch(() => {})
		return turn
	}

	#follow(based: number | undefined): number | undefined {
		let newest = based
		while (newest !== undefined && this.#own.has(newest)) newest = this.#own.get(newest)
		return newest
	}

	#remember(from: number, to: number): void {
		// Nothing changed: no way leads on.
		if (to <= from) return
		this.#own.set(from, to)
		for (const revision of [...this.#own.keys()].slice(0, -remembered)) this.#own.delete(revision)
	}
}
