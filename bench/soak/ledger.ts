import type { FaultSchedule } from './faults.ts'
import type { Problems } from './tally.ts'

export type Outcome =
	| { kind: 'accepted'; revision: number }
	| { kind: 'refused'; why: string }
	/** The database went away while it was being made. */
	| { kind: 'unknown' }

/** What became of the changes of one database, and what its history says of them. */
export class Ledger {
	readonly counts = { accepted: 0, refused: 0, unknown: 0, slowestMs: 0 }
	readonly #accepted = new Map<number, string>()
	readonly #unknown = new Set<string>()
	readonly #history = new Map<number, string>()
	readonly #baseline: number
	readonly #name: string
	readonly #problems: Problems

	/** @param baseline the revision before the first of them */
	constructor(name: string, baseline: number, problems: Problems) {
		this.#name = name
		this.#baseline = baseline
		this.#problems = problems
	}

	/** @param took from when to when it was tried */
	record(message: string, outcome: Outcome, took: { from: number; to: number }, faults: FaultSchedule): void {
		this.counts[outcome.kind]++
		this.counts.slowestMs = Math.max(this.counts.slowestMs, took.to - took.from)
		if (outcome.kind === 'unknown') this.#unknown.add(message)
		if (outcome.kind === 'refused' && !faults.mayExplain(took.from, took.to)) {
			this.#problems.add(`${this.#name}: a change was refused`, `${message}: ${outcome.why}`)
		}
		if (outcome.kind !== 'accepted') return
		const { revision } = outcome
		const other = this.#accepted.get(revision)
		if (other !== undefined)
			this.#problems.add(`${this.#name}: two changes have one revision`, `${other}; ${message}`)
		this.#accepted.set(revision, message)
	}

	/** What history holds at the moment: older revisions go as new ones come. */
	see(revisions: readonly { revision: number; message: string }[]): void {
		for (const { revision, message } of revisions) {
			const before = this.#history.get(revision)
			if (before !== undefined && before !== message) {
				this.#problems.add(`${this.#name}: revision ${revision} became another`, `${before}; ${message}`)
			}
			this.#history.set(revision, message)
		}
	}

	/** Every accepted change is one revision, and every revision is one change. */
	close(latest: number): { revisions: number; landedUnknown: number } {
		const messages = [...this.#history].filter(([revision]) => revision > this.#baseline)
		const seen = new Set(messages.map(([, message]) => message))
		if (seen.size !== messages.length) this.#problems.add(`${this.#name}: a change was made twice`)
		for (const [revision, message] of this.#accepted) {
			const stored = this.#history.get(revision)
			if (stored === message) continue
			this.#problems.add(
				`${this.#name}: an accepted change is not in history`,
				`${revision}: ${message}; ${stored}`,
			)
		}
		const landedUnknown = [...this.#unknown].filter(message => seen.has(message)).length
		const revisions = latest - this.#baseline
		if (revisions !== this.counts.accepted + landedUnknown) {
			const text = `${revisions} revisions, ${this.counts.accepted} accepted, ${landedUnknown} landed unheard`
			this.#problems.add(`${this.#name}: revisions are not the accepted changes`, text)
		}
		return { revisions, landedUnknown }
	}
}
