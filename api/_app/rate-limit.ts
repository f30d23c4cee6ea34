import { createHash } from 'node:crypto'
import type { Clock } from '../../core/ports.ts'
import { ProxyError } from '../../core/proxy/errors.ts'
import { countInWindow, type RateWindow } from '../../db/index.ts'
import type { AppServices } from './services.ts'

/** Counts a request of an access key; resolves with headers that tell what is left, rejects with a 429. */
export type RateLimit = (accessKey: string) => Promise<Record<string, string>>

/** Longest that a request waits for the count, and how long none waits after one did in vain, ms. */
const PATIENCE_MS = 1000
const PAUSE_MS = 2000

/**
 * Requests per access key and window, the same for all instances since the database counts. While the database is
 * away each instance counts for itself: no request is lost because of it.
 */
export function createRateLimit({ environment, database, proxy }: AppServices): RateLimit | undefined {
	if (!environment.ENABLE_RATE_LIMIT) return undefined
	const { RATE_LIMIT_MAX_REQUESTS: limit, RATE_LIMIT_WINDOW: windowMs } = environment
	const countHere = createLocalCount(windowMs, () => proxy.clock.now())
	let awayUntil = 0

	async function count(subject: string): Promise<RateWindow> {
		if (proxy.clock.elapsed() < awayUntil) return countHere(subject)
		const counted = countInWindow(database, subject, windowMs).catch(() => undefined)
		const window = await Promise.race([counted, givenUp(proxy.clock)])
		if (window !== undefined) return window
		awayUntil = proxy.clock.elapsed() + PAUSE_MS
		return countHere(subject)
	}

	return async accessKey => {
		const subject = createHash('sha256').update(accessKey).digest('base64url').slice(0, 16)
		const window = await count(subject)
		const headers = describeWindow(window, limit)
		if (window.count <= limit) return headers
		const seconds = Math.max(1, Math.ceil((window.resetAt - window.now) / 1000))
		const message = `more than ${limit} requests in ${windowMs / 1000} s with this access key: try again in ${seconds} s`
		throw new ProxyError(429, message, { headers: { ...headers, 'retry-after': String(seconds) } })
	}
}

const givenUp = (clock: Clock) =>
	new Promise<undefined>(resolve => void clock.after(PATIENCE_MS, () => resolve(undefined)))

/** https://docs.anthropic.com/en/api/rate-limits#response-headers */
function describeWindow({ count, resetAt }: RateWindow, limit: number): Record<string, string> {
	return {
		'anthropic-ratelimit-requests-limit': String(limit),
		'anthropic-ratelimit-requests-remaining': String(Math.max(0, limit - count)),
		'anthropic-ratelimit-requests-reset': new Date(resetAt).toISOString(),
	}
}

function createLocalCount(windowMs: number, readNow: () => number): (subject: string) => RateWindow {
	const counts = new Map<string, { window: number; count: number }>()
	return subject => {
		const now = readNow()
		const window = Math.floor(now / windowMs)
		const last = counts.get(subject)
		const count = last?.window === window ? last.count + 1 : 1
		counts.set(subject, { window, count })
		return { count, now, resetAt: (window + 1) * windowMs }
	}
}
