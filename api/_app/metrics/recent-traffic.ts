import type { Clock, RequestRecord } from '../../../core/ports.ts'

export interface TrafficSums {
	/** Those whose client left, and those that were refused before they were sent, are not among them. */
	requests: number
	failed: number
}

interface Slot extends TrafficSums {
	number: number
}

export const recentMs = 5 * 60_000
const slotMs = 15_000
const slotCount = recentMs / slotMs

/** How the requests of the last five minutes went, in this process. Costs two additions per request. */
export class RecentTraffic {
	readonly #clock: Clock
	readonly #slots = Array.from({ length: slotCount }, (): Slot => ({ number: -1, requests: 0, failed: 0 }))

	constructor(clock: Clock) {
		this.#clock = clock
	}

	observe(record: RequestRecord): void {
		if (record.outcome === 'cancelled' || record.outcome === 'refused') return
		const slot = this.#slotNow()
		slot.requests++
		if (isFailure(record)) slot.failed++
	}

	sums(): TrafficSums {
		const oldest = this.#number() - slotCount
		const recent = this.#slots.filter(({ number }) => number > oldest)
		return {
			requests: recent.reduce((sum, { requests }) => sum + requests, 0),
			failed: recent.reduce((sum, { failed }) => sum + failed, 0),
		}
	}

	#slotNow(): Slot {
		const number = this.#number()
		const slot = this.#slots[number % slotCount] as Slot
		if (slot.number !== number) Object.assign(slot, { number, requests: 0, failed: 0 })
		return slot
	}

	#number(): number {
		return Math.floor(this.#clock.elapsed() / slotMs)
	}
}

/** What the upstream is to blame for: a request that it refused for its contents went as it should. */
function isFailure({ outcome }: RequestRecord): boolean {
	return outcome !== 'ok' && outcome !== 'client' && outcome !== 'moderation'
}
