import type { KeySnapshot } from '../config/snapshot.ts'
import type { Strategy } from '../config/upstream.ts'

export interface KeyChoice {
	keys: readonly KeySnapshot[]
	/** The model sent upstream: a rate limit may hold for one model only. */
	model: string
	/** Ids of keys that this request tried before. */
	tried: ReadonlySet<string>
	strategy: Strategy
	/** Epoch ms by the database's clock. */
	now: number
	/** Number of the request, for `round-robin`. */
	turn: number
	/** [0, 1), for `random`. */
	random: number
}

/**
 * The key to try next; undefined when each was tried. A cooling key is skipped, but when all that are left cool,
 * the one that is ready first is used: a request is never refused for want of a warm key.
 */
export function selectKey(choice: KeyChoice): KeySnapshot | undefined {
	const usable = choice.keys.filter(key => isUsable(key) && !choice.tried.has(key.id))
	const ready = usable.filter(key => coolingUntil(key, choice.model) <= choice.now)
	if (ready.length === 0) return soonestReady(usable, choice.model)
	if (choice.strategy === 'round-robin') return ready[choice.turn % ready.length]
	if (choice.strategy === 'random') return ready[Math.floor(choice.random * ready.length)]
	return ready[0]
}

/** Whether a key could be sent at all: switched on, and its secret could be opened. */
export function isUsable(key: KeySnapshot): key is KeySnapshot & { secret: string } {
	return key.enabled && key.secret !== undefined
}

/** Epoch ms until which a key cools for a model; 0 when it does not. */
export function coolingUntil(key: KeySnapshot, model: string): number {
	const whole = key.health.get('')?.cooldownUntil ?? 0
	const forModel = key.health.get(model)?.cooldownUntil ?? 0
	return Math.max(whole, forModel)
}

function soonestReady(keys: readonly KeySnapshot[], model: string): KeySnapshot | undefined {
	let soonest: KeySnapshot | undefined
	for (const key of keys) {
		if (!soonest || coolingUntil(key, model) < coolingUntil(soonest, model)) soonest = key
	}
	return soonest
}
