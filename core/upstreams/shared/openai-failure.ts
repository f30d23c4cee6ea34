import type { ErrorResponse, UpstreamFailure } from '../contract.ts'
import { leavesNoRoom } from './complaint-limits.ts'
import { isRecord, readErrorResponse } from './failure.ts'

/** Error answers of OpenAI, in Chat Completions and Responses alike, and of servers that imitate them. */
export function readOpenAiFailure(response: ErrorResponse): UpstreamFailure {
	const failure = readErrorResponse(response)
	const words = `${failure.message} ${wordsOf(failure.json)}`
	const isRequest = failure.class === 'client' || failure.class === 'server'
	if (isRequest && isTooLong(words)) {
		const message = tooLongMessage(failure.message)
		// Claude Code takes any 413 for a body of too many megabytes.
		return { ...failure, class: 'client', status: 400, message }
	}
	if (failure.class === 'client' && keyWords.test(words)) return { ...failure, class: 'auth' }
	if (failure.class === 'client' && flaggedWords.test(words)) return { ...failure, class: 'moderation' }
	const wait = readWait(failure.message)
	const retryAfterMs = failure.retryAfterMs ?? wait
	const isRate = failure.class === 'rate_limit' || (wait !== undefined && isPassingLimit(failure))
	return isRate && retryAfterMs !== undefined ? { ...failure, class: 'rate_limit', retryAfterMs } : failure
}

/** Gemini speaks of quota and billing where a limit per minute is reached; one per day does not pass by waiting. */
function isPassingLimit({ status, class: judged, json }: UpstreamFailure): boolean {
	return status === 429 && judged === 'quota' && !/per_?day/i.test(JSON.stringify(json ?? ''))
}

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
	return `prompt is too long: ${message}`
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
/** xAI and some relays answer 400 where OpenAI answers 401. */
const keyWords = /invalid[\s_]api[\s_]?key|incorrect api key|api key (?:not valid|is invalid)/i
const flaggedWords = /flagged as|usage polic|invalid_prompt|data_inspection_failed|content management policy/i

/** How long to wait, in words: OpenAI's "Please try again in 1m2.5s.", Moonshot's "after 1 seconds", Gemini's "retry in". */
function readWait(message: string): number | undefined {
	const found =
		/(?:try again|retry) (?:in|after) (?:(\d+)h)?(?:(\d+)m(?!s))?(?:([\d.]+)(ms|s| seconds?\b))?/i.exec(
			message,
		)
	if (!found) return undefined
	const [, hours = 0, minutes = 0, rest = 0, unit = 's'] = found
	const milliseconds = Number(hours) * 3_600_000 + Number(minutes) * 60_000
	const wait = milliseconds + Number(rest) * (unit === 'ms' ? 1 : 1000)
	return wait > 0 ? Math.ceil(wait) : undefined
}

/** Codes and types, which Cerebras and Mistral put beside the message, and what OpenRouter's own upstream said. */
function wordsOf(json: unknown): string {
	if (!isRecord(json)) return ''
	const error = isRecord(json.error) ? json.error : {}
	const raw = isRecord(error.metadata) ? error.metadata.raw : undefined
	return [error.code, error.type, json.code, json.type, raw]
		.filter(word => typeof word === 'string')
		.join(' ')
}
