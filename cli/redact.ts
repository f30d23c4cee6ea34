import { hidden, redactUrl } from '../core/config/redact.ts'
import { maskKey } from '../core/keys/mask.ts'
import { toOneLine } from './ui/clean-text.ts'

export { hidden, redactUrl }

/** A word of the command line as it may be repeated in an error: words swapped by mistake may be keys. */
export function quoteWord(word: string): string {
	const shown = looksLikeKey(word) ? maskKey(word) : redactUrl(toOneLine(word))
	return `"${shown.length > 60 ? `${shown.slice(0, 60)}…` : shown}"`
}

function looksLikeKey(word: string): boolean {
	if (/^(?:sk-|AIza|gsk_|nvapi-|xai-|ya29\.|eyJ|Bearer )/.test(word)) return true
	return word.length >= 20 && !/[\s/]/.test(word) && /\d/.test(word) && /[a-z]/i.test(word)
}
