import type { Note } from '../../messages/notes.ts'
import type { MessageRequest } from '../../messages/request.ts'
import type { ModelTraits } from '../shared/openai-models.ts'
import { chooseEffort, type ReasoningEffort, wantedEffort } from '../shared/reasoning-effort.ts'

/** The effort to send, or undefined to leave the field out; off where OpenAI would refuse the tools otherwise. */
export function toReasoningEffort(
	request: MessageRequest,
	traits: ModelTraits,
	hasTools: boolean,
	notes: Note[],
): ReasoningEffort | undefined {
	const { efforts, reasonsWithTools } = traits
	if (efforts.length === 0 || !hasTools || reasonsWithTools) return chooseEffort(request, efforts, notes)
	const wanted = wantedEffort(request)
	if (!efforts.includes('none')) {
		if (wanted !== undefined) {
			const detail = 'OpenAI refuses tools together with an effort in Chat Completions: the default holds'
			notes.push({ field: 'thinking', action: 'dropped', detail })
		}
		return undefined
	}
	if (wanted !== 'none') {
		const detail =
			'OpenAI refuses tools together with reasoning in Chat Completions for this model: reasoning is off'
		notes.push({ field: 'thinking', action: 'replaced', detail })
	}
	return 'none'
}
