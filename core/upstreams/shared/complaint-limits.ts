/** A limit on the answer's length; `lasting` when it holds for the model and not for this conversation only. */
export interface TokenLimit {
	limit: number
	lasting: boolean
}

/** The words of a complaint about the length that was asked for. */
const tokenWords =
	/max_?(?:completion_?|output_?|new_?)?tokens|maxOutputTokens|maximum tokens|max tokens|completion tokens/i

/** Each captures the largest value that is taken. */
const limitPatterns: readonly RegExp[] = [
	/supports? at most (\d+)/i,
	/range[^[\]\d]{0,60}\[\s*\d+\s*,\s*(\d+)\s*\]/i,
	/value in \[\s*\d+\s*,\s*(\d+)\s*\]/i,
	/\d+ > (\d+), which is the maximum/,
	/(?:less than or equal to|<=|at most|not exceed|no more than|up to)\s*['"`]?(\d+)/i,
	/(?:model limit|maximum(?: allowed)?(?: value)?|limit)\s*(?:of|is|:)\s*['"`]?(\d+)/i,
	/maximum allowed (?:number of output tokens |value )?\(?(\d+)/i,
]

/** Google names the first value that is too large. */
const exclusivePattern = /supported range is from \d+ \(inclusive\) to (\d+) \(exclusive\)/i

/** Fewer tokens than this are no answer worth having: the client has to shorten the conversation. */
const leastRoom = 512

/**
 * The limit that a refusal names. Undefined when it is no limit on what was sent, so that a misread number changes
 * nothing.
 *
 * @param sent the tokens that were asked for
 */
export function readTokenLimit(text: string, sent: number): TokenLimit | undefined {
	const room = readRoom(text)
	if (room !== undefined)
		return room >= leastRoom && room < sent ? { limit: room, lasting: false } : undefined
	// A conversation that is too long is no matter of the answer's limit.
	if (!tokenWords.test(text) || /context (?:limit|length|window)/i.test(text)) return undefined
	const exclusive = exclusivePattern.exec(text)
	if (exclusive) return checkLimit(Number(exclusive[1]) - 1, sent)
	const found = limitPatterns.map(pattern => pattern.exec(text)?.[1]).find(limit => limit !== undefined)
	return found === undefined ? undefined : checkLimit(Number(found), sent)
}

function checkLimit(limit: number, sent: number): TokenLimit | undefined {
	return limit >= 1 && limit < sent ? { limit, lasting: true } : undefined
}

/** Each names the context window, and what of it the conversation takes, or all that was asked for and the answer's part. */
const roomPatterns: readonly RegExp[] = [
	// OpenAI's older models, DeepSeek, older vLLM, OpenRouter
	/maximum context length is (?<context>\d+) tokens.*?requested (?:about )?(?<total>\d+) tokens \(.*?(?<output>\d+) in the (?:completion|output)\)/s,
	// vLLM
	/maximum context length is (?<context>\d+) tokens and your request has (?<input>\d+) input tokens/,
	/maximum context length is (?<context>\d+) tokens\. However, you requested (?<output>\d+) output tokens and your prompt contains (?<least>at least )?(?<input>\d+) input tokens/,
	/You passed (?<input>\d+) input tokens and requested (?<output>\d+) output tokens\. .{0,40}context length is only (?<context>\d+) tokens/,
	// SGLang
	/maximum context length of (?<context>\d+) tokens\. You requested a total of [\d.]+ tokens: (?<input>\d+) tokens from the input/,
	// Claude behind a relay
	/input length and `?max_tokens`? exceed context limit: (?<input>\d+) \+ \d+ > (?<context>\d+)/,
	// Text Generation Inference
	/`inputs` tokens \+ `max_new_tokens` must be <= (?<context>\d+)\. Given: (?<input>\d+) `inputs` tokens/,
]

/** What the context window has left for the answer. */
function readRoom(text: string): number | undefined {
	// Before it counts anything, vLLM refuses what is more than the whole context.
	const whole = /max_tokens=(\d+) cannot be greater than max_model_len=(?:\w+=)*(\d+)/.exec(text)
	if (whole) return guessRoom(Number(whole[2]), Number(whole[1]))
	const found = roomPatterns.map(pattern => pattern.exec(text)?.groups).find(groups => groups !== undefined)
	if (!found) return undefined
	const context = Number(found.context)
	const output = Number(found.output)
	const input = found.input === undefined ? Number(found.total) - output : Number(found.input)
	const isCounted = found.least === undefined && (Number.isNaN(output) || input + output !== context + 1)
	return isCounted || found.total !== undefined ? context - input : guessRoom(context, output)
}

/**
 * vLLM stops counting one token beyond what it could have taken: an eighth of the context is tried, once. When that is
 * too much, the conversation is too long. Source: https://github.com/vllm-project/vllm/issues/33418
 */
function guessRoom(context: number, output: number): number {
	const guess = Math.floor(context / 8)
	return output > guess ? guess : 0
}

/** Whether a refusal says that the conversation leaves no room for an answer; undefined when it names no sizes. */
export function leavesNoRoom(text: string): boolean | undefined {
	const room = readRoom(text)
	return room === undefined ? undefined : room < leastRoom
}

/** The values that a refusal of a value lists: `Supported values are: 'low', 'medium', and 'high'`. */
export function readValues(text: string): string[] {
	const list =
		/(?:supported values are|valid (?:values|levels|options)(?: are)?|must be one of|should be one of|expected one of|input should be|one of)\s*:?\s*([^.\n]*)/i.exec(
			text,
		)?.[1]
	if (list === undefined) return []
	return list
		.split(/,|\bor\b|\band\b/)
		.map(value => value.replace(/[^\w-]/g, ''))
		.filter(value => value !== '')
}
