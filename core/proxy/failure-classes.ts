import type { FailureClass } from '../upstreams/contract.ts'

/** What follows from a failure, by its class: the one table of keys and failover (docs/keys-and-failover.md). */
export interface FailureRule {
	/** Another key of the same upstream is tried. */
	nextKey: boolean
	/** The key cools; each incident doubles it. */
	cooldown: Cooldown | undefined
	/** What cools: the key as a whole, or the key for this model. */
	scope: 'key' | 'model'
	/** The key moves behind the others once a later key of the same request succeeds. */
	demote: boolean
	/** When every key failed like this, trying again is of no use to the client. */
	hopeless: boolean
}

export interface Cooldown {
	/** First wait and longest wait, ms. */
	baseMs: number
	maxMs: number
	/** What Retry-After is: the wait itself, or the least. */
	retryAfter: 'exact' | 'least'
}

const minute = 60_000
const usual: Cooldown = { baseMs: 5 * minute, maxMs: 60 * minute, retryAfter: 'least' }
/** A rate limit that names its end is over then. */
const short: Cooldown = { baseMs: minute, maxMs: 60 * minute, retryAfter: 'exact' }

const keyIsAtFault = { nextKey: true, cooldown: usual, scope: 'key', demote: false, hopeless: true } as const
const upstreamIsAtFault = { ...keyIsAtFault, hopeless: false } as const
const requestIsAtFault = { ...keyIsAtFault, nextKey: false, cooldown: undefined, hopeless: false } as const

export const failureRules: Readonly<Record<FailureClass, FailureRule>> = {
	auth: keyIsAtFault,
	quota: { ...keyIsAtFault, demote: true },
	rate_limit: { ...upstreamIsAtFault, scope: 'model', cooldown: short },
	server: upstreamIsAtFault,
	network: upstreamIsAtFault,
	timeout: upstreamIsAtFault,
	client: requestIsAtFault,
	moderation: requestIsAtFault,
}
