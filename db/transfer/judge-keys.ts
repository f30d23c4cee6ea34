import { keySecretSchema } from '../../core/config/upstream.ts'
import { maskKey } from '../../core/keys/mask.ts'
import type { ConfigContent } from '../repositories/config-content.ts'
import { parse } from '../repositories/plans/plan.ts'
import type { KeyRing } from '../secrets/key-ring.ts'

/** What adding a key would mean. */
export interface JudgedKey {
	mask: string
	/** `duplicate`: this upstream has it, or it was given twice; `elsewhere`: another one has it. */
	verdict: 'new' | 'duplicate' | 'elsewhere'
	/** Who has it already. */
	upstreamId?: string
	upstreamName?: string
}

/**
 * Nothing is stored. Without an upstream, the keys are for one that is still to be added.
 * @throws DatabaseError invalid, for a text that is no key
 */
export function judgeKeys(
	config: ConfigContent,
	keyRing: KeyRing,
	secrets: readonly string[],
	upstreamId?: string,
): JudgedKey[] {
	const given = new Set<string>()
	return secrets.map((text, index): JudgedKey => {
		const secret = parse(keySecretSchema, text, `keys.${index}`)
		const mask = maskKey(secret)
		const owners = findOwners(config, keyRing.fingerprints(secret))
		const own = owners.find(({ id }) => id === upstreamId)
		const owner = own ?? owners[0]
		const who = owner === undefined ? {} : { upstreamId: owner.id, upstreamName: owner.name }
		const isDuplicate = given.has(secret) || own !== undefined
		given.add(secret)
		if (isDuplicate) return { mask, verdict: 'duplicate', ...who }
		return { mask, verdict: owner === undefined ? 'new' : 'elsewhere', ...who }
	})
}

/** Upstreams that have a key of one of these fingerprints. */
export function findOwners(
	{ upstreams }: ConfigContent,
	fingerprints: readonly string[],
): ConfigContent['upstreams'] {
	return upstreams.filter(({ keys }) => keys.some(key => fingerprints.includes(key.fingerprint)))
}
