import type { FaultSchedule } from './faults.ts'
import type { Problems } from './tally.ts'
import { Timeline } from './timeline.ts'
import { models, type UpstreamName } from './upstreams.ts'

/** What is promised: a change holds for requests that begin a second after it was acknowledged. */
const PROMISED_MS = 1000

/** What requests may see of the changes of one database, and how late they saw them. */
export class Visibility {
	readonly timelines = {
		current: new Timeline('blue'),
		blue: new Timeline(models.blue[0] ?? ''),
		green: new Timeline(models.green[0] ?? ''),
	}
	/** The latest that a change was seen, ms: when all was well, and around a fault of the database. */
	readonly slowest = { usual: 0, aroundFaults: 0 }
	readonly #faults: FaultSchedule
	readonly #problems: Problems

	constructor(faults: FaultSchedule, problems: Problems) {
		this.#faults = faults
		this.#problems = problems
	}

	/** Looks at who answered a request that ran between these times. */
	observe(seen: { upstream: UpstreamName; model: string; from: number; to: number }, who: string): void {
		const { upstream, model, from, to } = seen
		for (const [what, value] of [
			['current', upstream],
			[upstream, model],
		] as const) {
			const staleness = this.timelines[what].staleness(value, from, to)
			const explained = this.#faults.mayExplain(from - PROMISED_MS, to)
			if (!Number.isFinite(staleness))
				this.#problems.add(`${who}: a setting that never held (${what}: ${value})`)
			else if (explained) this.slowest.aroundFaults = Math.max(this.slowest.aroundFaults, staleness)
			else {
				this.slowest.usual = Math.max(this.slowest.usual, staleness)
				if (staleness > PROMISED_MS) {
					this.#problems.add(
						`${who}: a change was seen later than ${PROMISED_MS} ms`,
						`${what}: ${staleness} ms; ${this.#faults.describeLatest(from)}`,
					)
				}
			}
		}
	}
}
