import type { Note } from '../../messages/notes.ts'
import type { MessageRequest } from '../../messages/request.ts'
import type { ModelTraits } from './models.ts'
import type { ReasoningEffort } from './wire.ts'

/** From weak to strong; what a model lacks is replaced by the nearest it has. */
const scale: readonly ReasoningEffort[] = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max']

/**
 * How hard the model should think. Undefined: the field is not sent, since an unknown field is a 400 at
 * many servers, and the model's own default holds.
 */
export function toReasoningEffort(
	request: MessageRequest,
	traits: ModelTraits,
	hasTools: boolean,
	notes: Note[],
): ReasoningEffort | undefined {
	const wanted = wantedEffort(request)
	if (traits.efforts.length === 0) {
		if (wanted !== undefined && wanted !== 'none') {
			const detail = 'this model is not known to take a reasoning effort: its own default holds'
			notes.push({ field: 'thinking', action: 'dropped', detail })
		}
		return undefined
	}
	if (hasTools && !traits.reasonsWithTools) {
		if (!traits.efforts.includes('none')) return undefined
		if (wanted !== 'none') {
			const detail =
				'OpenAI refuses tools together with reasoning in Chat Completions for this model: reasoning is off'
			notes.push({ field: 'thinking', action: 'replaced', detail })
		}
		return 'none'
	}
	return wanted && nearest(wanted, traits.efforts)
}

function wantedEffort(request: MessageRequest): ReasoningEffort | undefined {
	const { thinking, output_config: output } = request
	if (thinking?.type === 'disabled') return 'none'
	const effort = scale.find(name => name === output?.effort)
	if (effort) return effort
	const budget = thinking?.budget_tokens
	if (budget == null) return undefined
	if (budget < 4000) return 'low'
	return budget < 16_000 ? 'medium' : 'high'
}

/** The strongest that is not stronger; when all are stronger, the weakest, except that off is never turned on. */
function nearest(wanted: ReasoningEffort, efforts: readonly ReasoningEffort[]): ReasoningEffort | undefined {
	const limit = scale.indexOf(wanted)
	return efforts.findLast(effort => scale.indexOf(effort) <= limit) ?? efforts[0]
}
