import type { ModelLister, OutgoingRequest, UpstreamTarget } from '../contract.ts'
import { type EndpointRules, resolveEndpoint } from './base-url.ts'
import { writeBody } from './kept-tools.ts'
import { readModelList } from './model-list.ts'

const rules: EndpointRules = {
	version: '/v1',
	versionAt: 'anywhere',
	pasted: /\/(?:chat\/completions|completions|responses|models)$/,
}

/** The URL of one of OpenAI's endpoints, at OpenAI or whoever imitates it. */
export function openAiUrl(baseUrl: string, endpoint: '/chat/completions' | '/responses' | '/models'): string {
	return resolveEndpoint(baseUrl, endpoint, rules)
}

/** The list of models: costs nothing and proves URL and key. */
export function probeModels(target: UpstreamTarget): OutgoingRequest {
	const headers = { accept: 'application/json', ...target.extraHeaders }
	return { method: 'GET', url: openAiUrl(target.baseUrl, '/models'), headers }
}

/** https://platform.openai.com/docs/api-reference/models/list: one page, whatever its length. */
export const openAiModels: ModelLister = { buildRequest: probeModels, readResponse: readModelList }

/** A request with a JSON body. */
export function postJson(
	url: string,
	target: UpstreamTarget,
	stream: boolean,
	body: object,
): OutgoingRequest {
	const headers = {
		'content-type': 'application/json',
		accept: stream ? 'text/event-stream' : 'application/json',
		...target.extraHeaders,
	}
	return { method: 'POST', url, headers, body: writeBody(body) }
}
