import { stripVTControlCharacters } from 'node:util'

/** Characters that terminals draw two columns wide: https://www.unicode.org/reports/tr11/ (W and F), and emoji. */
const wide =
	/[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{1b000}-\u{1b2ff}\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}|\ufe0f/u
/** A wide character with the marks that belong to its end, or a word, and the blanks behind it. */
const closing = '[，。、：；！？）」』]*\\s*'
const breakable = new RegExp(`(?:${wide.source})${closing}|(?:(?!${wide.source})\\S)+${closing}|\\s+`, 'gu')
const invisible = /^[\p{Mn}\p{Me}\p{Cf}]+$/u

/** Made when a text needs it: it costs as much as the rest of a small table. */
let segmenter: Intl.Segmenter | undefined

/** Columns that a text takes in a terminal. */
export function measureWidth(text: string): number {
	const plain = stripVTControlCharacters(text)
	if (isAscii(plain)) return plain.length
	return splitCharacters(plain).reduce((width, character) => width + measureCharacter(character), 0)
}

export function padText(text: string, width: number): string {
	return text + ' '.repeat(Math.max(0, width - measureWidth(text)))
}

/** The beginning of a text without colours, with `…` where something is cut off. */
export function clipText(text: string, width: number): string {
	if (measureWidth(text) <= width) return text
	let clipped = ''
	let used = 0
	for (const character of splitCharacters(text)) {
		used += measureCharacter(character)
		if (used > width - 1) break
		clipped += character
	}
	return `${clipped}…`
}

/** Lines of a text without colours, broken at blanks and between wide characters; no other word is broken. */
export function wrapText(text: string, width: number): string[] {
	if (measureWidth(text) <= width) return [text]
	const lines: string[] = []
	let line = ''
	for (const part of text.match(breakable) ?? []) {
		if (line !== '' && measureWidth((line + part).trimEnd()) > width) {
			lines.push(line.trimEnd())
			line = part.trimStart()
		} else line += part
	}
	return [...lines, line.trimEnd()].filter(one => one !== '')
}

function isAscii(text: string): boolean {
	return /^[\x20-\x7e]*$/.test(text)
}

/** What a reader takes for one character: an accent or a joined emoji is no character of its own. */
function splitCharacters(text: string): string[] {
	if (isAscii(text)) return [...text]
	segmenter ??= new Intl.Segmenter()
	return Array.from(segmenter.segment(text), ({ segment }) => segment)
}

function measureCharacter(character: string): number {
	if (invisible.test(character)) return 0
	return wide.test(character) ? 2 : 1
}
