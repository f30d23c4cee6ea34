import type { StoreClock } from './system-clock.ts'

const FIRST_PAUSE_MS = 250
const LONGEST_PAUSE_MS = 5000

/** While the database is away, tries are paced: 250 ms, doubling to 5 s, so that its return is noticed soon. */
export interface Circuit {
	readonly open: boolean
	/** Until the next try, ms. */
	readonly waitMs: number
	readonly error: unknown
	succeeded(): void
	failed(error: unknown): void
}

export function createCircuit(clock: StoreClock): Circuit {
	let failures = 0
	let notBefore = 0
	let lastError: unknown
	return {
		get open() {
			return clock.elapsed() < notBefore
		},
		get waitMs() {
			return Math.max(0, notBefore - clock.elapsed())
		},
		get error() {
			return lastError
		},
		succeeded() {
			failures = 0
			notBefore = 0
			lastError = undefined
		},
		failed(error) {
			notBefore = clock.elapsed() + Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** failures)
			failures++
			lastError = error
		},
	}
}
