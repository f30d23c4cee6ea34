import type { KeyHealth } from '../config/snapshot.ts'

/** Health of a key by scope: `''` is the key as a whole, another scope a model. */
export type KeyHealthByScope = ReadonlyMap<string, KeyHealth>

/**
 * How a key stands for a model. After a cooldown nobody knows whether it works again: it is `due` for one request that
 * tries, and `probing` while that request runs.
 */
export type KeyReadiness = 'ready' | 'due' | 'probing' | 'cooling'

export function readReadiness(health: KeyHealthByScope, model: string, now: number): KeyReadiness {
	if (health.size === 0) return 'ready'
	let readiness: KeyReadiness = 'ready'
	for (const scope of ['', model]) {
		const { cooldownUntil, streak, probeUntil } = health.get(scope) ?? healthy
		if (cooldownUntil > now) return 'cooling'
		if (streak > 0 && probeUntil > now) readiness = 'probing'
		else if (streak > 0 && readiness === 'ready') readiness = 'due'
	}
	return readiness
}

/** The scopes that a request for this model would try out. */
export function findDueScopes(health: KeyHealthByScope, model: string, now: number): string[] {
	if (readReadiness(health, model, now) !== 'due') return []
	return [...new Set(['', model])].filter(scope => (health.get(scope)?.streak ?? 0) > 0)
}

/** Epoch ms until which a key cools for a model; 0 when it does not. */
export function coolingUntil(health: KeyHealthByScope, model: string): number {
	return Math.max(health.get('')?.cooldownUntil ?? 0, health.get(model)?.cooldownUntil ?? 0)
}

const healthy: KeyHealth = { cooldownUntil: 0, streak: 0, probeUntil: 0 }
