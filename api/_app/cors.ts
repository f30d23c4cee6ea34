import type { Environment } from '../../core/config/environment.ts'
import type { HeaderMap } from '../../core/upstreams/contract.ts'

const exposedHeaders =
	'request-id, retry-after, x-should-retry, x-claude-proxy-attempts, x-claude-proxy-token-count, anthropic-ratelimit-requests-limit, anthropic-ratelimit-requests-remaining, anthropic-ratelimit-requests-reset'

const forAll: Record<string, string> = Object.freeze({
	'access-control-allow-origin': '*',
	'access-control-expose-headers': exposedHeaders,
})

/**
 * CORS headers of /v1 and the health check: `*`, one origin, or a comma-separated list of which the matching one is
 * answered. Never with credentials: clients send their key in a header.
 */
export function corsHeaders(environment: Environment, headers: HeaderMap): Record<string, string> {
	const { ENABLE_CORS, CORS_ORIGIN } = environment
	if (!ENABLE_CORS) return {}
	if (CORS_ORIGIN === '*') return forAll
	const allowed = CORS_ORIGIN.split(',').map(origin => origin.trim())
	if (allowed.includes('*')) return forAll
	const origin = headers.origin
	if (!origin || !allowed.includes(origin)) return { vary: 'Origin' }
	return {
		'access-control-allow-origin': origin,
		'access-control-expose-headers': exposedHeaders,
		vary: 'Origin',
	}
}

/** What a preflight is told beyond that: https://fetch.spec.whatwg.org/#cors-preflight-fetch */
export function preflightHeaders(environment: Environment, headers: HeaderMap): Record<string, string> {
	return {
		...corsHeaders(environment, headers),
		'access-control-allow-methods': 'GET, POST, OPTIONS',
		'access-control-allow-headers':
			headers['access-control-request-headers'] ??
			'content-type, x-api-key, authorization, anthropic-version, anthropic-beta',
		'access-control-max-age': '86400',
	}
}
