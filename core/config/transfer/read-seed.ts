import { type Strategy, strategySchema, type UpstreamConfig } from '../upstream.ts'
import {
	maxKeys,
	maxUpstreams,
	type TransferDocument,
	type TransferKey,
	type TransferUpstream,
} from './document.ts'
import { nameUpstreams } from './name-upstreams.ts'
import {
	isObject,
	type JsonObject,
	readField,
	readSecret,
	readType,
	readWith,
	warnUnknown,
} from './read-fields.ts'
import { formatPath, type Report } from './report.ts'

/**
 * The configuration file of BenedictKing/claude-proxy, of every version: an index says which upstream is current, or,
 * in later ones, a status per upstream; names may be missing. What later versions added and has a place here is taken.
 */
const documentFields = ['upstream', 'currentUpstream', 'loadBalance'] as const
/** Lists of later versions, for endpoints that are not Anthropic's Messages API. */
const otherLists = ['responsesUpstream', 'geminiUpstream', 'chatUpstream', 'imagesUpstream']
/** Settings of those lists and of behaviour that is not a setting here. */
const settledFields = [
	'currentResponsesUpstream',
	'responsesLoadBalance',
	'geminiLoadBalance',
	'fuzzyModeEnabled',
]

const upstreamFields = [
	...['name', 'serviceType', 'baseUrl', 'baseUrls', 'apiKeys', 'disabledApiKeys', 'description', 'website'],
	...['insecureSkipVerify', 'modelMapping', 'customHeaders', 'proxyUrl', 'status', 'priority'],
]

/** Types that went by another name once. */
const formerTypes: Record<string, string> = { oainew: 'openai' }

export function looksLikeSeed(value: unknown): value is JsonObject {
	return isObject(value) && 'upstream' in value
}

export function readSeed(value: JsonObject, types: readonly string[], report: Report): TransferDocument {
	warnUnknown(value, [...documentFields, ...otherLists, ...settledFields], '', report)
	for (const list of otherLists) {
		const upstreams = value[list]
		if (Array.isArray(upstreams) && upstreams.length > 0) {
			report.warn(list, 'left out: these upstreams answer another API than /v1/messages')
		}
	}
	const given = readList(value.upstream, 'upstream', maxUpstreams, report)
	const drafts = given.map((entry, index) => readUpstream(entry, `upstream[${index}]`, types, report))
	const names = nameUpstreams(drafts, report)
	const upstreams = drafts.map(({ path, fields, keys }, index): TransferUpstream => {
		return { path, fields: { ...fields, name: names[index] ?? '' }, keys }
	})
	const strategy = readStrategy(value.loadBalance, report)
	return {
		...{ format: 'seed', keys: 'plain', upstreams },
		current: readCurrent(value.currentUpstream, given, report),
		settings: strategy === undefined ? {} : { strategy },
	}
}

interface Draft {
	path: string
	name: string | undefined
	baseUrl: string
	fields: Omit<TransferUpstream['fields'], 'name'>
	keys: TransferKey[]
}

function readUpstream(given: unknown, path: string, types: readonly string[], report: Report): Draft {
	const empty: Draft = { path, name: undefined, baseUrl: '', fields: { type: '', baseUrl: '' }, keys: [] }
	if (!isObject(given)) {
		report.refuse(path, 'must be an object')
		return empty
	}
	warnUnknown(given, upstreamFields, path, report)
	const keys = readKeys(given, path, report)
	const baseUrl = readField('baseUrl', readBaseUrl(given, path, report), `${path}.baseUrl`, report) ?? ''
	const type =
		readType(formerType(given.serviceType, path, report), types, `${path}.serviceType`, report) ?? ''
	const isBlank = given.name === undefined || given.name === null || given.name === ''
	const name = isBlank ? undefined : readField('name', given.name, `${path}.name`, report)
	const fields = { type, baseUrl, ...readOptional(given, path, report) }
	if (readStatus(given) === 'suspended' && keys.length > 0) fields.enabled = false
	return { path, name, baseUrl, fields, keys }
}

function readOptional(given: JsonObject, path: string, report: Report): Partial<UpstreamConfig> {
	const read = <Field extends keyof UpstreamConfig>(field: Field, name: string, value: unknown) => {
		if (value === undefined || value === null) return {}
		const checked = readField(field, value, `${path}.${name}`, report)
		return checked === undefined ? {} : { [field]: checked }
	}
	return {
		...read('description', 'description', cutDescription(given.description, path, report)),
		...read('website', 'website', readWebsite(given.website, path, report)),
		...read('insecureSkipVerify', 'insecureSkipVerify', given.insecureSkipVerify),
		...read('modelMap', 'modelMapping', readModelMapping(given.modelMapping, path, report)),
		...read('extraHeaders', 'customHeaders', given.customHeaders),
		...read('proxyUrl', 'proxyUrl', readProxyUrl(given.proxyUrl, path, report)),
	}
}

