import type { UpstreamFailure } from '../contract.ts'
import { leavesNoRoom } from './complaint-limits.ts'
import { isRecord } from './failure.ts'

/** Whether an error's words say that the conversation does not fit. */
export function isTooLong(words: string): boolean {
	return (
		leavesNoRoom(words.slice(0, longestSentence)) ?? (contextWords.test(words) && !outputWords.test(words))
	)
}

/** Sizes are looked for in so much: an error may be a whole page. */
const longestSentence = 4000

/** Claude Code compacts the conversation when it reads this sentence in a 400. */
export function tooLongMessage(message: string): string {
	return /^prompt is too long/i.test(message) ? message : `prompt is too long: ${message}`
}

/** The failure in these words, its JSON as well where that is Anthropic's envelope, which clients get as it is. */
export function tellTooLong(failure: UpstreamFailure): UpstreamFailure {
	const { json } = failure
	const message = tooLongMessage(failure.message)
	// Claude Code takes any 413 for a body of too many megabytes.
	const told: UpstreamFailure = { ...failure, class: 'client', status: 400, message }
	const isEnvelope = isRecord(json) && json.type === 'error' && isRecord(json.error)
	return isEnvelope ? { ...told, json: { ...json, error: { ...(json.error as object), message } } } : told
}

const contextWords = new RegExp(
	[
		'context_length_exceeded',
		'exceed_context_size',
		'maximum context length',
		'exceeds? (?:the )?(?:available |model.s )?(?:maximum )?context',
		'context[ _]window',
		'(?:prompt|input)(?: is)? too long',
		'range of input length', // DashScope
		'too large for model with \\d+ maximum context', // Mistral
		'exceeded model token limit', // Moonshot
		'prompt exceeds max length|prompt\\s*超长', // Zhipu
		'maximum prompt length|input_too_large', // xAI
		'input token count.{0,20}(?:exceeds the maximum|but model only supports)', // Gemini
		'context length of only|greater than the context length|context size has been exceeded', // LM Studio
		'longer than the (?:model.s context|maximum model) length', // SGLang, vLLM
		'exceeds the maximum (?:allowed )?(?:input )?length', // Poolside, Volcengine
		'exceed max message tokens', // Volcengine
		'must be less than max_seq_len', // SiliconFlow
		'prompt token count of \\d+ exceeds', // GitHub Copilot
		'reduce the length of the messages', // Groq, Cerebras
	].join('|'),
	'i',
)
/** The same sentence about an answer that was allowed too much room: a shorter conversation would not help. */
const outputWords =
	/max_(?:completion_)?tokens\W+is too large|\d+ in the completion|max_(?:completion_)?tokens' or/i

/** The message, codes and types, which Cerebras and Mistral put beside the message, and what OpenRouter's own upstream said. */
export function wordsOf({ message, json }: UpstreamFailure): string {
	if (!isRecord(json)) return message
	const error = isRecord(json.error) ? json.error : {}
	const raw = isRecord(error.metadata) ? error.metadata.raw : undefined
	return [message, error.code, error.type, json.code, json.type, raw]
		.filter(word => typeof word === 'string')
		.join(' ')
}
