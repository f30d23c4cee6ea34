import type { DemotedKey, KeyFailure } from '../../core/ports.ts'
import { failureRules } from '../../core/proxy/failure-classes.ts'

/** Health of one scope of a key, as far as the rule needs it. */
export interface ScopeHealth {
	cooldownUntil: number
	streak: number
	lastFailAt: number
	/** When a person last cleared it; 0 when nobody did, or long ago. */
	clearedAt: number
	/** Some request tries the key until then. */
	probeUntil: number
}

/** After this long without a failure, the next one starts at the shortest cooldown again. */
export const FORGET_AFTER_MS = 6 * 3_600_000

/** How long one request has a key to itself that it tries after a cooldown. */
export const PROBE_LEASE_MS = 30_000

/** How a failure's waits enter the rule. */
export function readWaits(failure: KeyFailure): { waitMs: number; exact: boolean } {
	const waitMs = Math.min(Math.max(0, Math.round(failure.retryAfterMs)), failure.maxMs)
	const { retryAfter } = failureRules[failure.failureClass].cooldown ?? { retryAfter: 'least' }
	return { waitMs, exact: retryAfter === 'exact' && waitMs > 0 }
}

/**
 * The same rule as RECORD_FAILURE in repositories/key-health.ts, applied here to the snapshot at hand at once.
 * A differential test holds the two together.
 */
export function afterFailure(health: ScopeHealth | undefined, failure: KeyFailure, at: number): ScopeHealth {
	const { waitMs, exact } = readWaits(failure)
	const cooldown = (streak: number) =>
		exact ? waitMs : Math.max(Math.min(failure.maxMs, failure.baseMs * 2 ** Math.min(streak, 20)), waitMs)
	if (health === undefined) {
		return { cooldownUntil: at + cooldown(0), streak: 1, lastFailAt: at, clearedAt: 0, probeUntil: 0 }
	}
	const lastFailAt = Math.max(health.lastFailAt, at)
	const began = at - failure.ageMs
	if (health.cooldownUntil > at || began < Math.max(health.lastFailAt, health.clearedAt)) {
		// Cleared since: a late answer of the incident that is over.
		if (health.streak === 0) return health
		return { ...health, cooldownUntil: Math.max(health.cooldownUntil, at + waitMs), lastFailAt }
	}
	const streak = at - health.lastFailAt > FORGET_AFTER_MS ? 0 : health.streak
	return { ...health, cooldownUntil: at + cooldown(streak), streak: streak + 1, lastFailAt, probeUntil: 0 }
}

/** A success clears, unless its request began before the latest failure. */
export function afterSuccess(health: ScopeHealth, ageMs: number, at: number): ScopeHealth {
	if (health.streak === 0 || health.lastFailAt >= at - ageMs) return health
	return { ...health, cooldownUntil: 0, streak: 0, probeUntil: 0 }
}

/** Order after a demotion: each failed key that stands before the one that worked goes to the end, in turn. */
export function afterDemotion(
	order: readonly string[],
	failed: readonly Pick<DemotedKey, 'keyId'>[],
	worked: string,
): string[] {
	let result = [...order]
	for (const { keyId: id } of failed) {
		const from = result.indexOf(id)
		if (from === -1 || from >= result.indexOf(worked)) continue
		result = [...result.filter(other => other !== id), id]
	}
	return result
}
