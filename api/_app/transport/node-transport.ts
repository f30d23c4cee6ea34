import {
	type ClientRequest,
	Agent as HttpAgent,
	request as httpRequest,
	type IncomingMessage,
} from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import type { Socket } from 'node:net'
import type { Readable } from 'node:stream'
import { TLSSocket } from 'node:tls'
import type { AnswerHandler, Exchange, Route, Transport } from '../../../core/ports.ts'
import type { OutgoingRequest } from '../../../core/upstreams/contract.ts'
import { decodeBody } from './decode-body.ts'
import { describeFault } from './faults.ts'
import { describeRequest, type Place, readPlace, sendBody } from './outgoing-request.ts'

/** Idle sockets kept per host: enough for a burst, few enough for an upstream's limits. */
const agentOptions = { keepAlive: true, maxFreeSockets: 64, scheduling: 'lifo' } as const

/**
 * Upstream client over node:http(s), the cheapest per request and per chunk (docs/performance.md). Connections are
 * kept alive and pooled per way out: plain, without certificate check, through a proxy.
 */
export function createNodeTransport(
	environment: NodeJS.ProcessEnv = process.env,
): Transport & { close(): void } {
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
		const agent = agentFor(place.secure, route)
		return new NodeExchange(
			{ outgoing, place, agent, route, isDirect: !hasProxy && route.proxyUrl === '' },
			handler,
		)
	}
	return Object.assign(transport, {
		close() {
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

interface ExchangeOptions {
	outgoing: OutgoingRequest
	place: Place
	agent: HttpAgent
	route: Route
	/** No outbound proxy is in between. */
	isDirect: boolean
}

class NodeExchange implements Exchange {
	readonly #options: ExchangeOptions
	readonly #handler: AnswerHandler
	#request: ClientRequest
	#answer: IncomingMessage | undefined
	/** Its body as it is handed on. Holding back the answer alone would leave a decoder unpacking all that it has. */
	#body: Readable | undefined
	#over = false
	#paused = false
	#gathered: Buffer[] = []
	#repeated = false
	#lastSign = performance.now()
	#silence: NodeJS.Timeout

	constructor(options: ExchangeOptions, handler: AnswerHandler) {
		this.#options = options
		this.#handler = handler
		this.#silence = setTimeout(checkSilence, options.route.silenceMs, this)
		this.#request = this.#send()
	}

	abort(): void {
		if (this.#over) return
		this.#finish()
		this.#request.destroy()
	}

	pause(): void {
		this.#paused = true
		this.#body?.pause()
	}

	resume(): void {
		this.#paused = false
		this.#lastSign = performance.now()
		this.#body?.resume()
	}

	#send(): ClientRequest {
		const { outgoing, place, agent, isDirect } = this.#options
		const send = place.secure ? httpsRequest : httpRequest
		const { options, body } = describeRequest(outgoing, place, isDirect)
		const request = send({ ...options, agent })
		if (this.#handler.connected) request.once('socket', socket => this.#watchConnect(request, socket))
		request.on('response', answer => this.#read(answer))
		request.on('error', error => this.#fail(request, error))
		sendBody(request, body)
		return request
	}

	#watchConnect(request: ClientRequest, socket: Socket): void {
		if (request.reusedSocket) return
		const tell = () => {
			if (!this.#over && request === this.#request) this.#handler.connected?.()
		}
		if (socket instanceof TLSSocket && socket.getFinished() === undefined) socket.once('secureConnect', tell)
		else if (socket.connecting) socket.once('connect', tell)
		else tell()
	}

	#read(answer: IncomingMessage): void {
		if (this.#over) return void answer.destroy()
		this.#answer = answer
		this.#lastSign = performance.now()
		const stream = decodeBody(answer)
		this.#body = stream
		stream.on('data', (bytes: Buffer) => this.#gather(bytes))
		stream.on('end', () => this.#end(answer))
		stream.on('error', error => this.#fail(this.#request, error))
		if (stream !== answer) answer.on('error', error => this.#fail(this.#request, error))
		const headers = flattenHeaders(answer.headers)
		// They told of the packed body.
		if (stream !== answer) {
			delete headers['content-length']
			delete headers['content-encoding']
		}
		this.#handler.head(answer.statusCode ?? 502, headers)
		if (this.#paused) stream.pause()
	}

	/** One read from the socket may bring many HTTP chunks: they are handed on together, and leave as one write. */
	#gather(bytes: Buffer): void {
		if (this.#over) return
		if (this.#gathered.push(bytes) === 1) process.nextTick(handOn, this)
	}

	handOn(): void {
		const chunks = this.#gathered
		if (this.#over || chunks.length === 0) return
		this.#gathered = []
		this.#lastSign = performance.now()
		this.#handler.data(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks))
	}

	#end(answer: IncomingMessage): void {
		this.handOn()
		if (this.#over) return
		// `end` also comes when the upstream cut the connection in the middle of a body.
		if (!answer.complete)
			return this.#fail(this.#request, new Error('connection closed in the middle of the answer'))
		this.#finish()
		this.#handler.ended()
	}

	#fail(request: ClientRequest, error: NodeJS.ErrnoException): void {
		if (this.#over || request !== this.#request) return
		this.handOn()
		if (this.#over) return
		// The upstream closed an idle pooled connection just as we used it: nothing was read, so it is sent once more.
		if (request.reusedSocket && !this.#answer && !this.#repeated && isStaleSocket(error)) {
			this.#repeated = true
			this.#request = this.#send()
			return
		}
		this.#finish()
		this.#handler.failed({ class: 'network', message: describeFault(error, this.#options.place.url) })
	}

	/** One timer for the whole exchange: it only looks at when the last sign of life came. */
	checkSilence(): void {
		const { silenceMs } = this.#options.route
		const silent = performance.now() - this.#lastSign
		if (this.#paused || silent < silenceMs) {
			const wait = this.#paused ? silenceMs : silenceMs - silent
			this.#silence = setTimeout(checkSilence, wait, this)
			return
		}
		this.#finish()
		this.#request.destroy()
		const seconds = Math.round(silenceMs / 100) / 10
		this.#handler.failed({ class: 'timeout', message: `the upstream was silent for ${seconds} s` })
	}

	#finish(): void {
		this.#over = true
		clearTimeout(this.#silence)
	}
}

const handOn = (exchange: NodeExchange) => exchange.handOn()
const checkSilence = (exchange: NodeExchange) => exchange.checkSilence()

function isStaleSocket(error: NodeJS.ErrnoException): boolean {
	return error.code === 'ECONNRESET' || error.code === 'EPIPE' || error.message === 'socket hang up'
}

function flattenHeaders(headers: IncomingMessage['headers']): Record<string, string> {
	const flat: Record<string, string> = {}
	for (const name in headers) {
		const value = headers[name]
		if (value !== undefined) flat[name] = typeof value === 'string' ? value : value.join(', ')
	}
	return flat
}
