import type { ResponseSink } from '../../../core/ports.ts'
import { answerProxyError, ProxyError } from '../../../core/proxy/errors.ts'
import { handleMessages } from '../../../core/proxy/handle-messages.ts'
import type { HeaderMap } from '../../../core/upstreams/contract.ts'
import { NoSnapshot } from '../../../db/index.ts'
import { isAuthorized } from '../access-key.ts'
import type { BodyResult } from '../http/body.ts'
import { createRateLimit } from '../rate-limit.ts'
import type { AppServices } from '../services.ts'

/** A request as both adapters (node:http, fetch) see it. The body is read only when the request may come in. */
export interface HotRequest {
	method: string
	path: string
	/** Without `?`. */
	query: string
	headers: HeaderMap
	signal: AbortSignal
	readBody(limitBytes: number): Promise<BodyResult>
}

/** Clients append `/v1/messages` to what they are given, with and without a `/v1` of its own. */
const messagesPaths = new Set(['/v1/messages', '/v1/v1/messages', '/messages'])

export const isMessagesPath = (path: string): boolean => messagesPaths.has(path)

export type MessagesRoute = (request: HotRequest, sink: ResponseSink) => Promise<void>

/** `POST /v1/messages`: who may come in, how many at once, how large; then the proxy itself. */
export function createMessagesRoute(services: AppServices): MessagesRoute {
	const { environment, accessKeys, config, proxy, logger } = services
	const limitBytes = environment.MAX_BODY_MB * 1024 * 1024
	const countRequest = createRateLimit(services)
	let running = 0

	const admit = ({ method, headers }: HotRequest): void => {
		if (method !== 'POST') {
			throw new ProxyError(405, `${method} is not allowed here: use POST`, { headers: { allow: 'POST' } })
		}
		if (!isAuthorized(headers, accessKeys.proxy)) {
			throw new ProxyError(
				401,
				'invalid access key: send the PROXY_ACCESS_KEY as x-api-key or as a Bearer token',
			)
		}
		if (running >= environment.MAX_CONCURRENT_REQUESTS) {
			const message = `more than ${environment.MAX_CONCURRENT_REQUESTS} requests at once: try again shortly`
			throw new ProxyError(529, message, { headers: { 'retry-after': '1' } })
		}
	}

	const answer = async (request: HotRequest, requestId: string, sink: ResponseSink): Promise<void> => {
		// The check of the configuration's age runs while the body comes in.
		const snapshot = config.current()
		if (snapshot instanceof Promise) snapshot.catch(() => {})
		const read = await request.readBody(limitBytes)
		if ('problem' in read) {
			if (read.problem === 'aborted') return
			throw new ProxyError(413, `the request body is larger than ${environment.MAX_BODY_MB} MB (MAX_BODY_MB)`)
		}
		const { method, path, query, headers, signal } = request
		const incoming = { method, path, query, headers, signal, body: read.body, requestId }
		await handleMessages(proxy, incoming, snapshot instanceof Promise ? await snapshot : snapshot, sink)
	}

	return async (request, sink) => {
		const requestId = proxy.random.id('req')
		try {
			admit(request)
			running++
			try {
				const limits = await countRequest?.(accessKeys.proxy)
				await answer(request, requestId, limits ? withHeaders(sink, limits) : sink)
			} finally {
				running--
			}
		} catch (error) {
			const known = toProxyError(error)
			if (known.status === 500)
				logger.error({ id: requestId, err: error }, 'the proxy failed on this request')
			const { status, headers, body } = answerProxyError(known, requestId)
			sink.head(status, { 'content-type': 'application/json', 'request-id': requestId, ...headers })
			sink.end(JSON.stringify(body))
		}
	}
}

function toProxyError(error: unknown): ProxyError {
	if (error instanceof ProxyError) return error
	if (error instanceof NoSnapshot) {
		const message = 'the database cannot be reached and the configuration was never read: try again shortly'
		return new ProxyError(503, message, { headers: { 'retry-after': '5' } })
	}
	return new ProxyError(500, 'the proxy failed on this request')
}

function withHeaders(sink: ResponseSink, more: Record<string, string>): ResponseSink {
	return { ...sink, head: (status, headers) => sink.head(status, { ...headers, ...more }) }
}
