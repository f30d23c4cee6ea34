import type { Socket } from 'node:net'
import type { HotRequest } from '../routes/entrance.ts'
import type { BodyResult } from './body.ts'
import { ClientSignal } from './client-signal.ts'
import { DirectSink, type SinkUser } from './direct-sink.ts'
import type { PlainHead } from './plain-head.ts'
import type { RequestBody } from './request-body.ts'

/** What an exchange needs of its connection. */
export interface ExchangeConnection {
	readonly socket: Socket
	/** Header lines that tell how the connection goes on after this answer. */
	describe(exchange: ClientExchange): string
	/** Reads on, if it was waiting for somebody to want what comes. */
	goOn(): void
	/** The answer has been written as a whole. */
	answered(exchange: ClientExchange): void
}

/** One request over a connection of ours, and where its answer goes. */
export class ClientExchange implements HotRequest, SinkUser {
	readonly method: string
	readonly path: string
	readonly query: string
	readonly headers: Record<string, string>
	readonly signal = new ClientSignal()
	queueMs?: number
	readonly body: RequestBody
	/** Another request may follow. */
	readonly keepsAlive: boolean
	isAnswered = false
	readonly #connection: ExchangeConnection

	constructor(
		{ method, path, query, headers, keepsAlive }: PlainHead,
		body: RequestBody,
		connection: ExchangeConnection,
	) {
		this.method = method
		this.path = path
		this.query = query
		this.headers = headers
		this.keepsAlive = keepsAlive
		this.body = body
		this.#connection = connection
	}

	readBody(limitBytes: number): Promise<BodyResult> {
		const read = this.body.read(limitBytes)
		this.#connection.goOn()
		return read
	}

	/** @param headers of the answer, beside its own */
	openSink(headers: Record<string, string>): DirectSink {
		return new DirectSink(this.#connection.socket, headers, this)
	}

	describeConnection(): string {
		return this.#connection.describe(this)
	}

	answered(): void {
		this.isAnswered = true
		this.#connection.answered(this)
	}
}
