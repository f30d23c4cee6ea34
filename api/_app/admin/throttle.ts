import {
	type Attempt,
	type AttemptState,
	addressRule,
	beginAttempt,
	countAttempt,
	everyone,
	forgiveAttempt,
	globalRule,
} from '../../../db/index.ts'
import type { AppServices } from '../services.ts'
import { AdminError } from './errors.ts'

export interface Throttle {
	/**
	 * Judges a key that was presented from an address. Resolves with how long the next one has to wait after a wrong
	 * one; rejects with a 429 while a wait runs, without judging: a right key then tells nothing either.
	 */
	judge(address: string, isRight: () => boolean): Promise<{ right: boolean; waitMs: number }>
}

const trustedMs = 600_000
const maxTrusted = 1000

/**
 * Wrong admin keys cost waits, whether they come as a login or as Bearer, counted over all instances; while the
 * database is away each instance counts for itself. An address whose key was right within ten minutes is spared the
 * count and others' waits until its first mistake, so scripts cost no trip each and an attack shuts nobody out.
 */
export function createThrottle({ database, proxy }: AppServices): Throttle {
	const { clock } = proxy
	const here = createLocalAttempts(() => clock.elapsed())
	const trusted = new Map<string, number>()

	const begin = (address: string): Promise<Attempt> =>
		beginAttempt(database, address).catch(() => here.begin(address))

	return {
		async judge(address, isRight) {
			const known = (trusted.get(address) ?? 0) > clock.elapsed()
			if (known && isRight()) return { right: true, waitMs: 0 }
			trusted.delete(address)
			const { allowed, waitMs } = await begin(address)
			if (!allowed) throw tooManyAttempts(waitMs)
			if (!isRight()) return { right: false, waitMs }
			here.forgive(address)
			await forgiveAttempt(database, address).catch(() => {})
			if (trusted.size >= maxTrusted) trusted.clear()
			trusted.set(address, clock.elapsed() + trustedMs)
			return { right: true, waitMs: 0 }
		},
	}
}

function tooManyAttempts(waitMs: number): AdminError {
	const seconds = Math.max(1, Math.ceil(waitMs / 1000))
	const message = `too many wrong keys: no key is looked at for another ${seconds} s`
	return new AdminError(429, 'too-many-attempts', message, { retryAfterMs: Math.max(1000, waitMs) })
}

/** The same rule for one instance. */
function createLocalAttempts(now: () => number) {
	const states = new Map<string, AttemptState>()
	return {
		begin(address: string): Attempt {
			const subjects = [address, everyone]
			const waitOf = (subject: string) => Math.max(0, (states.get(subject)?.blockedUntil ?? 0) - now())
			const wait = Math.max(...subjects.map(waitOf))
			if (wait > 0) return { allowed: false, waitMs: wait }
			if (states.size >= maxTrusted) states.clear()
			for (const subject of subjects) {
				const rule = subject === everyone ? globalRule : addressRule
				states.set(subject, countAttempt(states.get(subject), rule, now()))
			}
			return { allowed: true, waitMs: Math.max(...subjects.map(waitOf)) }
		},
		forgive(address: string): void {
			states.delete(address)
			const all = states.get(everyone)
			if (all) states.set(everyone, { ...all, failures: all.failures - 1, blockedUntil: 0 })
		},
	}
}
