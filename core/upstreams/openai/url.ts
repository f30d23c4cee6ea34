import { type EndpointRules, resolveEndpoint } from '../shared/base-url.ts'

const rules: EndpointRules = {
	version: '/v1',
	versionAt: 'anywhere',
	pasted: /\/(?:chat\/completions|completions|responses|models)$/,
}

export function chatCompletionsUrl(baseUrl: string): string {
	return resolveEndpoint(baseUrl, '/chat/completions', rules)
}

export function modelsUrl(baseUrl: string): string {
	return resolveEndpoint(baseUrl, '/models', rules)
}
