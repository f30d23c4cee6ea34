import { judgeKey, judgeUpstream, type KeyStateName, type UpstreamStateName } from '../core/views/states.ts'
import type { Config, ConfigKey, ConfigUpstream, KeyState } from '../db/index.ts'
import type { CliTexts } from './texts/index.ts'
import { toOneLine } from './ui/clean-text.ts'
import type { Style } from './ui/style.ts'

/** What a key, or an upstream as a whole, can do now. */
export interface ShownState {
	state: KeyStateName | UpstreamStateName
	/** Milliseconds until it is ready again. */
	readyInMs?: number
	/** Why it cools, or did until now, in the upstream's words. */
	reason?: string
	/** Its cooldown is over: the next request tries whether it works again. */
	onTrial?: boolean
	/** Models that this key may not be asked for yet. */
	coolingModels?: { model: string; readyInMs: number }[]
}

export function describeKey(key: ConfigKey, now: number): ShownState {
	const { state, cooldownUntil } = judgeKey(key, now)
	const whole = key.state.find(({ scope }) => scope === '')
	if (state === 'cooling') {
		return { state, readyInMs: cooldownUntil - now, ...(whole && { reason: describeReason(whole) }) }
	}
	if (state !== 'ready') return { state }
	const cooling = key.state.filter(({ scope, cooldownUntil: until }) => scope !== '' && until > now)
	const coolingModels = cooling.map(({ scope, cooldownUntil: until }) => ({
		model: scope,
		readyInMs: until - now,
	}))
	return {
		state,
		...(whole !== undefined && whole.streak > 0 && { onTrial: true, reason: describeReason(whole) }),
		...(coolingModels.length > 0 && { coolingModels }),
	}
}

export function describeUpstream(upstream: ConfigUpstream, { now, currentUpstreamId }: Config): ShownState {
	const { state, cooldownUntil } = judgeUpstream(upstream, {
		now,
		current: upstream.id === currentUpstreamId,
	})
	return cooldownUntil > now ? { state, readyInMs: cooldownUntil - now } : { state }
}

/** Stands beside a name that is marked as current already, if it is. */
export function formatState(shown: ShownState, { states, state: words, outcomes, reason }: CliTexts): string {
	const { state, readyInMs, onTrial, coolingModels } = shown
	const time = readyInMs === undefined ? '' : ` ${formatWait(readyInMs)}`
	const trial = onTrial ? words.trial : ''
	const why = shown.reason === undefined ? '' : words.why(sayReason(shown.reason, { outcomes, reason }))
	const models = coolingModels?.map(({ model, readyInMs: wait }) => `${toOneLine(model)} ${formatWait(wait)}`)
	return `${states[state]}${time}${trial}${why}${models === undefined ? '' : words.coolingFor(models)}`
}

export function paintState(style: Style, { state }: ShownState): (text: string) => string {
	if (state === 'ready' || state === 'current') return style.good
	if (state === 'paused' || state === 'disabled') return style.faint
	return state === 'cooling' || state === 'degraded' ? style.caution : style.bad
}

/** `4:12`, `1:00:00`; rounded up, since a wait that is over is not shown. */
export function formatWait(ms: number): string {
	const seconds = Math.ceil(ms / 1000)
	const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60]
	const shown = parts[0] === 0 ? parts.slice(1) : parts
	return shown.map((part, index) => (index === 0 ? String(part) : String(part).padStart(2, '0'))).join(':')
}

/** What `describeReason` told, in the words of the reader's language; the upstream's own stay as they are. */
export function sayReason(text: string, { outcomes, reason }: Pick<CliTexts, 'outcomes' | 'reason'>): string {
	const [kind = '', ...rest] = text.split(': ')
	const known = Object.entries(outcomes).find(([name]) => name.replace('_', ' ') === kind)?.[1]
	const said = kind === 'failed' ? reason.failed : (known ?? kind)
	return rest.length === 0 ? said : reason.because(said, rest.join(': '))
}

/** `quota: You exceeded your current quota` */
export function describeReason({
	lastClass,
	lastError,
	lastStatus,
}: Pick<KeyState, 'lastClass' | 'lastError' | 'lastStatus'>): string {
	const kind = lastClass === '' ? 'failed' : lastClass.replace('_', ' ')
	const words = toOneLine(lastError).slice(0, 100)
	if (words !== '') return `${kind}: ${words}`
	return lastStatus > 0 ? `${kind}: HTTP ${lastStatus}` : kind
}
