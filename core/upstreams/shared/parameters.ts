import type { Note } from '../../messages/notes.ts'
import type { MessageRequest } from '../../messages/request.ts'
import { hash } from './tool-names.ts'

/** The client's token limit, at most what the model takes: more is a 400. */
export function clampMaxTokens(
	request: MessageRequest,
	maxOutput: number | undefined,
	notes: Note[],
): number {
	if (maxOutput === undefined || request.max_tokens <= maxOutput) return request.max_tokens
	const detail = `this model takes at most ${maxOutput} output tokens`
	notes.push({ field: 'max_tokens', action: 'clamped', detail })
	return maxOutput
}

/** "integer below minimum value. Expected a value >= 16" */
const minOutputTokens = 16

/** A token limit that the Responses API, and models that reason behind any, do not refuse as too small. */
export function raiseMaxTokens(tokens: number, notes: Note[]): number {
	if (tokens >= minOutputTokens) return tokens
	const detail = `this API takes no limit below ${minOutputTokens} output tokens`
	notes.push({ field: 'max_tokens', action: 'clamped', detail })
	return minOutputTokens
}

/** "When reasoning effort is not none, remove temperature, top_p": OpenAI's guide to its latest models. */
export function toSampling(
	request: MessageRequest,
	isReasoning: boolean,
	notes: Note[],
): { temperature?: number; top_p?: number } {
	const drop = (field: string, detail: string) => void notes.push({ field, action: 'dropped', detail })
	if (request.top_k != null) drop('top_k', 'OpenAI’s APIs have no such parameter')
	const { temperature, top_p: topP } = request
	if (isReasoning) {
		for (const [field, value] of Object.entries({ temperature, top_p: topP })) {
			if (value != null) drop(field, 'reasoning models refuse it')
		}
		return {}
	}
	return { ...(temperature != null && { temperature }), ...(topP != null && { top_p: topP }) }
}

/**
 * Keeps a session on the machine that has its prompt cached. Claude Code's user_id is stable within a session;
 * it is hashed since it names device and account, and since OpenAI takes no more than 64 characters.
 */
export function toCacheKey(request: MessageRequest): string | undefined {
	const user = request.metadata?.user_id
	return user ? `claude-proxy-${hash(user)}${hash(`session:${user}`)}` : undefined
}
