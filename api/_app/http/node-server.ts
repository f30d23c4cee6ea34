import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import { createApp } from '../app.ts'
import { corsHeaders } from '../cors.ts'
import type { V1Route } from '../routes/entrance.ts'
import { createV1Routes } from '../routes/v1.ts'
import type { AppServices } from '../services.ts'
import { nodeSignal, readNodeBody } from './node-handler.ts'
import { nodeSink } from './node-sink.ts'
import { addStaticFiles } from './static-files.ts'

/**
 * The whole of claude-proxy on one port: the hot path straight on node:http, and Hono for the rest.
 * @param adminRoot folder of the admin's build; undefined when there is none
 */
export function createNodeServer(services: AppServices, adminRoot: string | undefined): Server {
	const findV1Route = createV1Routes(services)
	const app = createApp(services)
	if (adminRoot !== undefined) addStaticFiles(app, adminRoot)
	const answerOthers = getRequestListener(app.fetch, { overrideGlobalObjects: false })

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

	const server = createServer((request, response) => {
		const url = request.url ?? '/'
		const mark = url.indexOf('?')
		const path = mark === -1 ? url : url.slice(0, mark)
		const route = request.method === 'OPTIONS' ? undefined : findV1Route(path)
		if (route)
			void answerV1(route, request, response, { path, query: mark === -1 ? '' : url.slice(mark + 1) })
		else void answerOthers(request, response)
	})
	// Time to receive a request; answers may take as long as the upstream gives signs of life (REQUEST_TIMEOUT).
	server.requestTimeout = 300_000
	// Longer than the idle time of usual load balancers, so that they close first.
	server.keepAliveTimeout = 65_000
	server.headersTimeout = 66_000
	return server
}
