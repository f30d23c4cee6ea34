import type { KeySnapshot } from '../config/snapshot.ts'
import type { Strategy } from '../config/upstream.ts'
import { coolingUntil, type KeyHealthByScope, readReadiness } from './readiness.ts'

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
	/** Newer health than the snapshot's, where there is some. */
	healthOf?: (keyId: string) => KeyHealthByScope
	/** Whether as many requests use the key as may at once. */
	isBusy?: (keyId: string) => boolean
}

/**
 * The key to try next; undefined when each was tried. Skipped are keys that cool, and keys that another request is just
 * trying after their cooldown. But a request is never refused for want of a key: when no other is left it takes one
 * that is being tried, else the one whose cooldown ends first.
 */
export function selectKey(choice: KeyChoice): KeySnapshot | undefined {
	const chosen = selectFreeKey(choice)
	return chosen === 'busy' ? undefined : chosen
}

/**
 * The same, where a key may be busy: it is passed over like one that cools, but rather waited for than a cooling one
 * is taken. `busy`: the keys that are left to try have to be waited for.
 */
export function selectFreeKey(choice: KeyChoice): KeySnapshot | 'busy' | undefined {
	const { model, now } = choice
	const healthOf = (key: KeySnapshot) => choice.healthOf?.(key.id) ?? key.health
	const untried = choice.keys.filter(key => isUsable(key) && !choice.tried.has(key.id))
	const free = choice.isBusy ? untried.filter(key => !choice.isBusy?.(key.id)) : untried
	const warm = free.map(key => ({ key, readiness: readReadiness(healthOf(key), model, now) }))
	const open = warm.filter(({ readiness }) => readiness === 'ready' || readiness === 'due')
	const probing = warm.filter(({ readiness }) => readiness === 'probing')
	const first = takeByStrategy(open.length > 0 ? open : probing, choice)
	if (first) return first.key
	const busy = free.length === untried.length ? [] : untried.filter(key => !free.includes(key))
	const worthWaiting = busy.some(key => readReadiness(healthOf(key), model, now) !== 'cooling')
	if (worthWaiting || (busy.length > 0 && free.length === 0)) return 'busy'
	return soonestReady(free, key => coolingUntil(healthOf(key), model))
}

/** Whether a key could be sent at all: switched on, and its secret could be opened. */
export function isUsable(key: KeySnapshot): key is KeySnapshot & { secret: string } {
	return key.enabled && key.secret !== undefined
}

function takeByStrategy<Item>(
	items: readonly Item[],
	{ strategy, turn, random }: KeyChoice,
): Item | undefined {
	if (strategy === 'round-robin') return items[turn % items.length]
	if (strategy === 'random') return items[Math.floor(random * items.length)]
	return items[0]
}

function soonestReady(
	keys: readonly KeySnapshot[],
	readyAt: (key: KeySnapshot) => number,
): KeySnapshot | undefined {
	let soonest: KeySnapshot | undefined
	for (const key of keys) {
		if (!soonest || readyAt(key) < readyAt(soonest)) soonest = key
	}
	return soonest
}
