import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import { createApp } from '../app.ts'
import { corsHeaders } from '../cors.ts'
import { createMessagesRoute, isMessagesPath } from '../routes/messages.ts'
import type { AppServices } from '../services.ts'
import { nodeSignal, nodeSink, readNodeBody } from './node-handler.ts'
import { addStaticFiles } from './static-files.ts'

/**
 * The whole of claude-proxy on one port: the hot path straight on node:http, and Hono for the rest.
 * @param adminRoot folder of the admin's build; undefined when there is none
 */
export function createNodeServer(services: AppServices, adminRoot: string | undefined): Server {
	const answerMessages = createMessagesRoute(services)
	const app = createApp(services)
	if (adminRoot !== undefined) addStaticFiles(app, adminRoot)
	const answerOthers = getRequestListener(app.fetch, { overrideGlobalObjects: false })

	const answerHot = (request: IncomingMessage, response: ServerResponse, path: string, query: string) => {
		const headers = request.headers as Record<string, string>
		const common = corsHeaders(services.environment, headers)
		const signal = nodeSignal(response)
		const readBody = (limit: number) => readNodeBody(request, limit)
		const hot = { method: request.method ?? 'GET', path, query, headers, signal, readBody }
		return answerMessages(hot, nodeSink(response, common))
	}

	const server = createServer((request, response) => {
		const url = request.url ?? '/'
		const mark = url.indexOf('?')
		const path = mark === -1 ? url : url.slice(0, mark)
		if (isMessagesPath(path) && request.method !== 'OPTIONS') {
			void answerHot(request, response, path, mark === -1 ? '' : url.slice(mark + 1))
		} else void answerOthers(request, response)
	})
	// Time to receive a request; answers may take as long as the upstream gives signs of life (REQUEST_TIMEOUT).
	server.requestTimeout = 300_000
	// Longer than the idle time of usual load balancers, so that they close first.
	server.keepAliveTimeout = 65_000
	server.headersTimeout = 66_000
	return server
}
