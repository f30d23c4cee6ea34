import { HranaError } from './protocol.ts'

interface Waiter<Owner> {
	owner: Owner
	grant(): void
}

/** One writer at a time, first come first served, as a hosted database does it: waiting blocks nobody else. */
export class WriteLock<Owner> {
	readonly #waitMs: number
	#holder: Owner | undefined
	#waiting: Waiter<Owner>[] = []

	constructor(waitMs: number) {
		this.#waitMs = waitMs
	}

	acquire(owner: Owner): Promise<void> {
		if (this.#holder === undefined || this.#holder === owner) {
			this.#holder = owner
			return Promise.resolve()
		}
		return new Promise((resolve, reject) => {
			const timer = setTimeout(() => {
				this.#waiting = this.#waiting.filter(other => other !== waiter)
				reject(new HranaError('SQLite error: database is locked', 'SQLITE_BUSY'))
			}, this.#waitMs)
			const waiter: Waiter<Owner> = {
				owner,
				grant() {
					clearTimeout(timer)
					resolve()
				},
			}
			this.#waiting.push(waiter)
		})
	}

	release(owner: Owner): void {
		if (this.#holder !== owner) return
		const next = this.#waiting.shift()
		this.#holder = next?.owner
		next?.grant()
	}
}
