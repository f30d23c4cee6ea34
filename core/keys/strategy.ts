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
	return takeOpenKey(choice) ?? takeOtherKey(choice)
}

/** What nearly every request finds, without a list of its own: each of twenty keys would be an object. */
function takeOpenKey(choice: KeyChoice): KeySnapshot | undefined {
	const { keys, strategy } = choice
	if (strategy === 'failover') return keys.find(key => isOpen(key, choice))
	let count = 0
	for (const key of keys) if (isOpen(key, choice)) count++
	let place = placeOf(choice, count)
	for (const key of keys) if (isOpen(key, choice) && place-- === 0) return key
	return undefined
}

/** Where none is open. */
function takeOtherKey(choice: KeyChoice): KeySnapshot | 'busy' | undefined {
	const { model, now } = choice
	const untried = choice.keys.filter(key => isUsable(key) && !choice.tried.has(key.id))
	const free = choice.isBusy ? untried.filter(key => !choice.isBusy?.(key.id)) : untried
	const readinessOf = (key: KeySnapshot) => readReadiness(healthOf(key, choice), model, now)
	const probing = free.filter(key => readinessOf(key) === 'probing')
	if (probing.length > 0) return probing[placeOf(choice, probing.length)]
	const busy = free.length === untried.length ? [] : untried.filter(key => !free.includes(key))
	const worthWaiting = busy.some(key => readinessOf(key) !== 'cooling')
	if (worthWaiting || (busy.length > 0 && free.length === 0)) return 'busy'
	return soonestReady(free, key => coolingUntil(healthOf(key, choice), model))
}

/** Whether a key may be sent right away: not tried, not busy, and not to be left alone. */
function isOpen(key: KeySnapshot, choice: KeyChoice): boolean {
	if (!isUsable(key) || choice.tried.has(key.id) || choice.isBusy?.(key.id)) return false
	const readiness = readReadiness(healthOf(key, choice), choice.model, choice.now)
	return readiness === 'ready' || readiness === 'due'
}

const healthOf = (key: KeySnapshot, choice: KeyChoice): KeyHealthByScope =>
	choice.healthOf?.(key.id) ?? key.health

/** Whether a key could be sent at all: switched on, and its secret could be opened. */
export function isUsable(key: KeySnapshot): key is KeySnapshot & { secret: string } {
	return key.enabled && key.secret !== undefined
}

/** Which of so many keys it is. */
function placeOf({ strategy, turn, random }: KeyChoice, count: number): number {
	if (strategy === 'round-robin') return turn % count
	return strategy === 'random' ? Math.floor(random * count) : 0
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
