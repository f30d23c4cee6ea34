import type { Clock } from '../../../core/ports.ts'
import type { RateGrant, RateRequest } from '../../../db/index.ts'

export type Verdict =
	| { passed: true; remaining: number; emptyInMs: number }
	| { passed: false; retryInMs: number; emptyInMs: number }

export interface LeaseOptions {
	clock: Clock
	limit: number
	windowMs: number
	/** Asks the database. May reject, or take for ever. */
	take(request: Omit<RateRequest, 'subject'>): Promise<RateGrant>
}

interface Waiter {
	resolve(verdict: Verdict): void
}

/** Longest that a request waits for one answer of the database, and how long none waits after one did in vain, ms. */
const patienceMs = 1000
const pauseMs = 2000
/** Nothing that is still waited for comes later. */
const longestLeaseMs = patienceMs
/** How often rights that came too late are exchanged before the database counts as away: no request waits for ever. */
const lateTries = 3

/**
 * The rate limit of one access key as one instance sees it. The database grants rights to pass; requests that come
 * while it is asked share one trip, and a busy instance gets some more to use within the lease, a fiftieth of the
 * window. So a trip is paid per lease rather than per request, and never is more granted than the limit. Rights that come
 * after their lease would count in the wrong window: they go back, and leases become long enough for a database so slow,
 * at the price of the room that longer ones keep. While the database is away the instance goes on with the share of the
 * limit that was its own before.
 */
export class RateLease {
	readonly #options: LeaseOptions
	readonly #shortestMs: number
	/** Of the next lease. */
	#leaseMs: number
	readonly #own: OwnWindow
	#waiting: Waiter[] = []
	#asking = false
	#left = 0
	#leaseEndsAt = 0
	#grant: RateGrant | undefined
	#grantedAt = 0
	/** Nothing is to be had before. */
	#emptyUntil = 0
	#awayUntil = 0
	/** Requests of the lease before this one and of this one: what the next one needs is guessed from them. */
	#lately = 0
	#countedFrom = 0

	constructor(options: LeaseOptions) {
		this.#options = options
		this.#shortestMs = Math.max(1, Math.min(longestLeaseMs, Math.floor(options.windowMs / 50)))
		this.#leaseMs = this.#shortestMs
		this.#own = new OwnWindow(options.windowMs)
	}

	/** Whether nothing of it matters any more: it may be forgotten. */
	get idle(): boolean {
		return !this.#asking && this.#own.count(this.#options.clock.elapsed()) === 0
	}

