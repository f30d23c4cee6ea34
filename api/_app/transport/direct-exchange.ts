import type { Transform } from 'node:stream'
import type { AnswerHandler, Exchange, Route } from '../../../core/ports.ts'
import type { OutgoingRequest } from '../../../core/upstreams/contract.ts'
import { AnswerFault } from './answer-head.ts'
import { type AnswerListener, AnswerParser } from './answer-parser.ts'
import type { Connection, Connections, ConnectionUser } from './connections.ts'
import { createDecoder } from './decode-body.ts'
import { describeFault, isStaleSocket } from './faults.ts'
import type { Place } from './outgoing-request.ts'
import { sendRequest } from './request-head.ts'
import { SilenceTimer } from './silence-timer.ts'

export interface DirectCall {
	outgoing: OutgoingRequest
	/** What goes before its body (`writeHead`). */
	head: string
	place: Place
	route: Route
	connections: Connections
}

/** One request over a connection of our own, without node:http: that is a fifth of a small request's CPU. */
export class DirectExchange implements Exchange, AnswerListener, ConnectionUser {
	isPaused = false
	/** Until something of the answer is here: it may have to be sent once more. */
	#call: DirectCall | undefined
	readonly #place: Place
	readonly #handler: AnswerHandler
	#connection: Connection | undefined
	#parser: AnswerParser
	#decoder: Transform | undefined
	#over = false
	#wasKept = false
	#repeated = false
	readonly #silence: SilenceTimer

	constructor(call: DirectCall, handler: AnswerHandler) {
		this.#call = call
		this.#place = call.place
		this.#handler = handler
		this.#silence = new SilenceTimer(call.route.silenceMs, fault => {
			this.#finish()
			this.#handler.failed(fault)
		})
		this.#parser = new AnswerParser(this)
		this.#send(call)
	}

	abort(): void {
		if (!this.#over) this.#finish()
	}

	pause(): void {
		this.isPaused = true
		this.#silence.holdBack()
		if (this.#decoder) this.#decoder.pause()
		else this.#connection?.pause()
	}

	resume(): void {
		this.isPaused = false
		this.#silence.goOn()
		if (this.#decoder) this.#decoder.resume()
		else this.#connection?.resume()
	}

	#send({ connections, place, route, head, outgoing }: DirectCall): void {
		const connection = connections.take(place, route.insecureSkipVerify, this.#repeated)
		this.#connection = connection
		this.#wasKept = connection.isUsed
		connection.carry(this)
		if (this.isPaused) connection.pause()
		sendRequest(connection.socket, head, outgoing.body)
	}

	connected(): void {
		this.#handler.connected?.()
	}

	read(bytes: Buffer): void {
		this.#call = undefined
		this.#silence.sign()
		try {
			const rest = this.#parser.read(bytes)
			if (rest) this.#connection?.unread(rest)
		} catch (error) {
			if (!(error instanceof AnswerFault)) throw error
			this.#fail(error)
		}
	}

	finished(): void {
		if (this.#parser.finish()) return
		this.broke(Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' }))
	}

	broke(error: NodeJS.ErrnoException): void {
		this.#connection?.close()
		this.#connection = undefined
		if (this.#over) return
		// The upstream closed an idle connection just as we used it: nothing was read, so it is sent once more.
		if (this.#wasKept && this.#call && !this.#repeated && isStaleSocket(error)) {
			this.#repeated = true
			return this.#send(this.#call)
		}
		this.#fail(error)
	}

	head(status: number, headers: Record<string, string>): void {
		if (this.#over) return
		const decoder = createDecoder(headers['content-encoding'])
		if (decoder) {
			this.#decode(decoder)
			// They told of the packed body.
			delete headers['content-length']
			delete headers['content-encoding']
		}
		this.#handler.head(status, headers)
	}

	body(bytes: Buffer): void {
		if (this.#over) return
		if (!this.#decoder) return this.#handler.data(bytes)
		const connection = this.#connection
		if (this.#decoder.write(bytes)) return
		connection?.pause()
		this.#decoder.once('drain', () => {
			if (this.#connection === connection) connection?.resume()
		})
	}

	complete(): void {
		const { keepsAlive, idleMs } = this.#parser
		const connection = this.#connection
		this.#connection = undefined
		connection?.release(keepsAlive, idleMs)
		if (this.#over) return
		if (this.#decoder) return void this.#decoder.end()
		this.#finish()
		this.#handler.ended()
	}

	#decode(decoder: Transform): void {
		this.#decoder = decoder
		decoder.on('data', (bytes: Buffer) => {
			if (this.#over) return
			this.#silence.sign()
			this.#handler.data(bytes)
		})
		decoder.on('end', () => {
			if (this.#over) return
			this.#finish()
			this.#handler.ended()
		})
		decoder.on('error', error => this.#fail(error))
	}

	#fail(error: NodeJS.ErrnoException): void {
		if (this.#over) return
		this.#finish()
		this.#handler.failed({ class: 'network', message: describeFault(error, this.#place.url) })
	}

	/** What still goes on is given up. */
	#finish(): void {
		this.#over = true
		this.#silence.stop()
		this.#connection?.close()
		this.#connection = undefined
		this.#decoder?.destroy()
	}
}
