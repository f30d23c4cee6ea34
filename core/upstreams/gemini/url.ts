import { resolveEndpoint } from '../shared/base-url.ts'

const rules = {
	version: '/v1beta',
	// Vertex has it in the middle: `/v1/publishers/google`.
	versionAt: 'anywhere',
	pasted: /\/models(?:\/[^/]*)?$/,
} as const

export type GeminiMethod = 'generateContent' | 'streamGenerateContent' | 'countTokens'

/** The URL of a model's method. A stream is asked for as SSE; without `alt=sse` Gemini sends a JSON array. */
export function methodUrl(baseUrl: string, model: string, method: GeminiMethod): string {
	const query = method === 'streamGenerateContent' ? '?alt=sse' : ''
	return resolveEndpoint(cleanBase(baseUrl), `/${modelPath(model)}:${method}${query}`, rules)
}

export function modelsUrl(baseUrl: string): string {
	return resolveEndpoint(cleanBase(baseUrl), '/models?pageSize=1', rules)
}

export function modelListUrl(baseUrl: string, page?: string): string {
	const token = page === undefined ? '' : `&pageToken=${encodeURIComponent(page)}`
	return resolveEndpoint(cleanBase(baseUrl), `/models?pageSize=1000${token}`, rules)
}

/** `models/<name>`, or `tunedModels/<name>` when asked for. */
export function modelResource(model: string): { collection: string; name: string } {
	const collection = model.startsWith('tunedModels/') ? 'tunedModels' : 'models'
	return { collection, name: model.replace(/^(?:models|tunedModels)\//, '') }
}

/** The name is one path segment, whatever is in it. */
function modelPath(model: string): string {
	const { collection, name } = modelResource(model)
	return `${collection}/${encodeURIComponent(name.toWellFormed())}`
}

/** Google's examples carry the key as `?key=`, and it gets pasted: keys go in a header, never in a URL. */
function cleanBase(baseUrl: string): string {
	const trimmed = baseUrl.trim()
	const at = trimmed.indexOf('?')
	if (at === -1) return trimmed
	const verbatim = trimmed.endsWith('#') ? '#' : ''
	const query = trimmed.slice(at + 1, verbatim ? -1 : undefined)
	const kept = query.split('&').filter(pair => !/^(?:key|alt)(?:=|$)/i.test(pair))
	return trimmed.slice(0, at) + (kept.join('') === '' ? '' : `?${kept.join('&')}`) + verbatim
}
