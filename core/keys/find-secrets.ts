import { hidden } from '../config/redact.ts'
import { maskKey } from './mask.ts'

/** Where a secret stands in a text, and what is shown in its place. */
export interface FoundSecret {
	start: number
	end: number
	shown: string
}

export type FindSecrets = (text: string) => FoundSecret[]

export interface SecretsToFind {
	/** Looked for wherever they stand, also inside of other words; each costs a pass. */
	few: Iterable<string>
	/** Looked up word by word: as many as there are. */
	many: Iterable<string>
	/** Finds what URLs carry as a key or token, too. */
	queries?: boolean
}

/** Shorter ones are ordinary words, and masking them would garble a text. */
const shortest = 8

const words = /[A-Za-z0-9_-]{8,}/g
const query = /([?&](?:[\w-]*key|[\w-]*token|sig|signature)=)[^&#\s"'\\<>]+/gi
const isWord = (text: string) => /^[A-Za-z0-9_-]+$/.test(text)

/** Keys of well-known vendors are found even when nobody told of them. A token that begins `eyJ` may be a signature. */
const vendorKey =
	/^(?:sk-(?=[\w-]*\d)[\w-]{16,}|AIza[\w-]{20,}|gsk_\w{16,}|nvapi-[\w-]{16,}|xai-\w{16,}|whsec_[\w-]{16,}|ya29[\w-]{20,})$/

/** Finds secrets in texts of any length, JSON among them. Matches come in order and do not overlap. */
export function createSecretFinder({ few, many, queries }: SecretsToFind): FindSecrets {
	const plain = new Map<string, string>()
	const odd = new Map<string, string>()
	const add = (secret: string, everywhere: boolean) => {
		if (secret.length < shortest) return
		const shown = maskKey(secret)
		if (isWord(secret) && !everywhere) plain.set(secret, shown)
		else for (const written of spellings(secret)) odd.set(written, shown)
	}
	for (const secret of many) add(secret, false)
	for (const secret of few) add(secret, true)
	return text => {
		const found = [...findOdd(text, odd), ...findWords(text, plain), ...(queries ? findQueries(text) : [])]
		return dropOverlaps(found.sort((one, other) => one.start - other.start || other.end - one.end))
	}
}

/** As it is, as JSON escapes it, and as URLs do. */
function spellings(secret: string): Set<string> {
	const json = JSON.stringify(secret).slice(1, -1)
	return new Set([secret, json, json.replaceAll('/', '\\/'), encodeURIComponent(secret)])
}

function findOdd(text: string, odd: ReadonlyMap<string, string>): FoundSecret[] {
	const found: FoundSecret[] = []
	for (const [secret, shown] of odd) {
		for (
			let start = text.indexOf(secret);
			start !== -1;
			start = text.indexOf(secret, start + secret.length)
		) {
			found.push({ start, end: start + secret.length, shown })
		}
	}
	return found
}

function findWords(text: string, plain: ReadonlyMap<string, string>): FoundSecret[] {
	const found: FoundSecret[] = []
	for (const { 0: whole, index } of text.matchAll(words)) {
		for (const skipped of possibleEscapes(text, index)) {
			const word = whole.slice(skipped)
			const shown = plain.get(word) ?? (vendorKey.test(word) ? maskKey(word) : undefined)
			if (shown === undefined) continue
			found.push({ start: index + skipped, end: index + whole.length, shown })
			break
		}
	}
	return found
}

/**
 * How many characters of a word may belong to an escape of JSON in front of it (`\nsk-…`, `\u001bsk-…`). In JSON within
 * JSON nobody can tell: all are tried.
 */
export const possibleEscapes = (text: string, start: number): readonly number[] =>
	text[start - 1] === '\\' ? [0, 1, 5] : [0]

/** The values of `key=` and the like. */
function findQueries(text: string): FoundSecret[] {
	return [...text.matchAll(query)].map(({ 0: whole, 1: name = '', index }) => {
		return { start: index + name.length, end: index + whole.length, shown: hidden }
	})
}

/** Of two that overlap, one match covers both: half a secret would be left otherwise. */
function dropOverlaps(sorted: readonly FoundSecret[]): FoundSecret[] {
	const kept: FoundSecret[] = []
	for (const found of sorted) {
		const last = kept.at(-1)
		if (last && found.start < last.end) last.end = Math.max(last.end, found.end)
		else kept.push({ ...found })
	}
	return kept
}

/** The text with each secret as it may be shown. */
export function replaceSecrets(text: string, find: FindSecrets): string {
	const found = find(text)
	if (found.length === 0) return text
	let result = ''
	let from = 0
	for (const { start, end, shown } of found) {
		result += text.slice(from, start) + shown
		from = end
	}
	return result + text.slice(from)
}
