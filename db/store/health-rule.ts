import type { KeyFailure } from '../../core/ports.ts'

/** Health of one scope of a key, as far as the rule needs it. */
export interface ScopeHealth {
	cooldownUntil: number
	streak: number
	lastFailAt: number
}

/** After this long without a failure, the next one starts at the shortest cooldown again. */
export const FORGET_AFTER_MS = 6 * 3_600_000

/** How a failure's waits enter the rule. */
export function readWaits(failure: KeyFailure): { waitMs: number; exact: boolean } {
	const waitMs = Math.min(Math.max(0, Math.round(failure.retryAfterMs)), failure.maxMs)
	// A rate limit that names its end is over then; a fault's Retry-After only ever lengthens the cooldown.
	return { waitMs, exact: failure.failureClass === 'rate_limit' && waitMs > 0 }
}

/**
 * The same rule as RECORD_FAILURE in repositories/key-health.ts, applied here to the snapshot at hand at once.
 * A differential test holds the two together.
 */
export function afterFailure(health: ScopeHealth | undefined, failure: KeyFailure, at: number): ScopeHealth {
	const { waitMs, exact } = readWaits(failure)
	const cooldown = (streak: number) =>
		exact ? waitMs : Math.max(Math.min(failure.maxMs, failure.baseMs * 2 ** Math.min(streak, 20)), waitMs)
	if (health === undefined) return { cooldownUntil: at + cooldown(0), streak: 1, lastFailAt: at }
	const lastFailAt = Math.max(health.lastFailAt, at)
	if (health.cooldownUntil > at || at - failure.ageMs < health.lastFailAt) {
		// Cleared since: a late answer of the incident that is over.
		if (health.streak === 0) return health
		return { ...health, cooldownUntil: Math.max(health.cooldownUntil, at + waitMs), lastFailAt }
	}
	const streak = at - health.lastFailAt > FORGET_AFTER_MS ? 0 : health.streak
	return { cooldownUntil: at + cooldown(streak), streak: streak + 1, lastFailAt }
}

/** A success clears, unless its request began before the latest failure. */
export function afterSuccess(health: ScopeHealth, ageMs: number, at: number): ScopeHealth {
	if (health.streak === 0 || health.lastFailAt >= at - ageMs) return health
	return { ...health, cooldownUntil: 0, streak: 0 }
}

/** Order after a demotion: each failed key that stands before the one that worked goes to the end, in turn. */
export function afterDemotion(order: readonly string[], failed: readonly string[], worked: string): string[] {
	let result = [...order]
	for (const id of failed) {
		const from = result.indexOf(id)
		if (from === -1 || from >= result.indexOf(worked)) continue
		result = [...result.filter(other => other !== id), id]
	}
	return result
}
