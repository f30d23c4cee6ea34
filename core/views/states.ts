/** The states of keys and upstreams: the one list that admin API, admin and CLI name them by. */
export const keyStates = ['ready', 'cooling', 'paused', 'unreadable'] as const
export type KeyStateName = (typeof keyStates)[number]

/**
 * `current` is what `ready` is called for the upstream that answers requests; when that one is in trouble, the trouble
 * is named. `no-keys`: none that could be sent.
 */
export const upstreamStates = ['current', 'ready', 'degraded', 'cooling', 'disabled', 'no-keys'] as const
export type UpstreamStateName = (typeof upstreamStates)[number]

/** What the state of a key depends on. */
export interface JudgedKey {
	enabled: boolean
	readable: boolean
	/** `''` is the key as a whole; another scope is a model. */
	state: readonly { scope: string; cooldownUntil: number }[]
}

export interface KeyJudgement {
	state: KeyStateName
	/** Database clock; 0 unless it cools as a whole. */
	cooldownUntil: number
}

/** @param now database clock */
export function judgeKey(key: JudgedKey, now: number): KeyJudgement {
	if (!key.enabled) return { state: 'paused', cooldownUntil: 0 }
	if (!key.readable) return { state: 'unreadable', cooldownUntil: 0 }
	const cooldownUntil = key.state.find(({ scope }) => scope === '')?.cooldownUntil ?? 0
	return cooldownUntil > now ? { state: 'cooling', cooldownUntil } : { state: 'ready', cooldownUntil: 0 }
}

export interface UpstreamJudgement {
	state: UpstreamStateName
	/** When its first key is ready again; 0 unless all that could be sent cool. */
	cooldownUntil: number
}

/** As good as its best key; `degraded` when others of its keys cool. */
export function judgeUpstream(
	upstream: { enabled: boolean; keys: readonly JudgedKey[] },
	options: { now: number; current: boolean },
): UpstreamJudgement {
	if (!upstream.enabled) return { state: 'disabled', cooldownUntil: 0 }
	const keys = upstream.keys.map(key => judgeKey(key, options.now))
	const ready = keys.some(({ state }) => state === 'ready')
	const cooling = keys.filter(({ state }) => state === 'cooling').map(key => key.cooldownUntil)
	if (!ready && cooling.length === 0) return { state: 'no-keys', cooldownUntil: 0 }
	if (!ready) return { state: 'cooling', cooldownUntil: Math.min(...cooling) }
	if (cooling.length > 0) return { state: 'degraded', cooldownUntil: 0 }
	return { state: options.current ? 'current' : 'ready', cooldownUntil: 0 }
}
