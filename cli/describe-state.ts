import type { Config, ConfigKey, ConfigUpstream, KeyState } from '../db/index.ts'
import { toOneLine } from './ui/clean-text.ts'
import type { Style } from './ui/style.ts'

/** What a key, or an upstream as a whole, can do now. */
export interface ShownState {
	state: 'ready' | 'cooling' | 'off' | 'unreadable' | 'no key'
	/** Milliseconds until it is ready again. */
	readyInMs?: number
	/** Why it cools, in the upstream's words. */
	reason?: string
	/** Models that this key may not be asked for yet. */
	coolingModels?: { model: string; readyInMs: number }[]
}

export function describeKey(key: ConfigKey, now: number): ShownState {
	if (!key.enabled) return { state: 'off' }
	if (!key.readable) return { state: 'unreadable' }
	const cooling = key.state.filter(({ cooldownUntil }) => cooldownUntil > now)
	const whole = cooling.find(({ scope }) => scope === '')
	if (whole !== undefined) {
		return { state: 'cooling', readyInMs: whole.cooldownUntil - now, reason: describeReason(whole) }
	}
	if (cooling.length === 0) return { state: 'ready' }
	const coolingModels = cooling.map(({ scope, cooldownUntil }) => ({
		model: scope,
		readyInMs: cooldownUntil - now,
	}))
	return { state: 'ready', coolingModels }
}

/** As good as its best key. */
export function describeUpstream(upstream: ConfigUpstream, { now }: Config): ShownState {
	if (!upstream.enabled) return { state: 'off' }
	const states = upstream.keys.map(key => describeKey(key, now))
	const find = (wanted: ShownState['state']) => states.filter(({ state }) => state === wanted)
	if (states.length === 0) return { state: 'no key' }
	if (find('ready').length > 0) return { state: 'ready' }
	const cooling = find('cooling').map(({ readyInMs = 0 }) => readyInMs)
	if (cooling.length > 0) return { state: 'cooling', readyInMs: Math.min(...cooling) }
	return { state: find('unreadable').length > 0 ? 'unreadable' : 'off' }
}

export function formatState({ state, readyInMs, reason, coolingModels }: ShownState): string {
	const time = readyInMs === undefined ? '' : ` ${formatWait(readyInMs)}`
	const why = reason === undefined ? '' : ` (${reason})`
	const models = coolingModels?.map(({ model, readyInMs: wait }) => `${toOneLine(model)} ${formatWait(wait)}`)
	return `${state}${time}${why}${models === undefined ? '' : ` (cooling for ${models.join(', ')})`}`
}

export function paintState(style: Style, { state }: ShownState): (text: string) => string {
	if (state === 'ready') return style.good
	if (state === 'off') return style.faint
	return state === 'cooling' ? style.caution : style.bad
}

/** `4:12`, `1:00:00`; rounded up, since a wait that is over is not shown. */
export function formatWait(ms: number): string {
	const seconds = Math.ceil(ms / 1000)
	const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60]
	const shown = parts[0] === 0 ? parts.slice(1) : parts
	return shown.map((part, index) => (index === 0 ? String(part) : String(part).padStart(2, '0'))).join(':')
}

function describeReason({ lastClass, lastError, lastStatus }: KeyState): string {
	const kind = lastClass === '' ? 'failed' : lastClass.replace('_', ' ')
	const words = toOneLine(lastError).slice(0, 100)
	if (words !== '') return `${kind}: ${words}`
	return lastStatus > 0 ? `${kind}: HTTP ${lastStatus}` : kind
}
