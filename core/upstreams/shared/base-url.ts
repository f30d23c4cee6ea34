/**
 * From a base URL as people paste it to the URL that is called.
 *
 * - The version (`/v1`) is added unless the path has one: `https://h` and `https://h/v1` mean the same.
 * - A trailing `#` stops that: `https://h/custom#` calls `https://h/custom/<endpoint>`.
 * - A pasted endpoint (`…/chat/completions`) and trailing slashes are taken off; a query stays.
 */
export interface EndpointRules {
	/** Added when the path has no version: `/v1`. */
	version: string
	/** Where a version segment counts: as the last one only, or anywhere (`…/v1beta/openai`). */
	versionAt: 'end' | 'anywhere'
	/** Endpoint paths that people paste along with the base. */
	pasted: RegExp
}

const versionSegment = /^v\d+(?:[a-z]+\d*)?$/i

export function resolveEndpoint(baseUrl: string, endpoint: string, rules: EndpointRules): string {
	const known = resolved.get(rules)?.get(baseUrl)
	if (known?.endpoint === endpoint) return known.url
	const url = resolve(baseUrl, endpoint, rules)
	// Where a client's model is part of it.
	if (endpoint.length > longestEndpoint) return url
	const ofRules = resolved.get(rules) ?? new Map<string, Resolved>()
	if (ofRules.size >= mostResolved) ofRules.clear()
	resolved.set(rules, ofRules.set(baseUrl, { endpoint, url }))
	return url
}

interface Resolved {
	endpoint: string
	url: string
}

/** What was called last at each base: working it out anew for each request is as dear as converting a short one's messages. */
const resolved = new WeakMap<EndpointRules, Map<string, Resolved>>()
const mostResolved = 200
const longestEndpoint = 300

function resolve(baseUrl: string, endpoint: string, rules: EndpointRules): string {
	const trimmed = baseUrl.trim()
	const verbatim = trimmed.endsWith('#')
	const [location = '', query] = split(verbatim ? trimmed.slice(0, -1) : trimmed, '?')
	const base = location.replace(/\/+$/, '').replace(rules.pasted, '').replace(/\/+$/, '')
	const version = verbatim || hasVersion(base, rules.versionAt) ? '' : rules.version
	const path = `${base}${version}${endpoint}`
	if (query === undefined || query === '') return path
	return `${path}${path.includes('?') ? '&' : '?'}${query}`
}

function hasVersion(base: string, versionAt: EndpointRules['versionAt']): boolean {
	const segments = base
		.replace(/^[a-z]+:\/\//i, '')
		.split('/')
		.slice(1)
	const candidates = versionAt === 'end' ? segments.slice(-1) : segments
	return candidates.some(segment => versionSegment.test(segment))
}

function split(text: string, separator: string): [string, string | undefined] {
	const at = text.indexOf(separator)
	return at === -1 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)]
}
