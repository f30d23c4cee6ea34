import type { Socket } from 'node:net'
import { ClientExchange, type ExchangeConnection } from './client-exchange.ts'
import { readInto, unsentBytes } from './client-socket.ts'
import { findHeadEnd, type PlainHead, readPlainHead } from './plain-head.ts'
import { RequestBody } from './request-body.ts'

/** What a connection needs of its server. */
export interface ConnectionOwner {
	/** How a request is answered; undefined for one that node:http is to answer. */
	findAnswer(head: PlainHead): ((exchange: ClientExchange) => void) | undefined
	/** Another request may follow over a connection that allows it. */
	mayGoOn(): boolean
	/** Header lines that tell how a connection goes on after an answer. */
	describe(keepsAlive: boolean): string
	/** The connection goes on with node:http, beginning with what lies in the socket. */
	leaveToNode(socket: Socket): void
	/** The connection is not ours any more. */
	forget(connection: ClientConnection): void
}

/** What all clients' connections are read into. It is looked at while a read is handed on, and never afterwards. */
const readBuffer = Buffer.allocUnsafeSlow(64 * 1024)

/** Of what comes while a request is answered so much is read: a client that leaves meanwhile is noticed. */
const mostWaiting = readBuffer.length

/**
 * A client's connection, as long as all that comes on it are plain requests for what is answered here, one after the
 * other. With the first that is not, it is left to node:http, and stays there.
 */
export class ClientConnection implements ExchangeConnection {
	readonly socket: Socket
	/** It is node:http's. */
	isLeft = false
	readonly #owner: ConnectionOwner
	#current: ClientExchange | undefined
	/** Came after the request that is being answered. */
	#waiting: Buffer | undefined
	#isStopped = false
	/** Nothing that still comes counts. */
	#isClosing = false
	#quietLooks = 0
	#lastUnsent = 0

