import type { Note } from '../../messages/notes.ts'
import type { MessageRequest } from '../../messages/request.ts'
import type { ModelTraits } from '../shared/openai-models.ts'
import { clampMaxTokens, raiseMaxTokens, toSampling } from '../shared/parameters.ts'
import type { ChatRequest } from './wire.ts'

type Limits = Pick<ChatRequest, 'max_tokens' | 'max_completion_tokens'>

/**
 * `max_tokens` is refused by OpenAI's reasoning models, `max_completion_tokens` by older servers.
 * Source: https://platform.openai.com/docs/api-reference/chat/create
 *
 * A model that reasons refuses a few tokens: "Could not finish the message because max_tokens … was reached".
 * Source: https://github.com/BerriAI/litellm/pull/30708
 */
export function toLimits(
	request: MessageRequest,
	isOld: boolean,
	traits: ModelTraits,
	notes: Note[],
): Limits {
	const clamped = clampMaxTokens(request, traits.maxOutput, notes)
	const tokens = traits.reasons ? raiseMaxTokens(clamped, notes) : clamped
	return isOld ? { max_tokens: tokens } : { max_completion_tokens: tokens }
}

/** "Up to 4 sequences": https://platform.openai.com/docs/api-reference/chat/create */
const maxStopSequences = 4

/** Temperature, top_p and stop; a model that reasons refuses all three. */
export function toChatSampling(
	request: MessageRequest,
	isReasoning: boolean,
	notes: Note[],
): Pick<ChatRequest, 'temperature' | 'top_p' | 'stop'> {
	const sampling = toSampling(request, isReasoning, notes)
	const drop = (detail: string) => void notes.push({ field: 'stop_sequences', action: 'dropped', detail })
	// A blank stop sequence is a 400.
	const stop = (request.stop_sequences ?? []).filter(sequence => sequence !== '')
	if (stop.length === 0) return sampling
	if (isReasoning) {
		drop('reasoning models refuse it')
		return sampling
	}
	if (stop.length > maxStopSequences) {
		drop(`only the first ${maxStopSequences} are sent: the upstream takes no more`)
	}
	return { ...sampling, stop: stop.slice(0, maxStopSequences) }
}
