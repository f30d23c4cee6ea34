import type { StopReason } from '../../messages/events.ts'

/** What a finishReason or blockReason means for the message. */
export type Ending =
	| { kind: 'stop'; reason: StopReason }
	| { kind: 'refusal' }
	/** The model's own fault (a call it could not write): worth another try. */
	| { kind: 'broken' }

const stops: Readonly<Record<string, StopReason>> = {
	STOP: 'end_turn',
	MAX_TOKENS: 'max_tokens',
	CONTINUATION: 'max_tokens',
}

const refusals = new Set([
	...['SAFETY', 'PROHIBITED_CONTENT', 'BLOCKLIST', 'SPII', 'RECITATION', 'LANGUAGE', 'MODEL_ARMOR'],
	...['IMAGE_SAFETY', 'IMAGE_PROHIBITED_CONTENT', 'IMAGE_RECITATION'],
])

/** Source: https://ai.google.dev/api/generate-content#FinishReason. What is not listed counts as broken. */
export function readFinishReason(reason: string): Ending {
	const stop = Object.hasOwn(stops, reason) ? stops[reason] : undefined
	if (stop !== undefined) return { kind: 'stop', reason: stop }
	return { kind: refusals.has(reason) ? 'refusal' : 'broken' }
}

/** Whether anything is said: the enums' zero value (`FINISH_REASON_UNSPECIFIED`) is what some relays write for nothing. */
export function isReason(reason: unknown): reason is string {
	return typeof reason === 'string' && reason !== '' && !reason.endsWith('_UNSPECIFIED')
}
