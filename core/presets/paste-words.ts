import { looksLike } from './key-guard.ts'

/** A key as it may travel in a header: one word of printable ASCII. */
const oneWord = /^[\x21-\x7e]{3,4096}$/

/** What documentation puts where a key belongs. */
function isPlaceholder(word: string): boolean {
	if (/^(?:\$|%|<)|\.{3}|\*{2}|[x•]{4}|^(?:[a-z]{2,6}[-_])?x{2,}$/i.test(word)) return true
	if (/(?:^|[-_])(?:your|my|insert|replace|enter|paste|example|placeholder|changeme)(?:[-_]|$)/i.test(word))
		return true
	return /^(?:null|none|undefined|true|false|empty|string|bearer|basic|\d{1,9})$/i.test(word)
}

/** Whether a word can be a key where something says that a key comes. */
export function canBeKey(word: string): boolean {
	return oneWord.test(word) && !/^https?:\/\//i.test(word) && !isPlaceholder(word)
}

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
const token = /^eyJ[\w-]{10,2000}\.[\w-]{10,2000}\.[\w-]{0,2000}$/

/** Whether a word by itself looks like a key: by a known beginning, or since no name or model is that jumbled. */
export function isKeyLike(word: string): boolean {
	if (word.length < 12 || !/^[A-Za-z0-9][A-Za-z0-9_.~+=:-]*$/.test(word) || !canBeKey(word)) return false
	if (/^sk-[\w.-]+$/i.test(word) || uuid.test(word) || token.test(word)) return true
	if (looksLike(word) !== undefined) return true
	if (word.length < 20) return false
	return word.split(/[^A-Za-z0-9]/).some(run => run.length >= 16 && /\d/.test(run) && /[A-Za-z]/.test(run))
}

export interface PastedUrl {
	/** Without a pasted endpoint and without keys. */
	baseUrl: string
	/** Keys that stood in its query. */
	keys: string[]
	/** The upstream type whose endpoint it named. */
	type?: string
}

const endpoints: readonly [RegExp, string | undefined][] = [
	[/\/messages(?:\/count_tokens)?$/, 'claude'],
	[/\/chat\/completions$/, 'openai'],
	[/\/responses$/, 'responses'],
	[/\/models\/[^/]{1,200}:(?:streamG|g)enerateContent$/, 'gemini'],
	[/\/(?:models|completions|embeddings)(?:\/[^/]{1,200})?$/, undefined],
]

const maxUrlLength = 2048

/** Undefined for what is no http address. */
export function readUrl(word: string): PastedUrl | undefined {
	const text = word.slice(0, maxUrlLength + 1).replace(/[.,;:!?*~]+$/, '')
	const url = text.length > maxUrlLength ? null : URL.parse(text)
	if (url === null || !/^https?:$/.test(url.protocol) || url.hostname === '') return undefined
	const keys: string[] = []
	const kept = [...url.searchParams].filter(([name, value]) => {
		const isKey = /^(?:key|api_?key|access_token|token)$/i.test(name)
		if (isKey && canBeKey(value)) keys.push(value)
		return !isKey && !/^(?:alt|beta)$/i.test(name)
	})
	const path = url.pathname.replace(/\/{1,20}$/, '')
	const endpoint = endpoints.find(([pattern]) => pattern.test(path))
	const base = endpoint ? path.replace(endpoint[0], '') : path
	const query = kept.length === 0 ? '' : `?${new URLSearchParams(kept)}`
	// A `#` at the end is ours: no version is added.
	const verbatim = text.endsWith('#') ? '#' : ''
	const user = url.username === '' ? '' : `${url.username}${url.password && `:${url.password}`}@`
	return {
		baseUrl: `${url.protocol}//${user}${url.host}${base}${query}${verbatim}`,
		keys,
		...(endpoint?.[1] !== undefined && { type: endpoint[1] }),
	}
}

/** `localhost:11434`, `10.0.0.5:8000/v1`: servers nearby are written without `http://`. */
export function isNearbyServer(word: string): boolean {
	return /^(?:localhost|\d{1,3}(?:\.\d{1,3}){3})(?::\d{1,5}(?:\/\S{0,500})?|\/\S{1,500})$/i.test(word)
}

/** `api.example.com/v1`: only believed where an address is expected, or when the host is known. */
export function isBareHost(word: string): boolean {
	return /^(?:[a-z0-9-]{1,63}\.){1,8}[a-z]{2,24}(?::\d{1,5})?(?:\/[\w./~%-]{0,500})?$/i.test(word)
}