	constructor(accepted: Socket, owner: ConnectionOwner) {
		this.#owner = owner
		const socket = readInto(accepted, {
			buffer: () => this.#current?.body.place ?? readBuffer,
			callback: (count, buffer) => this.#take(count, buffer),
		})
		this.socket = socket ?? accepted
		this.socket.on('close', this.#onClose).on('end', this.#onEnd).on('error', ignore)
		if (!socket) this.#leave()
	}

	/** There is neither a request nor an answer under way. */
	get isIdle(): boolean {
		return !this.#current && !this.#waiting && this.socket.writableLength === 0
	}

	/** A request has been begun and not been answered as a whole. */
	get isBusy(): boolean {
		return this.#current !== undefined
	}

	/**
	 * The server's clock looks at it now and then.
	 * @returns for how many looks in a row it has waited for its client: for a request, for the rest of one, or until it
	 * takes something of an answer
	 */
	look(): number {
		this.#quietLooks = this.#isWaitingForClient() ? this.#quietLooks + 1 : 0
		return this.#quietLooks
	}

	/** The client takes too long. */
	giveUp(): void {
		if (!this.#current || this.#current.isAnswered || this.#isClosing) return void this.socket.destroy()
		this.socket.write(timedOut, 'latin1')
		this.#close()
	}

	describe({ keepsAlive }: ClientExchange): string {
		return this.#owner.describe(keepsAlive)
	}

	goOn(): void {
		if (!this.#isStopped || !this.#wantsMore()) return
		this.#isStopped = false
		this.socket.resume()
	}

	answered(exchange: ClientExchange): void {
		if (exchange !== this.#current) return
		exchange.body.skip()
		if (exchange.body.left > 0) this.goOn()
		else this.#next(exchange)
	}

	/** Returns whether more is to be read. */
	#take(count: number, buffer: Uint8Array): boolean {
		if (this.isLeft) return this.socket.push(Buffer.from(buffer.subarray(0, count)))
		if (this.#isClosing) return true
		if (buffer === readBuffer) this.#read(readBuffer.subarray(0, count))
		else this.#current?.body.arrived(count)
		if (this.#current?.isAnswered && this.#current.body.left === 0) this.#next(this.#current)
		this.#isStopped = !this.#wantsMore()
		return !this.#isStopped
	}

	#wantsMore(): boolean {
		if (this.#waiting && this.#waiting.length >= mostWaiting) return false
		const body = this.#current?.body
		return body === undefined || body.left === 0 || body.isWanted
	}

	/** @param bytes are good until this returns */
	#read(bytes: Buffer): void {
		const rest = this.#current ? this.#current.body.add(bytes) : bytes
		if (rest.length === 0) return
		if (!this.#current && !this.#waiting && !this.socket.writableNeedDrain) return this.#begin(rest)
		const isFirst = !this.#waiting
		this.#keep(rest)
		if (isFirst && !this.#current) this.#beginLater()
	}

	#keep(bytes: Buffer): void {
		this.#waiting = this.#waiting ? Buffer.concat([this.#waiting, bytes]) : Buffer.from(bytes)
	}

	/** @param bytes are good until this returns */
	#begin(bytes: Buffer): void {
		const headEnd = findHeadEnd(bytes)
		const head = headEnd === -1 ? undefined : readPlainHead(bytes.toString('latin1', 0, headEnd))
		const answer = head && this.#owner.findAnswer(head)
		if (!answer) {
			this.socket.unshift(Buffer.from(bytes))
			return this.#leave()
		}
		const bodyEnd = Math.min(bytes.length, headEnd + head.length)
		const body = new RequestBody(head.length, bytes.subarray(headEnd, bodyEnd))
		if (bodyEnd < bytes.length) this.#keep(bytes.subarray(bodyEnd))
		this.#current = new ClientExchange(head, body, this)
		answer(this.#current)
	}

	#next(exchange: ClientExchange): void {
		this.#current = undefined
		this.#quietLooks = 0
		if (!exchange.keepsAlive || !this.#owner.mayGoOn()) return this.#close()
		if (this.#waiting) this.#beginLater()
		else this.goOn()
	}

	/** Answers to requests that are sent ahead must not pile up for a client that reads none. */
	#beginLater(): void {
		if (this.socket.writableNeedDrain) this.socket.once('drain', this.#beginWaiting)
		else process.nextTick(this.#beginWaiting)
	}

	readonly #beginWaiting = () => {
		const bytes = this.#waiting
		if (!bytes || this.#current || this.#isClosing || this.socket.destroyed) return
		this.#waiting = undefined
		this.#begin(bytes)
		this.goOn()
	}

	#leave(): void {
		this.isLeft = true
		this.socket.off('close', this.#onClose).off('end', this.#onEnd).off('error', ignore)
		this.#owner.forget(this)
		this.#owner.leaveToNode(this.socket)
	}

	/** The client sends no more. As with node:http, that ends an answer which is not complete. */
	readonly #onEnd = () => this.#close()

	/** Ends it when what was written has left. */
	#close(): void {
		this.#isClosing = true
		this.#waiting = undefined
		this.socket.destroySoon()
	}

	#isWaitingForClient(): boolean {
		if (this.#current && !this.#isClosing) return this.#current.body.isAsked && this.#current.body.left > 0
		const before = this.#lastUnsent
		this.#lastUnsent = unsentBytes(this.socket)
		return this.#lastUnsent === 0 || this.#lastUnsent === before
	}

	readonly #onClose = () => {
		this.#owner.forget(this)
		const exchange = this.#current
		this.#current = undefined
		if (!exchange || exchange.isAnswered) return
		exchange.body.abort()
		exchange.signal.abort()
	}
}

/** As node:http says it. https://www.rfc-editor.org/rfc/rfc9110#section-15.5.9 */
const timedOut = 'HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n'

/** What broke is told by its end. */
const ignore = () => {}
