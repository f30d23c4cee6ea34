/**
 * Tokens of a text without a vocabulary. Byte-pair vocabularies spend about one and a half tokens on a Latin word
 * whatever its length, half a token on a digit, a third on a punctuation mark, and about one on a Chinese character:
 * fitted to o200k and to Anthropic's published tokenizer over prose, code, JSON and logs, whose mean it meets within
 * a tenth; a model's own rate is learnt on top of it (token-calibration.ts).
 */
const wordStart = 1.3
const furtherLetter = 0.04
const furtherCapital = 0.3
const digit = 0.52
const mark = 0.33
const lineBreak = 0.85

const blankClass = 0
const lowerClass = 1
const upperClass = 2
const digitClass = 3
const markClass = 4
const lineClass = 5
const otherClass = 6

const classes = Uint8Array.from({ length: 128 }, (_, code) => {
	if (code >= 0x61 && code <= 0x7a) return lowerClass
	if (code >= 0x41 && code <= 0x5a) return upperClass
	if (code >= 0x30 && code <= 0x39) return digitClass
	if (code === 0x0a) return lineClass
	return code === 0x20 || code === 0x09 || code === 0x0d ? blankClass : markClass
})

/** Tokens of a character by the class before it and its own. */
const weights = Float64Array.from({ length: 64 }, (_, index) => {
	const before = index >> 3
	const own = index & 7
	if (own === lowerClass) return before === lowerClass || before === upperClass ? furtherLetter : wordStart
	if (own === upperClass) return before === upperClass ? furtherCapital : wordStart
	return [0, 0, 0, digit, mark, lineBreak, 0, 0][own] ?? 0
})

/** First code unit beyond a script, and the tokens of one of its characters. */
const scripts: readonly [end: number, tokens: number][] = [
	[0xc0, 0.7], // Latin-1 signs
	[0x370, 0.4], // Latin letters with accents: they cut a word in two
	[0x590, 0.5], // Greek, Cyrillic
	[0x900, 0.6], // Hebrew, Arabic
	[0x2000, 0.7], // Indic, Thai and other syllabic scripts
	[0x2070, 0.8], // dashes, quotation marks
	[0x2e80, 1.5], // arrows, frames, symbols
	[0xd800, 1.05], // Chinese, Japanese, Korean
	[0xe000, 1.2], // halves of emoji and rare characters
	[0x10000, 1.05], // full-width forms
]

function tokensOfOther(code: number): number {
	for (const [end, tokens] of scripts) if (code < end) return tokens
	return 1
}

/** Characters that are read in one piece where a long text is sampled. */
const windowLength = 16

/** Estimated tokens of the text; of every `step` windows one is read and stands for the others. */
export function estimateTextTokens(text: string, step = 1): number {
	const { length } = text
	if (step <= 1 || length <= windowLength) return readTokens(text, 0, length)
	const stride = windowLength * step
	let tokens = 0
	let read = 0
	for (let start = 0; start < length; start += stride) {
		const end = Math.min(length, start + windowLength)
		tokens += readTokens(text, start, end)
		read += end - start
	}
	return (tokens * length) / read
}

function readTokens(text: string, start: number, end: number): number {
	let tokens = 0
	// A window that begins inside a word does not begin the word.
	let before = start === 0 ? blankClass : classOf(text.charCodeAt(start - 1))
	for (let at = start; at < end; at++) {
		const code = text.charCodeAt(at)
		if (code < 128) {
			const own = classes[code] as number
			tokens += weights[before * 8 + own] as number
			before = own
		} else {
			tokens += tokensOfOther(code)
			before = classOf(code)
		}
	}
	return tokens
}

function classOf(code: number): number {
	if (code < 128) return classes[code] as number
	return code >= 0xc0 && code < 0x250 ? lowerClass : otherClass
}
