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

/** What the context window has left for the answer: vLLM, OpenRouter, OpenAI's older models. */
function readRoom(text: string): number | undefined {
	const split =
		/maximum context length is (\d+) tokens.*?requested (?:about )?(\d+) tokens \(.*?(\d+) in the (?:completion|output)\)/s.exec(
			text,
		)
	if (split) return Number(split[1]) - (Number(split[2]) - Number(split[3]))
	const counted = /maximum context length is (\d+) tokens and your request has (\d+) input tokens/.exec(text)
	return counted ? Number(counted[1]) - Number(counted[2]) : undefined
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
