import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { FrontServer } from '../../api/_app/http/front-server.ts'
import { nodeSignal, readNodeBody } from '../../api/_app/http/node-handler.ts'
import { nodeSink } from '../../api/_app/http/node-sink.ts'
import type { HotRequest } from '../../api/_app/routes/entrance.ts'
import type { ResponseSink } from '../../core/ports.ts'

export type Answer = (request: HotRequest, sink: ResponseSink) => unknown

export interface HttpServer {
	server: Server
	port: number
	/** Who read the requests: the front server, or node:http. */
	readers: ('own' | 'node')[]
	/** Signals of the requests, in their order. */
	signals: HotRequest['signal'][]
	close(): Promise<void>
}

const commonHeaders = { 'x-common': '1' }

/** `own` reads plain requests below /v1 itself, `node` is node:http alone, `fallback` a Node whose sockets have other insides. */
export type ServerKind = 'own' | 'node' | 'fallback'

/** Servers that answer by the same function, whoever reads the request. Start-up may set limits: `prepare`. */
export async function startHttpServer(
	kind: ServerKind,
	answer: Answer,
	prepare: (server: Server) => void = () => {},
): Promise<HttpServer> {
	const readers: HttpServer['readers'] = []
	const signals: HttpServer['signals'] = []
	const run = (reader: 'own' | 'node', request: HotRequest, sink: ResponseSink) => {
		readers.push(reader)
		signals.push(request.signal)
		void answer(request, sink)
	}
	const listener = (request: IncomingMessage, response: ServerResponse) =>
		run('node', toHotRequest(request, response), nodeSink(response, commonHeaders))
	const server =
		kind === 'node'
			? createServer(listener)
			: new FrontServer(({ path }) => {
					if (!path.startsWith('/v1')) return undefined
					return exchange => run('own', exchange, exchange.openSink(commonHeaders))
				}, listener)
	if (kind === 'fallback') server.prependListener('connection', hideInsides)
	server.keepAliveTimeout = 65_000
	prepare(server)
	server.listen(0, '127.0.0.1')
	await once(server, 'listening')
	return {
		...{ server, readers, signals, port: (server.address() as AddressInfo).port },
		async close() {
			server.close().closeAllConnections()
			if (server.listening) await once(server, 'close')
		},
	}
}

function toHotRequest(request: IncomingMessage, response: ServerResponse): HotRequest {
	const [path = '', ...rest] = (request.url ?? '').split('?')
	return {
		...{ method: request.method ?? '', path, query: rest.join('?') },
		headers: request.headers as Record<string, string>,
		signal: nodeSignal(response),
		readBody: limit => readNodeBody(request, limit),
	}
}

function hideInsides(socket: Socket): void {
	const { _handle } = socket as Socket & { _handle: object }
	Object.defineProperty(_handle, 'useUserBuffer', { value: undefined })
}
