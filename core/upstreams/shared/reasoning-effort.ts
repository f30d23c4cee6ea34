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
	if (efforts.length > 0) return wanted && nearestEffort(wanted, efforts)
	if (wanted !== undefined && wanted !== 'none') {
		const detail = 'this model is not known to take a reasoning effort: its own default holds'
		notes.push({ field: 'thinking', action: 'dropped', detail })
	}
	return undefined
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
