/** Values by the text they were made from; the ones unused longest give way. */
export interface TextCache<Value> {
	get(text: string): Value | undefined
	set(text: string, value: Value): void
}

/** @param limits most entries, and most characters of all texts together */
export function createTextCache<Value>(limits: { entries: number; characters: number }): TextCache<Value> {
	// A map keeps the order in which its keys came: the first is the one unused longest.
	const values = new Map<string, Value>()
	let characters = 0
	const remove = (text: string) => {
		if (values.delete(text)) characters -= text.length
	}
	return {
		get(text) {
			const value = values.get(text)
			if (value === undefined) return undefined
			values.delete(text)
			values.set(text, value)
			return value
		},
		set(text, value) {
			remove(text)
			if (text.length > limits.characters) return
			values.set(text, value)
			characters += text.length
			for (const oldest of values.keys()) {
				if (values.size <= limits.entries && characters <= limits.characters) return
				remove(oldest)
			}
		},
	}
}
