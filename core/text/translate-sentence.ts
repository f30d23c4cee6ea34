/**
 * Sentences by the English ones that the program writes; `{0}` stands for what varies, `{0#}` for a number: `{0#} requests`
 * is no sentence of ours about too many of them.
 */
export type SentenceTexts = Readonly<Record<string, string>>

const place = /\{\d#?\}/

interface Template {
	pattern: RegExp
	text: string
}

const compiled = new WeakMap<SentenceTexts, Template[]>()

/**
 * What a sentence says, in the language of these texts; undefined for one that is not among them, such as one that a
 * newer server wrote. It goes by the English sentence, since that is what is stored, logged and told to programs: what
 * was written long ago is translated as well.
 */
export function translateSentence(sentence: string, texts: SentenceTexts): string | undefined {
	if (Object.hasOwn(texts, sentence)) return texts[sentence]
	for (const { pattern, text } of templatesOf(texts)) {
		const found = pattern.exec(sentence)
		if (!found) continue
		const filled = found.slice(1).map(part => translateSentence(part, texts) ?? part)
		return text.replace(/\{(\d)\}/g, (kept, number: string) => filled[Number(number)] ?? kept)
	}
	return undefined
}

/** Those that say most come first: a shorter one may fit the same sentence. */
function templatesOf(texts: SentenceTexts): Template[] {
	const known = compiled.get(texts)
	if (known) return known
	const made = Object.entries(texts)
		.filter(([sentence]) => place.test(sentence))
		.sort(([one], [other]) => other.length - one.length)
		.map(([sentence, text]) => ({ pattern: toPattern(sentence), text }))
	compiled.set(texts, made)
	return made
}

function toPattern(sentence: string): RegExp {
	const escaped = sentence.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
	// A sentence may also be asked for as it is written here, with its places.
	const pattern = escaped.replace(/\\\{\d(#?)\\\}/g, (_, number) =>
		number ? '(\\d[\\d.,]*|\\{\\d\\})' : '(.+?)',
	)
	return new RegExp(`^${pattern}$`, 's')
}
