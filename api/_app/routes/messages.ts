import type { ResponseSink } from '../../../core/ports.ts'
import { handleMessages } from '../../../core/proxy/handle-messages.ts'
import type { ProxyRequest } from '../../../core/proxy/request-scope.ts'
import { logAnswerBody, logRequestBody } from '../log-bodies.ts'
import { createRateLimit } from '../rate-limit/rate-limit.ts'
import type { AppServices } from '../services.ts'
import { readTraceId } from '../telemetry/trace-context.ts'
import { wrapSink } from '../wrap-sink.ts'
import type { Entrance, V1Route } from './entrance.ts'
import { createTurnedAwayLog } from './turned-away.ts'

/** `POST /v1/messages`: the rate limit, then the proxy itself. */
export function createMessagesRoute(services: AppServices, entrance: Entrance): V1Route {
	const countRequest = createRateLimit(services)
	const turnedAway = createTurnedAwayLog(services)
	return (request, sink) =>
		entrance.admit(request, sink, {
			...{ methods: ['POST'], turnedAway },
			async run(requestId) {
				const limits = countRequest && (await countRequest(services.accessKeys.proxy))
				const read = await entrance.read(request, requestId)
				if (!read) return turnedAway(request, requestId, undefined)
				const incoming = withTrace(services, read.incoming)
				const told = limits ? withHeaders(sink, limits) : sink
				// Not awaited: a stream may be open for minutes, and this function with it.
				return handleMessages(services.proxy, incoming, read.snapshot, logBodies(services, incoming, told))
			},
		})
}

/** The trace that the request belongs to: our own span's when there is tracing, else what the client says. */
function withTrace({ observation: { telemetry } }: AppServices, incoming: ProxyRequest): ProxyRequest {
	// Not a copy, which would keep the body that the request lets go of.
	if (telemetry) return Object.assign(incoming, telemetry.begin(incoming))
	const traceId = readTraceId(incoming.headers.traceparent)
	return traceId === undefined ? incoming : Object.assign(incoming, { traceId })
}

function logBodies(services: AppServices, incoming: ProxyRequest, sink: ResponseSink): ResponseSink {
	const { logger, environment } = services
	if (!logger.isLevelEnabled('debug')) return sink
	if (environment.ENABLE_REQUEST_LOGS) logRequestBody(logger, incoming)
	return environment.ENABLE_RESPONSE_LOGS ? logAnswerBody(logger, sink, incoming) : sink
}

function withHeaders(sink: ResponseSink, more: Record<string, string>): ResponseSink {
	return wrapSink(sink, { head: (status, headers) => sink.head(status, { ...headers, ...more }) })
}
