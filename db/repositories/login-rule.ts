/** What is remembered of the wrong keys from one place. Times in epoch ms. */
export interface AttemptState {
	failures: number
	blockedUntil: number
	at: number
}

/** So many wrong keys in a row are free; each further one doubles the wait, up to a longest one. */
export interface AttemptRule {
	free: number
	maxWaitMs: number
}

/** An hour without a wrong key, and counting begins anew. */
export const FORGET_MS = 3_600_000
export const FIRST_WAIT_MS = 1000

/**
 * From one address, waits grow to 15 minutes. All addresses together may fail more often and wait 10 s at most: enough
 * to make guessing from many addresses hopeless, and not to keep the owner out for long.
 */
export const addressRule: AttemptRule = { free: 5, maxWaitMs: 900_000 }
export const globalRule: AttemptRule = { free: 100, maxWaitMs: 10_000 }

/** The state after one more attempt that is taken for a failure until it proves right. `login-attempts.ts` says it in SQL. */
export function countAttempt(before: AttemptState | undefined, rule: AttemptRule, now: number): AttemptState {
	const known = before !== undefined && now - before.at < FORGET_MS
	const failures = known ? before.failures + 1 : 1
	const doublings = Math.min(failures - rule.free, 20)
	const blockedUntil = doublings < 0 ? 0 : now + Math.min(rule.maxWaitMs, FIRST_WAIT_MS * 2 ** doublings)
	return { failures, blockedUntil, at: now }
}
