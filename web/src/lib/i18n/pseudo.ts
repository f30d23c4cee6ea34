import type { Messages } from './messages/en/index.ts'

const accents: Record<string, string> = {
	a: 'á',
	e: 'é',
	i: 'í',
	o: 'ö',
	u: 'ü',
	A: 'Å',
	E: 'É',
	O: 'Ö',
	U: 'Ü',
}

/** A sentence about as much longer as German is than English, with accents that show text which is in no dictionary. */
export function lengthen(text: string): string {
	const accented = text.replace(/[aeiouAEOU]/g, letter => accents[letter] ?? letter)
	return `${accented}${' ~'.repeat(Math.ceil(text.length * 0.15))}`
}

export function lengthenMessages(messages: Messages): Messages {
	return lengthenTree(messages) as Messages
}

function lengthenTree(value: unknown): unknown {
	if (typeof value === 'string') return lengthen(value)
	if (typeof value === 'function') return (...given: unknown[]) => lengthen(String(value(...given)))
	return Object.fromEntries(
		Object.entries(value as object).map(([name, child]) => [name, lengthenTree(child)]),
	)
}
