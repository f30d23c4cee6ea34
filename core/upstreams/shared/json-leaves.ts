/** Where a string, number or literal stands in a JSON text; quotes belong to a string. */
export interface Leaf {
	path: string
	start: number
	end: number
}

/**
 * The leaves of a JSON text that have one of these paths, in the text's order.
 *
 * @param text valid JSON: what was parsed before
 * @param paths names and indexes with dots between them
 */
export function findLeaves(text: string, paths: readonly string[]): Leaf[] {
	const leaves: Leaf[] = []
	const skipBlanks = (from: number) => {
		let at = from
		while (isBlank(text.charCodeAt(at))) at++
		return at
	}
	const readMembers = (open: number, prefix: string, close: string): number => {
		const isObject = close === '}'
		let at = skipBlanks(open + 1)
		for (let index = 0; text[at] !== close; index++) {
			let name = String(index)
			if (isObject) {
				const end = endOfString(text, at)
				// A name with an escape is found under no path: the events that matter write theirs plainly.
				name = text.slice(at + 1, end - 1)
				at = skipBlanks(skipBlanks(end) + 1)
			}
			at = skipBlanks(readValue(at, prefix === '' ? name : `${prefix}.${name}`))
			if (text[at] === ',') at = skipBlanks(at + 1)
		}
		return at + 1
	}
	const readValue = (start: number, path: string): number => {
		if (text[start] === '{') return readMembers(start, path, '}')
		if (text[start] === '[') return readMembers(start, path, ']')
		const end = text[start] === '"' ? endOfString(text, start) : endOfScalar(text, start)
		if (paths.includes(path)) leaves.push({ path, start, end })
		return end
	}
	readValue(skipBlanks(0), '')
	return leaves
}

function endOfString(text: string, start: number): number {
	let at = start + 1
	while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1
	return at + 1
}

function endOfScalar(text: string, start: number): number {
	let at = start
	while (at < text.length && !/[\s,\]}]/.test(text[at] as string)) at++
	return at
}

const isBlank = (code: number) => code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09
