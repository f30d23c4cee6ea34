/** Sentences of conversion notes by the server's English ones; `{0}` stands for what varies. */
export type NoteTexts = Readonly<Record<string, string>>

interface Template {
	pattern: RegExp
	text: string
}

const compiled = new WeakMap<NoteTexts, Template[]>()

/**
 * What a note says, in the language of these texts; undefined for a sentence that is not among them, such as one that a
 * newer server wrote. Notes are stored as sentences: what was logged long ago is translated as well.
 */
export function translateNote(detail: string, texts: NoteTexts): string | undefined {
	if (Object.hasOwn(texts, detail)) return texts[detail]
	for (const { pattern, text } of templatesOf(texts)) {
		const found = pattern.exec(detail)
		if (!found) continue
		const filled = found.slice(1).map(part => translateNote(part, texts) ?? part)
		return text.replace(/\{(\d)\}/g, (place, number: string) => filled[Number(number)] ?? place)
	}
	return undefined
}

/** Those that say most come first: a shorter one may fit the same sentence. */
function templatesOf(texts: NoteTexts): Template[] {
	const known = compiled.get(texts)
	if (known) return known
	const made = Object.entries(texts)
		.filter(([sentence]) => sentence.includes('{0}'))
		.sort(([one], [other]) => other.length - one.length)
		.map(([sentence, text]) => ({ pattern: toPattern(sentence), text }))
	compiled.set(texts, made)
	return made
}

function toPattern(sentence: string): RegExp {
	const parts = sentence.split(/\{\d\}/).map(part => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'))
	return new RegExp(`^${parts.join('(.+?)')}$`, 's')
}
