import { createHash } from 'node:crypto'
import { ProxyError } from '../../../core/proxy/errors.ts'
import { takeFromWindow } from '../../../db/index.ts'
import type { AppServices } from '../services.ts'
import { RateLease, type Verdict } from './lease.ts'

/** Counts a request of an access key; resolves with headers that tell what is left, rejects with a 429. */
export type RateLimit = (accessKey: string) => Promise<Record<string, string>>

/** Access keys that are remembered at once. */
const maxLeases = 1000

/**
 * Requests per access key in any window of the length, the same for all instances since the database grants them
 * (docs/operations.md). While it is away no request is lost because of it.
 */
export function createRateLimit({ environment, database, proxy }: AppServices): RateLimit | undefined {
	if (!environment.ENABLE_RATE_LIMIT) return undefined
	const { RATE_LIMIT_MAX_REQUESTS: limit, RATE_LIMIT_WINDOW: windowMs } = environment
	const { clock } = proxy
	const leases = new Map<string, RateLease>()
	const leaseOf = (accessKey: string): RateLease => {
		const known = leases.get(accessKey)
		if (known) return known
		if (leases.size >= maxLeases) for (const [key, lease] of leases) if (lease.idle) leases.delete(key)
		const subject = createHash('sha256').update(accessKey).digest('base64url').slice(0, 16)
		const take: ConstructorParameters<typeof RateLease>[0]['take'] = request =>
			takeFromWindow(database, { subject, ...request })
		const lease = new RateLease({ clock, limit, windowMs, take })
		leases.set(accessKey, lease)
		return lease
	}

	return async accessKey => {
		const verdict = await leaseOf(accessKey).ask()
		const headers = describeVerdict(verdict, limit, clock.now())
		if (verdict.passed) return headers
		const seconds = Math.max(1, Math.ceil(verdict.retryInMs / 1000))
		const message = `more than ${limit} requests in ${windowMs / 1000} s with this access key: try again in ${seconds} s`
		throw new ProxyError(429, message, { headers: { ...headers, 'retry-after': String(seconds) } })
	}
}

/** https://docs.anthropic.com/en/api/rate-limits#response-headers */
function describeVerdict(verdict: Verdict, limit: number, now: number): Record<string, string> {
	return {
		'anthropic-ratelimit-requests-limit': String(limit),
		'anthropic-ratelimit-requests-remaining': String(verdict.passed ? verdict.remaining : 0),
		'anthropic-ratelimit-requests-reset': new Date(now + verdict.emptyInMs).toISOString(),
	}
}
