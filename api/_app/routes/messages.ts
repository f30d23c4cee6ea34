import type { ResponseSink } from '../../../core/ports.ts'
import { handleMessages } from '../../../core/proxy/handle-messages.ts'
import { createRateLimit } from '../rate-limit.ts'
import type { AppServices } from '../services.ts'
import type { Entrance, V1Route } from './entrance.ts'

/** `POST /v1/messages`: the rate limit, then the proxy itself. */
export function createMessagesRoute(services: AppServices, entrance: Entrance): V1Route {
	const countRequest = createRateLimit(services)
	return (request, sink) =>
		entrance.admit(request, sink, {
			methods: ['POST'],
			async run(requestId) {
				const limits = await countRequest?.(services.accessKeys.proxy)
				const read = await entrance.read(request, requestId)
				if (!read) return
				await handleMessages(
					services.proxy,
					read.incoming,
					read.snapshot,
					limits ? withHeaders(sink, limits) : sink,
				)
			},
		})
}

function withHeaders(sink: ResponseSink, more: Record<string, string>): ResponseSink {
	return { ...sink, head: (status, headers) => sink.head(status, { ...headers, ...more }) }
}
