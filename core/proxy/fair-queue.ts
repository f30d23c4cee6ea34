import type { Clock, LeaveSignal } from '../ports.ts'

export interface FairQueueOptions {
	clock: Clock
	/** Who may wait, all together; 0: nobody waits. */
	maxWaiting: number
	/** Longest wait, ms. */
	patienceMs: number
}

/** How a wait ended. */
export type Turn = 'entered' | 'full' | 'too long' | 'cancelled'

/**
 * Places for work that is limited in number, and a short queue in front of them. Those who wait take turns by whom they
 * belong to (a session): one that sends fifty requests at once does not keep another's single one waiting behind them.
 */
export class FairQueue {
	running = 0
	readonly #options: FairQueueOptions
	/** By owner, in the order of their next turns; owners without waiters are not in it. */
	readonly #waiting = new Map<string, Waiter[]>()
	#count = 0

	constructor(options: FairQueueOptions) {
		this.#options = options
	}

	get waiting(): number {
		return this.#count
	}

	/** Takes a place that is free at once; what enters like this calls `leave` once. */
	tryEnter(limit: number): boolean {
		if (this.running >= limit || this.#count > 0) return false
		this.running++
		return true
	}

	/** Waits for a place. Only what `entered` calls `leave`. */
	wait(owner: string, limit: number, signal: LeaveSignal): Promise<Turn> {
		if (this.tryEnter(limit)) return Promise.resolve('entered')
		if (signal.aborted) return Promise.resolve('cancelled')
		if (this.#count >= this.#options.maxWaiting && !this.#makeRoom(owner)) return Promise.resolve('full')
		return new Promise(resolve => this.#add(owner, limit, signal, resolve))
	}

	leave(): void {
		this.running--
		this.#admit()
	}

	#add(owner: string, limit: number, signal: LeaveSignal, resolve: (turn: Turn) => void): void {
		const waiter: Waiter = {
			limit,
			settle: turn => {
				stopTimer()
				signal.removeEventListener('abort', cancel)
				resolve(turn)
			},
		}
		const giveUp = (turn: Turn) => {
			this.#remove(owner, waiter)
			waiter.settle(turn)
		}
		const cancel = () => giveUp('cancelled')
		const stopTimer = this.#options.clock.after(this.#options.patienceMs, () => giveUp('too long'))
		signal.addEventListener('abort', cancel)
		const own = this.#waiting.get(owner)
		if (own) own.push(waiter)
		else this.#waiting.set(owner, [waiter])
		this.#count++
	}

	/** The owner with most waiters gives up its newest, unless the newcomer's own are as many. */
	#makeRoom(owner: string): boolean {
		const own = this.#waiting.get(owner)?.length ?? 0
		let longest: [string, Waiter[]] | undefined
		for (const entry of this.#waiting) if (entry[1].length > (longest?.[1].length ?? own + 1)) longest = entry
		const last = longest?.[1].at(-1)
		if (!longest || !last) return false
		this.#remove(longest[0], last)
		last.settle('full')
		return true
	}

	#remove(owner: string, waiter: Waiter): void {
		const own = this.#waiting.get(owner)
		const at = own?.indexOf(waiter) ?? -1
		if (!own || at === -1) return
		own.splice(at, 1)
		this.#count--
		if (own.length === 0) this.#waiting.delete(owner)
	}

	/** The next owner's first waiter enters, and the owner goes behind the others. */
	#admit(): void {
		for (;;) {
			const next = this.#waiting.entries().next().value
			if (!next) return
			const [owner, own] = next
			const waiter = own[0] as Waiter
			if (this.running >= waiter.limit) return
			this.#remove(owner, waiter)
			if (this.#waiting.delete(owner)) this.#waiting.set(owner, own)
			this.running++
			waiter.settle('entered')
		}
	}
}

interface Waiter {
	limit: number
	settle(turn: Turn): void
}
