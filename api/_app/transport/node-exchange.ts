import {
	type ClientRequest,
	type Agent as HttpAgent,
	request as httpRequest,
	type IncomingMessage,
} from 'node:http'
import { request as httpsRequest } from 'node:https'
import type { Socket } from 'node:net'
import type { Readable } from 'node:stream'
import { TLSSocket } from 'node:tls'
import type { AnswerHandler, Exchange, Route, TransportFault } from '../../../core/ports.ts'
import type { OutgoingRequest } from '../../../core/upstreams/contract.ts'
import { decodeBody } from './decode-body.ts'
import { describeFault, isStaleSocket } from './faults.ts'
import { describeRequest, type Place, sendBody } from './outgoing-request.ts'
import { SilenceTimer } from './silence-timer.ts'

export interface NodeCall {
	outgoing: OutgoingRequest
	place: Place
	agent: HttpAgent
	route: Route
}

/**
 * One request by node:http(s), which knows proxies and all that is unusual; `DirectExchange` does the rest for less.
 */
export class NodeExchange implements Exchange {
	readonly #options: NodeCall
	readonly #handler: AnswerHandler
	#request: ClientRequest
	#answer: IncomingMessage | undefined
	/** Its body as it is handed on. Holding back the answer alone would leave a decoder unpacking all that it has. */
	#body: Readable | undefined
	#over = false
	#paused = false
	#gathered: Buffer[] = []
	#repeated = false
	readonly #silence: SilenceTimer

	constructor(options: NodeCall, handler: AnswerHandler) {
		this.#options = options
		this.#handler = handler
		// Throws where a header is none: no timer may be left behind then.
		this.#request = this.#send()
		this.#silence = new SilenceTimer(options.route.silenceMs, fault => this.#giveUp(fault))
	}

	abort(): void {
		if (this.#over) return
		this.#finish()
		this.#request.destroy()
	}

	pause(): void {
		this.#paused = true
		this.#silence.holdBack()
		this.#body?.pause()
	}

	resume(): void {
		this.#paused = false
		this.#silence.goOn()
		this.#body?.resume()
	}

	#send(): ClientRequest {
		const { outgoing, place, agent } = this.#options
		const send = place.secure ? httpsRequest : httpRequest
		const request = send({ ...describeRequest(outgoing, place), agent })
		if (this.#handler.connected) request.once('socket', socket => this.#watchConnect(request, socket))
		request.on('response', answer => this.#read(answer))
		request.on('error', error => this.#fail(request, error))
		sendBody(request, outgoing.body)
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
		this.#silence.sign()
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
		this.#silence.sign()
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

	#giveUp(fault: TransportFault): void {
		this.#finish()
		this.#request.destroy()
		this.#handler.failed(fault)
	}

	#finish(): void {
		this.#over = true
		this.#silence.stop()
	}
}

const handOn = (exchange: NodeExchange) => exchange.handOn()

function flattenHeaders(headers: IncomingMessage['headers']): Record<string, string> {
	const flat: Record<string, string> = {}
	for (const name in headers) {
		const value = headers[name]
		if (value !== undefined) flat[name] = typeof value === 'string' ? value : value.join(', ')
	}
	return flat
}
