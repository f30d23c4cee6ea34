import type { ConfigKey, ConfigUpstream, KeyRing } from '../db/index.ts'
import { notFoundError, programMark } from './refuse.ts'
import { quoteForShell } from './ui/quote-for-shell.ts'

/**
 * The key that a word means: its id, the whole key, its mask, its number in `key <upstream> list`, or the beginning of
 * one id or mask only. `exact` leaves out beginnings: a repeated `remove` must not take another key.
 * @throws CliError not-found; the word is not repeated, since it may be a key
 */
export function findKey(
	upstream: ConfigUpstream,
	word: string,
	keyRing: KeyRing,
	options: { exact?: boolean } = {},
): ConfigKey {
	const { keys, name } = upstream
	const see = `use the number or the id from: ${programMark} key ${quoteForShell(name)} list`
	const text = word.trim()
	const fingerprints = text === '' ? [] : keyRing.fingerprints(text)
	const same = keys.find(key => key.id === text || fingerprints.includes(key.fingerprint))
	if (same !== undefined) return same
	const mask = text.replace('...', '…')
	const masked = keys.filter(key => key.mask === mask)
	if (masked.length === 1) return masked[0]!
	if (masked.length > 1) {
		throw notFoundError(`${masked.length} keys of ${name} look like ${mask}`, see)
	}
	const numbered = /^\d{1,6}$/.test(text) ? keys[Number(text)] : undefined
	if (numbered !== undefined) return numbered
	const begun = options.exact ? [] : keys.filter(key => isBeginning(mask, key))
	if (begun.length === 1) return begun[0]!
	if (begun.length > 1) throw notFoundError(`that begins several ids or masks of ${name}`, see)
	const hint = keys.length === 0 ? `${name} has no keys` : see
	throw notFoundError(`${name} has no such key`, hint)
}

/** Of a mask only with its `…`: `sk-` would be a beginning of most. */
function isBeginning(text: string, { id, mask }: ConfigKey): boolean {
	return (text.length > 4 && id.startsWith(text)) || (text.includes('…') && mask.startsWith(text))
}
