import { resolveEndpoint } from '../shared/base-url.ts'

const rules = { version: '/v1', versionAt: 'end', pasted: /\/messages(?:\/count_tokens)?$/ } as const

export function messagesUrl(baseUrl: string): string {
	return resolveEndpoint(baseUrl, '/messages', rules)
}

export function countTokensUrl(baseUrl: string): string {
	return resolveEndpoint(baseUrl, '/messages/count_tokens', rules)
}

export function modelsUrl(baseUrl: string): string {
	return resolveEndpoint(baseUrl, '/models', rules)
}
