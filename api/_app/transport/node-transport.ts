import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import type { AnswerHandler, Exchange, Route, Transport } from '../../../core/ports.ts'
import type { OutgoingRequest } from '../../../core/upstreams/contract.ts'
import { Connections } from './connections.ts'
import { DirectExchange } from './direct-exchange.ts'
import { NodeExchange } from './node-exchange.ts'
import { readPlace } from './outgoing-request.ts'
import { writeHead } from './request-head.ts'

/** Idle sockets kept per host: enough for a burst, few enough for an upstream's limits. */
const agentOptions = { keepAlive: true, maxFreeSockets: 64, scheduling: 'lifo' } as const

/**
 * Upstream client. What goes straight to an upstream, which is nearly all, goes over sockets of our own: that costs half
 * of what node:http does (docs/performance.md). Proxies, of the environment or of an upstream, and requests with unusual
 * headers are left to node:http. Connections are kept alive and pooled per way out.
 */
export function createNodeTransport(
	environment: NodeJS.ProcessEnv = process.env,
): Transport & { close(): void } {
	const connections = new Connections()
	const agents = new Map<string, HttpAgent>()
	const agentFor = (secure: boolean, route: Route): HttpAgent => {
		const key = `${secure}|${secure && route.insecureSkipVerify}|${route.proxyUrl}`
		const known = agents.get(key)
		if (known) return known
		const agent = createAgent(secure, route, environment)
		agents.set(key, agent)
		return agent
	}
	const hasProxy = proxyVariables.some(name => environment[name])
	const transport = (outgoing: OutgoingRequest, route: Route, handler: AnswerHandler): Exchange => {
		const place = readPlace(outgoing.url)
		if (!place) return failLater(handler, `"${outgoing.url}" is not a URL`)
		const head = hasProxy || route.proxyUrl !== '' ? undefined : writeHead(outgoing, place)
		if (head !== undefined) return new DirectExchange({ outgoing, head, place, route, connections }, handler)
		const agent = agentFor(place.secure, route)
		return new NodeExchange({ outgoing, place, agent, route }, handler)
	}
	return Object.assign(transport, {
		close() {
			connections.close()
			for (const agent of agents.values()) agent.destroy()
		},
	})
}

const proxyVariables = ['HTTP_PROXY', 'HTTPS_PROXY', 'http_proxy', 'https_proxy']

function createAgent(secure: boolean, route: Route, environment: NodeJS.ProcessEnv): HttpAgent {
	const { proxyUrl } = route
	const proxyEnv = proxyUrl === '' ? environment : { HTTP_PROXY: proxyUrl, HTTPS_PROXY: proxyUrl }
	if (!secure) return new HttpAgent({ ...agentOptions, proxyEnv })
	return new HttpsAgent({ ...agentOptions, proxyEnv, rejectUnauthorized: !route.insecureSkipVerify })
}

function failLater(handler: AnswerHandler, message: string): Exchange {
	let aborted = false
	queueMicrotask(() => {
		if (!aborted) handler.failed({ class: 'network', message })
	})
	const abort = () => {
		aborted = true
	}
	return { abort, pause() {}, resume() {} }
}
