import type { FailureClass } from '../upstreams/contract.ts'

/** What follows from a failure, by its class: the one table of keys and failover (docs/keys-and-failover.md). */
export interface FailureRule {
	/** Another key of the same upstream is tried. */
	nextKey: boolean
	/** The key cools: first wait and longest wait, in ms; it doubles with each incident. */
	cooldown: { baseMs: number; maxMs: number } | undefined
	/** What cools: the key as a whole, or the key for this model. */
	scope: 'key' | 'model'
	/** The key moves behind the others once a later key of the same request succeeds. */
	demote: boolean
	/** When every key failed like this, trying again is of no use to the client. */
	hopeless: boolean
}

const minute = 60_000
const usual = { baseMs: 5 * minute, maxMs: 60 * minute }

const keyIsAtFault = { nextKey: true, cooldown: usual, scope: 'key', demote: false, hopeless: true } as const
const upstreamIsAtFault = { ...keyIsAtFault, hopeless: false } as const
const requestIsAtFault = { ...keyIsAtFault, nextKey: false, cooldown: undefined, hopeless: false } as const

export const failureRules: Readonly<Record<FailureClass, FailureRule>> = {
	auth: keyIsAtFault,
	quota: { ...keyIsAtFault, demote: true },
	rate_limit: { ...upstreamIsAtFault, scope: 'model', cooldown: { baseMs: minute, maxMs: 60 * minute } },
	server: upstreamIsAtFault,
	network: upstreamIsAtFault,
	timeout: upstreamIsAtFault,
	client: requestIsAtFault,
	moderation: requestIsAtFault,
}
