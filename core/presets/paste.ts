import { looksLike } from './key-guard.ts'
import { type PastedJson, readJsonValues, setOwn, splitJson } from './paste-json.ts'
import { readTypeWord } from './paste-names.ts'
import { type PastedValue, readValues } from './paste-text.ts'
import { canBeKey, isBareHost, isKeyLike, isNearbyServer, type PastedUrl, readUrl } from './paste-words.ts'
import { findPreset, findPresetByUrl, type PresetMatch } from './presets.ts'

/**
 * What told the upstream type: `stated` in words, the `endpoint` in the URL, a `variable`'s name, a `header`'s name, a
 * known service (`preset`), or the look of a `key`.
 */
export type TypeReason = 'stated' | 'endpoint' | 'variable' | 'header' | 'preset' | 'key'

export interface PasteResult {
	baseUrl?: string
	type?: { value: string; why: TypeReason }
	/** Each once, in order. */
	keys: string[]
	modelMap?: Record<string, string>
	name?: string
	/** The id of the preset that it fits. */
	preset?: string
	/** What could not be made sense of: the beginning of it. */
	leftovers: string[]
}

const maxCharacters = 1_000_000
const maxKeys = 1000
const maxUrls = 100
const maxLeftovers = 50

/**
 * Makes an upstream out of whatever was pasted: addresses and keys, shell lines for any shell, settings of Claude Code,
 * a curl command, JSON of the original or of other routers, with text around. Pure, linear, never throws.
 */
export function parsePaste(text: string): PasteResult {
	const gathered = new Gathered()
	const bounded = text.slice(0, maxCharacters)
	const split = splitJson(bounded)
	const json = split && readJsonValues(split.json)
	if (json) gathered.addJson(json)
	for (const value of readValues(split?.around ?? bounded)) gathered.add(value)
	return gathered.conclude()
}

interface FoundUrl extends PastedUrl {
	/** It stood where an address is expected. */
	named: boolean
	match: PresetMatch | undefined
}

class Gathered {
	readonly #keys = new Set<string>()
	readonly #urls: FoundUrl[] = []
	readonly #leftovers = new Set<string>()
	readonly #models: Partial<Record<'opus' | 'sonnet' | 'haiku' | 'main', string>> = {}
	#modelMap: Record<string, string> = {}
	#stated: string | undefined
	#variable: string | undefined
	#header: string | undefined
	#name: string | undefined

	addJson({ values, modelMap, others }: PastedJson): void {
		for (const value of values) this.add(value)
		this.#modelMap = modelMap
		for (const other of others) this.#leave(other)
	}

	add({ name, role, value }: PastedValue): void {
		if (value === '') return
		if (!role) return this.#addWord(value)
		if ('type' in role && role.type !== undefined) this.#noteVendor(name ?? '', role.type)
		switch (role.role) {
			case 'url':
				return this.#addNamedUrl(value)
			case 'key':
				// Lists in one variable: `sk-a,sk-b` came as one JSON string.
				for (const one of value.split(/[\s,;]+/)) if (!this.#addKey(one)) this.#addWord(one)
				return
			case 'model':
				// `[1m]` is for Claude Code: the upstream does not know it.
				this.#models[role.tier] ??= value.replace(/\[[^\]]{0,20}\]$/, '')
				return
			case 'type':
				this.#stated ??= readTypeWord(value)
				return
			case 'name':
				this.#name ??= value.slice(0, 100)
				return
			default:
				if (role.role === 'other') this.#leave(name ?? '')
		}
	}

	/** Variables are written with `_`, headers with `-`. */
	#noteVendor(name: string, type: string): void {
		if (name.includes('-')) this.#header ??= type
		else this.#variable ??= type
	}

	#addNamedUrl(value: string): void {
		const hasScheme = /^https?:\/\//i.test(value)
		const nearby = isNearbyServer(value)
		const text =
			hasScheme || (!nearby && !isBareHost(value)) ? value : `${nearby ? 'http' : 'https'}://${value}`
		if (!this.#addUrl(text, true)) this.#addWord(value)
	}

