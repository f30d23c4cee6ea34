import type { LearnedFact } from '../../config/learned-facts.ts'
import type { Note } from '../../messages/notes.ts'
import type { Tool } from '../../messages/request.ts'

/** What became of a list of tools once, for the next request with the same list. */
interface Kept<Converted> {
	converted: Converted
	notes: readonly Note[]
}

export type KeepTools<Converted extends object> = (
	tools: readonly Tool[],
	/** What else the conversion depends on. */
	variant: string,
	notes: Note[],
	convert: (notes: Note[]) => Converted,
) => Converted

/**
 * Converts each list of tools once. Requests with the same bytes of tools share one list (messages/parse-request.ts),
 * and what is kept lives as long as that list. The result is shared: nobody may change it.
 */
export function createToolKeeper<Converted extends object>(): KeepTools<Converted> {
	const lists = new WeakMap<readonly Tool[], Map<string, Kept<Converted>>>()
	return (tools, variant, notes, convert) => {
		// Requests without tools have a list of their own each: there would be as many to keep.
		if (tools.length === 0) return convert(notes)
		const variants = lists.get(tools) ?? new Map<string, Kept<Converted>>()
		const known = variants.get(variant)
		if (known) {
			notes.push(...known.notes)
			return known.converted
		}
		const own: Note[] = []
		const converted = convert(own)
		notes.push(...own)
		variants.set(variant, { converted, notes: own })
		lists.set(tools, variants)
		keptTexts.set(converted, undefined)
		return converted
	}
}

/** The JSON of kept values, once it was asked for. */
const keptTexts = new WeakMap<object, string | undefined>()

/** The JSON of a request's body: as JSON.stringify writes it, but kept values are written once. */
export function writeBody(body: object): string {
	let text = ''
	for (const [name, value] of Object.entries(body)) {
		const json = writeMember(value)
		if (json !== undefined) text += `${text === '' ? '' : ','}"${name}":${json}`
	}
	return `{${text}}`
}

function writeMember(value: unknown): string | undefined {
	if (typeof value !== 'object' || value === null || !keptTexts.has(value)) return JSON.stringify(value)
	const text = keptTexts.get(value) ?? JSON.stringify(value)
	keptTexts.set(value, text)
	return text
}

/** The tools for a request that these facts may change within: a copy then, since the list is shared. */
export function ownTools<Tools extends object | undefined>(
	tools: Tools,
	facts: readonly LearnedFact[] | undefined,
): Tools {
	return facts?.some(changesTools) ? structuredClone(tools) : tools
}

const changesTools = (fact: LearnedFact): boolean =>
	fact.kind === 'no-keyword' || (fact.kind === 'no-field' && fact.path.startsWith('tools'))
