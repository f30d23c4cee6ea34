import type { UpstreamTarget } from '../contract.ts'

/** Each request asks several times for the host of its upstream; upstreams are few. */
const mostKnown = 200
const known = new Map<string, string>()

/** The host of a base URL as people paste it, in lower case; empty when it is no URL. */
export function hostOf(baseUrl: string): string {
	const host = known.get(baseUrl)
	if (host !== undefined) return host
	const found = URL.parse(baseUrl.trim())?.hostname.toLowerCase() ?? ''
	if (known.size >= mostKnown) known.clear()
	known.set(baseUrl, found)
	return found
}

/** OpenAI itself: takes every documented field, which its imitators do not. */
export function isOpenAi(baseUrl: string): boolean {
	const host = hostOf(baseUrl)
	return host === 'api.openai.com' || host.endsWith('.api.openai.com')
}

export function isAzure(baseUrl: string): boolean {
	return /\.(?:openai|services\.ai|cognitiveservices)\.azure\.(?:com|us|cn)$/.test(hostOf(baseUrl))
}

/** `openai/GPT-5.1` (as routers name it) -> `gpt-5.1`. */
export function plainModel(model: string): string {
	return model.slice(model.lastIndexOf('/') + 1).toLowerCase()
}

/** Bearer everywhere but at Azure, whose keys go in `api-key`; its tokens (JWTs) are bearers again. */
export function openAiAuthHeaders(key: string, target: UpstreamTarget): Record<string, string> {
	if (target.authStyle === 'x-api-key') return { 'x-api-key': key }
	const isToken = key.startsWith('eyJ') && key.split('.').length === 3
	if (target.authStyle === 'auto' && isAzure(target.baseUrl) && !isToken) return { 'api-key': key }
	return { authorization: `Bearer ${key}` }
}
