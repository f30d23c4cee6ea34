import type { Note } from '../../messages/notes.ts'
import type { MessageRequest } from '../../messages/request.ts'
import { hash } from '../shared/tool-names.ts'
import type { ModelTraits } from './models.ts'
import type { ChatRequest, Dialect, ReasoningEffort } from './wire.ts'

type Limits = Pick<ChatRequest, 'max_tokens' | 'max_completion_tokens'>
type Sampling = Pick<ChatRequest, 'temperature' | 'top_p' | 'stop'>

/**
 * `max_tokens` is refused by OpenAI's reasoning models, `max_completion_tokens` by older servers.
 * Source: https://platform.openai.com/docs/api-reference/chat/create
 */
export function toLimits(
	request: MessageRequest,
	dialect: Dialect,
	traits: ModelTraits,
	notes: Note[],
): Limits {
	let tokens = request.max_tokens
	if (traits.maxOutput !== undefined && tokens > traits.maxOutput) {
		tokens = traits.maxOutput
		const detail = `this model takes at most ${tokens} output tokens`
		notes.push({ field: 'max_tokens', action: 'clamped', detail })
	}
	return dialect === 'openai' ? { max_completion_tokens: tokens } : { max_tokens: tokens }
}

/** "Up to 4 sequences": https://platform.openai.com/docs/api-reference/chat/create */
const maxStopSequences = 4

export function toSampling(
	request: MessageRequest,
	traits: ModelTraits,
	effort: ReasoningEffort | undefined,
	notes: Note[],
): Sampling {
	const drop = (field: string, detail: string) => void notes.push({ field, action: 'dropped', detail })
	if (request.top_k != null) drop('top_k', 'Chat Completions has no such parameter')
	const { temperature, top_p: topP } = request
	// A blank stop sequence is a 400.
	const stop = (request.stop_sequences ?? []).filter(sequence => sequence !== '')
	// "When reasoning effort is not none, remove temperature, top_p": OpenAI's guide to its latest models.
	if (traits.reasons && effort !== 'none') {
		const given = { temperature, top_p: topP, stop_sequences: stop[0] }
		for (const [field, value] of Object.entries(given)) {
			if (value != null) drop(field, 'reasoning models refuse it')
		}
		return {}
	}
	if (stop.length > maxStopSequences) {
		drop('stop_sequences', `only the first ${maxStopSequences} are sent: the upstream takes no more`)
	}
	return {
		...(temperature != null && { temperature }),
		...(topP != null && { top_p: topP }),
		...(stop.length > 0 && { stop: stop.slice(0, maxStopSequences) }),
	}
}

/**
 * Keeps a session on the machine that has its prompt cached. Claude Code's user_id is stable within a session;
 * it is hashed since it names device and account, and since OpenAI takes no more than 64 characters.
 */
export function toCacheKey(request: MessageRequest): string | undefined {
	const user = request.metadata?.user_id
	return user ? `claude-proxy-${hash(user)}${hash(`session:${user}`)}` : undefined
}
