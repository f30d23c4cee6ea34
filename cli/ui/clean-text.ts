/**
 * Text of others (descriptions, upstreams' errors) as one line that cannot steer the terminal: control characters,
 * line and paragraph separators, and marks that turn the reading direction become blanks.
 */
export function toOneLine(text: string): string {
	return text
		.replace(/[\p{Cc}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu, ' ')
		.replace(/ {2,}/g, ' ')
		.trim()
}

/** Editors on Windows put a mark before the first character of a file. */
export function stripBom(text: string): string {
	return text.startsWith('\ufeff') ? text.slice(1) : text
}
