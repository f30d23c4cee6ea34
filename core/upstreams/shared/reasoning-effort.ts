import type { Note } from '../../messages/notes.ts'
import type { MessageRequest } from '../../messages/request.ts'

/** OpenAI's words, which others took over: https://platform.openai.com/docs/guides/reasoning */
export type ReasoningEffort = 'none' | 'minimal' | 'low' | 'medium' | 'high' | 'xhigh' | 'max'

/** From weak to strong; what a model lacks is replaced by the nearest it has. */
export const effortScale: readonly ReasoningEffort[] = [
	'none',
	'minimal',
	'low',
	'medium',
	'high',
	'xhigh',
	'max',
]

/**
 * How hard the model should think, in a word it takes. Undefined: the field is not sent, since an unknown field is a
 * 400 at many servers, and the model's own default holds.
 */
export function chooseEffort(
	request: MessageRequest,
	efforts: readonly ReasoningEffort[],
	notes: Note[],
): ReasoningEffort | undefined {
	const wanted = wantedEffort(request)
	if (wanted === undefined) return undefined
	const effort = nearestEffort(wanted, efforts)
	if (effort === undefined) {
		if (wanted === 'none') return undefined
		const detail = 'neither model nor upstream type is known to take a reasoning effort: its default holds'
		notes.push({ field: 'thinking', action: 'dropped', detail })
	} else if (effort !== wanted && !(wanted === 'none' && effort === 'minimal')) {
		// `minimal` is what switches thinking off where there is no `none`.
		const detail = `this model has no effort "${wanted}": "${effort}" is the nearest`
		notes.push({ field: 'thinking', action: 'clamped', detail })
	}
	return effort
}

export function wantedEffort(request: MessageRequest): ReasoningEffort | undefined {
	const { thinking, output_config: output } = request
	if (thinking?.type === 'disabled') return 'none'
	const effort = effortScale.find(name => name === output?.effort)
	if (effort) return effort
	const budget = thinking?.budget_tokens
	if (budget == null) return undefined
	if (budget < 4000) return 'low'
	return budget < 16_000 ? 'medium' : 'high'
}

/** The strongest that is not stronger; when all are stronger, the weakest, except that off is never turned on. */
export function nearestEffort(
	wanted: ReasoningEffort,
	efforts: readonly ReasoningEffort[],
): ReasoningEffort | undefined {
	const limit = effortScale.indexOf(wanted)
	return efforts.findLast(effort => effortScale.indexOf(effort) <= limit) ?? efforts[0]
}
