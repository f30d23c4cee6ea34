import type { KeyProbe } from '../repositories/key-health.ts'
import { PROBE_LEASE_MS } from './health-rule.ts'

/** A request of this instance that tries a key after its cooldown. */
export interface OwnProbe extends KeyProbe {
	/** By the database's clock: a request that takes longer does not keep others from trying. */
	until: number
}

/**
 * The probes of this instance's requests, one per key and scope. They hold here at once, while the database hears of
 * them behind the request, and other instances with their next check: each instance probes a key at most once at a time.
 */
export class OwnProbes {
	readonly #probes = new Map<string, OwnProbe>()

	start(probe: KeyProbe, at: number): OwnProbe {
		const own = { ...probe, until: at + PROBE_LEASE_MS }
		this.#probes.set(nameOf(probe), own)
		return own
	}

	/** False when it is over already: the key was heard of, or a later request took its place. */
	end(probe: OwnProbe): boolean {
		return this.#probes.get(nameOf(probe)) === probe && this.#probes.delete(nameOf(probe))
	}

	/** The key was heard of. */
	settle(keyId: string, scope: string): void {
		this.#probes.delete(nameOf({ keyId, scope }))
	}

	list(): OwnProbe[] {
		return [...this.#probes.values()]
	}
}

const nameOf = ({ keyId, scope }: KeyProbe) => `${keyId}\n${scope}`
