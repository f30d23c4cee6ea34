/** A tool call of an answer while its arguments arrive. */
export interface ToolCall {
	id: string
	name: string
	/** JSON in pieces: joined and parsed once at most, so that long arguments cost no more than their length. */
	fragments: string[]
	/** `queued`: another call is being sent; it follows in its turn. */
	state: 'queued' | 'open' | 'closed'
}

/** Whether the arguments so far are a whole JSON document. */
export function isWhole(call: ToolCall): boolean {
	if (call.fragments.length === 0) return false
	try {
		JSON.parse(call.fragments.join(''))
		return true
	} catch {
		return false
	}
}

/** Whether no argument was sent at all. */
export function isEmpty(call: ToolCall): boolean {
	return call.fragments.every(fragment => fragment.trim() === '')
}