	ask(): Verdict | Promise<Verdict> {
		const now = this.#options.clock.elapsed()
		this.#countRequest(now)
		if (this.#left > 0 && now < this.#leaseEndsAt && this.#waiting.length === 0) {
			this.#left--
			return this.#pass(now)
		}
		if (now < this.#emptyUntil) return this.#refuse(now)
		if (now < this.#awayUntil) return this.#decideAlone(now)
		return new Promise(resolve => {
			this.#waiting.push({ resolve })
			void this.#ask()
		})
	}

	/** One question at a time, for all that wait. */
	async #ask(): Promise<void> {
		if (this.#asking) return
		this.#asking = true
		let late = 0
		while (this.#waiting.length > 0) {
			const sentAt = this.#options.clock.elapsed()
			const leaseEndsAt = sentAt + this.#leaseMs
			const needed = this.#waiting.length
			const grant = await this.#take(needed)
			if (grant) this.#fitLease(sentAt)
			const isLate = grant !== undefined && grant.granted > 0 && this.#options.clock.elapsed() > leaseEndsAt
			if (isLate) {
				// They go back with the next question.
				this.#grant = grant
				this.#left = grant.granted
				if (++late < lateTries) continue
			}
			const asked = this.#waiting.splice(0, needed)
			if (grant && !isLate) this.#useGrant(grant, asked, leaseEndsAt)
			else this.#goAlone(asked)
		}
		this.#asking = false
	}

	/** Twice what the answer took is time to use it in; what was slow once is not forgotten at once. */
	#fitLease(sentAt: number): void {
		const tookMs = this.#options.clock.elapsed() - sentAt
		const wanted = Math.max(this.#shortestMs, 2 * tookMs, 0.9 * this.#leaseMs)
		this.#leaseMs = Math.ceil(Math.min(longestLeaseMs, wanted))
	}

	#take(needed: number): Promise<RateGrant | undefined> {
		const { clock, limit, windowMs } = this.#options
		const returned = this.#left > 0 && this.#grant ? { slot: this.#grant.slot, count: this.#left } : undefined
		this.#left = 0
		return new Promise(resolve => {
			const giveUp = () => resolve(undefined)
			const stopTimer = clock.after(patienceMs, giveUp)
			this.#options
				.take({
					...{ limit, windowMs, needed, extra: this.#guessExtra(needed), leaseMs: this.#leaseMs },
					...(returned && { returned }),
				})
				.then(resolve, giveUp)
				.finally(stopTimer)
		})
	}

	#useGrant(grant: RateGrant, asked: readonly Waiter[], leaseEndsAt: number): void {
		const now = this.#options.clock.elapsed()
		this.#grant = grant
		this.#grantedAt = now
		this.#own.share = undefined
		this.#leaseEndsAt = leaseEndsAt
		this.#left = Math.max(0, grant.granted - asked.length)
		if (grant.granted < asked.length) this.#emptyUntil = now + grant.roomInMs
		for (const [index, { resolve }] of asked.entries()) {
			resolve(index < grant.granted ? this.#pass(now) : this.#refuse(now))
		}
	}

	#goAlone(asked: readonly Waiter[]): void {
		const now = this.#options.clock.elapsed()
		this.#awayUntil = now + pauseMs
		for (const { resolve } of asked) resolve(this.#decideAlone(now))
	}

	/** Without the database: this instance's share, by its own count. */
	#decideAlone(now: number): Verdict {
		const { limit } = this.#options
		const used = this.#grant && now - this.#grantedAt < this.#options.windowMs ? this.#grant.used : 0
		this.#own.share ??= used > 0 ? Math.min(1, this.#own.count(now) / used) : 1
		const allowed = Math.max(1, Math.floor(limit * this.#own.share))
		if (this.#own.count(now) < allowed) return this.#pass(now)
		const retryInMs = this.#own.roomIn(now)
		return { passed: false, retryInMs, emptyInMs: this.#options.windowMs }
	}

	#pass(now: number): Verdict {
		this.#own.add(now)
		const { limit, windowMs } = this.#options
		const used = now < this.#awayUntil || !this.#grant ? this.#own.count(now) : this.#grant.used - this.#left
		const emptyInMs = this.#grant ? this.#grant.emptyInMs - (now - this.#grantedAt) : windowMs
		return { passed: true, remaining: Math.max(0, limit - used), emptyInMs: Math.max(0, emptyInMs) }
	}

	#refuse(now: number): Verdict {
		const emptyInMs = (this.#grant?.emptyInMs ?? 0) - (now - this.#grantedAt)
		const retryInMs = Math.max(1, this.#emptyUntil - now)
		return { passed: false, retryInMs, emptyInMs: Math.max(retryInMs, emptyInMs) }
	}

	#countRequest(now: number): void {
		if (now - this.#countedFrom > this.#leaseMs) {
			this.#lately = now - this.#countedFrom > 2 * this.#leaseMs ? 0 : this.#lately / 2
			this.#countedFrom = now
		}
		this.#lately++
	}

	#guessExtra(needed: number): number {
		return Math.max(0, Math.floor(this.#lately) - needed)
	}
}

/** What this instance itself has let pass in the window that ends now, in a hundred parts. */
class OwnWindow {
	/** Of the limit, while the database is away. */
	share: number | undefined
	readonly #windowMs: number
	readonly #slotMs: number
	readonly #slots = new Map<number, number>()

	constructor(windowMs: number) {
		this.#windowMs = windowMs
		this.#slotMs = windowMs / 100
	}

	add(now: number): void {
		const slot = Math.floor(now / this.#slotMs)
		this.#slots.set(slot, (this.#slots.get(slot) ?? 0) + 1)
		this.#forget(now)
	}

	count(now: number): number {
		this.#forget(now)
		let sum = 0
		for (const count of this.#slots.values()) sum += count
		return sum
	}

	roomIn(now: number): number {
		const [oldest] = this.#slots.keys()
		return oldest === undefined ? 1 : Math.max(1, (oldest + 1) * this.#slotMs + this.#windowMs - now)
	}

	#forget(now: number): void {
		for (const slot of this.#slots.keys()) {
			if ((slot + 1) * this.#slotMs + this.#windowMs > now) return
			this.#slots.delete(slot)
		}
	}
}
