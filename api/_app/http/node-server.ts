import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { errorBody } from '../../../core/messages/errors.ts'
import { corsHeaders } from '../cors.ts'
import { loadLater } from '../load-later.ts'
import type { V1Route } from '../routes/entrance.ts'
import { answerHealth } from '../routes/health.ts'
import { createV1Routes } from '../routes/v1.ts'
import type { AppServices } from '../services.ts'
import { type FindAnswer, FrontServer } from './front-server.ts'
import { nodeSignal, readNodeBody } from './node-handler.ts'
import { nodeSink } from './node-sink.ts'

/**
 * The whole of claude-proxy on one port: the hot path and the health check straight on node:http, and Hono for the rest,
 * which is loaded when something of it is asked for first: with it comes all that Node has for the web's Request and
 * Response.
 * @param adminRoot folder of the admin's build; undefined when there is none
 */
export function createNodeServer(services: AppServices, adminRoot: string | undefined): Server {
	const findV1Route = createV1Routes(services)
	const loadOthers = loadLater(async () => {
		const { createOtherListener } = await import('./other-requests.ts')
		return createOtherListener(services, adminRoot)
	})
	const answerOthers = async (request: IncomingMessage, response: ServerResponse) => {
		try {
			const answer = await loadOthers()
			await answer(request, response)
		} catch (error) {
			services.logger.error({ err: error }, 'a request failed')
			const problem = { type: 'api_error', message: 'the proxy failed on this request' } as const
			if (!response.headersSent) response.writeHead(500, { 'content-type': 'application/json' })
			response.end(JSON.stringify(errorBody(problem, services.proxy.random.id('req'))))
		}
	}
	/** What Hono would answer to exactly this; a health check with more to it is left to Hono, as are its errors. */
	const answerPlainHealth = async (request: IncomingMessage, response: ServerResponse) => {
		const answer = await answerHealth(services, request.headers as Record<string, string>).catch(
			() => undefined,
		)
		if (answer === undefined) return answerOthers(request, response)
		const text = JSON.stringify(answer.body)
		const { status, headers } = answer
		const length = { 'content-length': Buffer.byteLength(text) }
		response.writeHead(status, { ...headers, 'content-type': 'application/json', ...length }).end(text)
	}
	const { HEALTH_CHECK_ENABLED, HEALTH_CHECK_PATH } = services.environment

	const answerV1 = (
		route: V1Route,
		request: IncomingMessage,
		response: ServerResponse,
		{ path, query }: { path: string; query: string },
	) => {
		const headers = request.headers as Record<string, string>
		const common = corsHeaders(services.environment, headers)
		const signal = nodeSignal(response)
		const readBody = (limit: number) => readNodeBody(request, limit)
		const hot = { method: request.method ?? 'GET', path, query, headers, signal, readBody }
		return route(hot, nodeSink(response, common))
	}

	/** Requests that are read by ourselves: those of /v1. */
	const findAnswer: FindAnswer = ({ path }) => {
		const route = findV1Route(path)
		if (!route) return undefined
		return exchange =>
			void route(exchange, exchange.openSink(corsHeaders(services.environment, exchange.headers)))
	}

	const server = new FrontServer(findAnswer, (request, response) => {
		const url = request.url ?? '/'
		const mark = url.indexOf('?')
		const path = mark === -1 ? url : url.slice(0, mark)
		const route = request.method === 'OPTIONS' ? undefined : findV1Route(path)
		if (route)
			void answerV1(route, request, response, { path, query: mark === -1 ? '' : url.slice(mark + 1) })
		else if (HEALTH_CHECK_ENABLED && request.method === 'GET' && url === HEALTH_CHECK_PATH)
			void answerPlainHealth(request, response)
		else void answerOthers(request, response)
	})
	// Time to receive a request; answers may take as long as the upstream gives signs of life (REQUEST_TIMEOUT).
	server.requestTimeout = 300_000
	// Longer than the idle time of usual load balancers, so that they close first.
	server.keepAliveTimeout = 65_000
	server.headersTimeout = 66_000
	return server
}