function readKeys(given: JsonObject, path: string, report: Report): TransferKey[] {
	const active = readList(given.apiKeys ?? [], `${path}.apiKeys`, maxKeys, report)
	const entries = active.map((key, index) => ({ key, enabled: undefined, at: `${path}.apiKeys[${index}]` }))
	const disabled = readList(given.disabledApiKeys ?? [], `${path}.disabledApiKeys`, maxKeys, report)
	const paused = disabled.map((entry, index) => ({
		...{ key: isObject(entry) ? entry.key : entry, enabled: false },
		at: `${path}.disabledApiKeys[${index}]`,
	}))
	const keys = new Map<string, TransferKey>()
	for (const { key, enabled, at } of [...entries, ...paused]) {
		if (typeof key === 'string' && key.trim() === '') {
			report.warn(at, 'empty, left out')
			continue
		}
		const secret = readSecret(key, at, report)
		if (secret === undefined) continue
		if (keys.has(secret)) report.warn(at, 'the same key as before, left out')
		else keys.set(secret, { secret, ...(enabled === undefined ? {} : { enabled }) })
	}
	return [...keys.values()]
}

function readBaseUrl(given: JsonObject, path: string, report: Report): unknown {
	const { baseUrl, baseUrls } = given
	const list = Array.isArray(baseUrls) ? baseUrls : []
	const used = typeof baseUrl === 'string' && baseUrl.trim() !== '' ? baseUrl : (list[0] ?? baseUrl)
	if (list.some(url => url !== used)) report.warn(`${path}.baseUrls`, 'an upstream has one base URL here')
	return used
}

function formerType(type: unknown, path: string, report: Report): unknown {
	const now = typeof type === 'string' ? formerTypes[type.trim().toLowerCase()] : undefined
	if (now === undefined) return type
	report.warn(`${path}.serviceType`, `an old name, taken as ${now}`)
	return now
}

function cutDescription(text: unknown, path: string, report: Report): unknown {
	if (typeof text !== 'string' || text.trim().length <= 1000) return text
	report.warn(`${path}.description`, 'cut after 1000 characters')
	return text.trim().slice(0, 1000)
}

/** The original opened whatever stood there; `www.example.com` is meant as a URL. */
function readWebsite(text: unknown, path: string, report: Report): unknown {
	if (typeof text !== 'string' || text.trim() === '') return text
	const candidates = [text.trim(), `https://${text.trim()}`]
	const url = candidates.find(candidate => /^https?:$/.test(URL.parse(candidate)?.protocol ?? ''))
	if (url === undefined) report.warn(`${path}.website`, 'not a web address, left out')
	return url
}

function readProxyUrl(text: unknown, path: string, report: Report): unknown {
	if (typeof text !== 'string' || !/^\s*socks/i.test(text)) return text
	report.warn(`${path}.proxyUrl`, 'left out: only HTTP proxies can be used here')
	return undefined
}

/** The original skipped rules with an empty target, and used rules for every name that contains theirs. */
function readModelMapping(map: unknown, path: string, report: Report): unknown {
	if (!isObject(map)) return map
	const entries = Object.entries(map)
	for (const [from, to] of entries) {
		if (to === '') report.warn(`${path}.${formatPath(['modelMapping', from])}`, 'has no target, left out')
	}
	const isWhole = (from: string) => /\*|^(?:opus|sonnet|haiku)$|^claude-.*\d/i.test(from)
	if (entries.some(([from]) => !isWhole(from))) {
		const advice = 'a rule fits whole model names here; write *part* for every name that contains a part'
		report.warn(`${path}.modelMapping`, advice)
	}
	return Object.fromEntries(entries.filter(([, to]) => to !== ''))
}

function readStrategy(given: unknown, report: Report): Strategy | undefined {
	if (given === undefined || given === null || given === '') return undefined
	return readWith(strategySchema, given, 'loadBalance', report)
}

function readStatus(given: JsonObject): string {
	return typeof given.status === 'string' ? given.status.toLowerCase() : ''
}

/** By index; in later versions by status and priority, where the first one counts when none is active. */
function readCurrent(given: unknown, upstreams: readonly unknown[], report: Report): number | undefined {
	if (upstreams.length === 0) return undefined
	const statuses = upstreams.map(upstream => (isObject(upstream) ? readStatus(upstream) : ''))
	if (given === undefined || given === null) {
		const active = statuses.flatMap((status, index) => (status === 'active' ? [index] : []))
		const priority = (index: number) => Number((upstreams[index] as JsonObject).priority) || index + 1
		return active.sort((a, b) => priority(a) - priority(b))[0] ?? 0
	}
	if (typeof given !== 'number' || !Number.isInteger(given)) {
		report.refuse('currentUpstream', 'must be a whole number')
		return undefined
	}
	if (given >= 0 && given < upstreams.length) return given
	report.warn('currentUpstream', `there is no upstream ${given}, so none is made current`)
	return undefined
}

function readList(given: unknown, path: string, most: number, report: Report): unknown[] {
	if (!Array.isArray(given)) report.refuse(path, 'must be a list')
	else if (given.length > most) report.refuse(path, `holds ${given.length} entries; at most ${most}`)
	else return given
	return []
}
