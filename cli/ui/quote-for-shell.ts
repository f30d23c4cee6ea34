/** A word as it can be pasted into a POSIX shell. */
export function quoteForShell(word: string): string {
	return /^[\p{L}\p{N}_.:/@%+=-]+$/u.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}
