import type { Health } from './health.ts'

export type StepName = 'upstream' | 'key' | 'connect'
export type StepState = 'done' | 'now' | 'later'

/** What the user should look at before anything else. */
export type Concern = 'database' | 'choose-upstream' | 'upstream-failing' | undefined

export interface Advice {
	concern: Concern
	/** From nothing to the first answer, in order; undefined while the server cannot know how far the user is. */
	steps: Record<StepName, StepState> | undefined
}

/** What to do next, given what the server says about itself. */
export function adviseOn(health: Health): Advice {
	if (health.database?.ok === false) return { concern: 'database', steps: undefined }
	if (health.upstreamCount === 0) return { concern: undefined, steps: progress('now', 'later', 'later') }
	if (health.currentUpstream === null) {
		return { concern: 'choose-upstream', steps: progress('done', 'later', 'later') }
	}
	if (!hasKey(health)) return { concern: undefined, steps: progress('done', 'now', 'later') }
	const concern = health.status === 'healthy' ? undefined : 'upstream-failing'
	return { concern, steps: progress('done', 'done', 'now') }
}

/** A server that does not tell its number of keys has one as long as it answers requests. */
function hasKey(health: Health): boolean {
	return health.keyCount === undefined ? health.status !== 'unhealthy' : health.keyCount > 0
}

function progress(upstream: StepState, key: StepState, connect: StepState): Record<StepName, StepState> {
	return { upstream, key, connect }
}