	#addUrl(text: string, named: boolean): boolean {
		const url = this.#urls.length < maxUrls ? readUrl(text) : undefined
		if (!url) return false
		this.#urls.push({ ...url, named, match: findPresetByUrl(url.baseUrl) })
		for (const key of url.keys) this.#addKey(key)
		return true
	}

	#addKey(value: string): boolean {
		if (!canBeKey(value)) return false
		if (this.#keys.size < maxKeys) this.#keys.add(value)
		return true
	}

	#addWord(value: string): void {
		if (/^https?:\/\//i.test(value) && this.#addUrl(value, false)) return
		if (isNearbyServer(value) && this.#addUrl(`http://${value}`, false)) return
		if (isKeyLike(value)) return void this.#addKey(value)
		const known = isBareHost(value) ? findPresetByUrl(`https://${value}`) : undefined
		if (known && this.#addUrl(`https://${value}`, false)) return
		this.#leave(value)
	}

	#leave(value: string): void {
		if (this.#leftovers.size >= maxLeftovers || shellWords.has(value.toLowerCase())) return
		if (/[\p{L}\p{N}]/u.test(value) && !/^-{1,2}[\w-]+$/.test(value)) this.#leftovers.add(value.slice(0, 100))
	}

	conclude(): PasteResult {
		const keys = [...this.#keys]
		const url = chooseUrl(this.#urls)
		for (const other of this.#urls) if (other !== url) this.#leave(other.baseUrl)
		const match = url?.match ?? matchKeys(url, keys)
		const baseUrl = url ? tidyUrl(url) : match?.endpoint?.baseUrl
		const type = this.#judgeType(url, match)
		const modelMap = this.#buildModelMap()
		const name = this.#name ?? match?.preset.id ?? (url && nameHost(url.baseUrl))
		return {
			...(baseUrl !== undefined && { baseUrl }),
			...(type && { type }),
			keys,
			...(Object.keys(modelMap).length > 0 && { modelMap }),
			...(name !== undefined && { name }),
			...(match && { preset: match.preset.id }),
			leftovers: [...this.#leftovers],
		}
	}

	#judgeType(url: FoundUrl | undefined, match: PresetMatch | undefined): PasteResult['type'] {
		if (this.#stated !== undefined) return { value: this.#stated, why: 'stated' }
		const said = url?.type ?? this.#variable ?? this.#header
		const known = match?.endpoint ?? match?.preset.endpoints[0]
		if (said === undefined) return known && { value: known.type, why: url ? 'preset' : 'key' }
		const why = url?.type !== undefined ? 'endpoint' : this.#variable !== undefined ? 'variable' : 'header'
		if (url?.type === 'responses') return { value: said, why }
		// Who writes `OPENAI_BASE_URL` means one of OpenAI's dialects: which one, the preset knows.
		const fitting = [match?.endpoint, ...(match?.preset.endpoints ?? [])].find(
			endpoint => endpoint && dialectOf(endpoint.type) === dialectOf(said),
		)
		const takesPreset = fitting !== undefined && (url?.type === undefined || fitting.type !== 'responses')
		return { value: takesPreset ? fitting.type : said, why }
	}

	#buildModelMap(): Record<string, string> {
		const { main, ...tiers } = this.#models
		const map: Record<string, string> = {}
		for (const tier of ['opus', 'sonnet', 'haiku'] as const) {
			const model = tiers[tier] ?? main
			if (model !== undefined && isForeignModel(model)) map[tier] = model.slice(0, 200)
		}
		for (const [from, to] of Object.entries(this.#modelMap)) setOwn(map, from, to)
		return map
	}
}

const dialectOf = (type: string) => (/^(?:openai|openaiold|responses)$/.test(type) ? 'openai' : type)

/** Claude's own names need no rule. */
const isForeignModel = (model: string) =>
	/^[\x21-\x7e]+$/.test(model) && !/^(?:claude-|(?:opus|sonnet|haiku|opusplan|default|inherit)$)/i.test(model)

/** The address that is called, not the one where keys are made or the documentation is. */
function chooseUrl(urls: readonly FoundUrl[]): FoundUrl | undefined {
	let best: { url: FoundUrl; rank: number } | undefined
	for (const url of urls) {
		const rank = rankUrl(url)
		if (rank >= 0 && rank > (best?.rank ?? -1)) best = { url, rank }
	}
	return best?.url
}

function rankUrl({ baseUrl, type, named, match }: FoundUrl): number {
	const { host = '', pathname = '' } = URL.parse(baseUrl) ?? {}
	if (named) return 10
	if (type !== undefined) return 8
	if (match?.endpoint) return 7
	if (/^(?:console|platform|docs?|dashboard|www|github|help|status|account)\./.test(host))
		return match ? -1 : 1
	if (/\.(?:md|html?|png|js|json)$|\/(?:docs?|keys?|console|login|register)(?:\/|$)/.test(pathname)) return 0
	return /^api\.|\/v\d/.test(`${host}${pathname}`) ? 5 : 3
}

/** Keys alone may tell whose they are. */
function matchKeys(url: FoundUrl | undefined, keys: readonly string[]): PresetMatch | undefined {
	if (url) return undefined
	const ids = new Set(keys.slice(0, 20).map(key => looksLike(key)?.id))
	const [id, ...others] = ids
	const preset = id === undefined || others.length > 0 ? undefined : findPreset(id)
	const endpoint = preset?.endpoints[0]
	return preset && endpoint && { preset, endpoint }
}

/** The preset's own writing, where it means the same. */
function tidyUrl({ baseUrl, match }: FoundUrl): string {
	const known = match?.endpoint?.baseUrl
	if (known === undefined) return baseUrl
	const rest = baseUrl.slice(known.length)
	return /^(?:\/v\d+)?$/.test(rest) && !known.endsWith('/v1') ? known : baseUrl
}

const secondLevel = new Set(['com', 'net', 'org', 'co', 'edu', 'gov', 'ac'])

/** `https://api.example.com.cn/v1` -> `example`. */
function nameHost(baseUrl: string): string | undefined {
	const host = URL.parse(baseUrl)?.hostname ?? ''
	if (host === '' || /^[\d.]+$|^\[|^localhost$/.test(host)) return host === '' ? undefined : 'local'
	const parts = host.split('.')
	if (parts.length === 1) return host
	const last = secondLevel.has(parts.at(-2) ?? '') && parts.length > 2 ? -3 : -2
	return parts.at(last)
}

const shellWords = new Set(
	'export set setx env curl post get echo content-type application/json bearer accept key keys url user machine'.split(
		' ',
	),
)
