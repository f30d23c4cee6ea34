export const steps = ['check', 'secure', 'upstream', 'connect'] as const
export type Step = (typeof steps)[number]

/** The step that the address asks for; `upstream` has to come before `connect`. */
export function readStep(params: Pick<URLSearchParams, 'get'>, hasUpstreams: boolean): Step {
	const wanted = steps.find(step => step === params.get('step')) ?? 'check'
	return wanted === 'connect' && !hasUpstreams ? 'upstream' : wanted
}

/** Whether somebody who comes here from elsewhere has nothing to do any more. */
export const isOver = (params: Pick<URLSearchParams, 'get'>, hasUpstreams: boolean) =>
	hasUpstreams && params.get('step') !== 'connect'

export const pathOf = (step: Step) => `/setup?step=${step}`
