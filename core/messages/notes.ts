/** What a conversion dropped, changed or repaired. Notes are values: they travel to the request log. */
export interface Note {
	/** Path in the client's request or the upstream's answer, e.g. `tools.3.input_schema`. */
	field: string
	action: 'dropped' | 'clamped' | 'renamed' | 'replaced' | 'repaired'
	/** One sentence for people: what happened and why. Never holds user content or a key. */
	detail: string
}
