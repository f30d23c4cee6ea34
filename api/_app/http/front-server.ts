import { type RequestListener, Server } from 'node:http'
import type { Socket } from 'node:net'
import { ClientConnection, type ConnectionOwner } from './client-connection.ts'
import type { ClientExchange } from './client-exchange.ts'
import type { PlainHead } from './plain-head.ts'

/** How often connections are looked at for clients that are silent, ms. */
const lookMs = 5000

/** How a plain request is answered; undefined for one that is node:http's. */
export type FindAnswer = (head: PlainHead) => ((exchange: ClientExchange) => void) | undefined

/**
 * A server of node:http that reads plain requests for certain paths by itself, for half of what node:http takes for them
 * (docs/performance.md). Whatever is unusual about a request, or wrong, leaves its connection to node:http, which reads it
 * anew from its first byte.
 */
export class FrontServer extends Server implements ConnectionOwner {
	readonly findAnswer: FindAnswer
	readonly #connections = new Set<ClientConnection>()
	readonly #serveByNode: (socket: Socket) => void
	#clock: NodeJS.Timeout | undefined

	constructor(findAnswer: FindAnswer, listener: RequestListener) {
		super(listener)
		this.findAnswer = findAnswer
		const [serve] = this.listeners('connection')
		this.#serveByNode = socket => serve?.call(this, socket)
		this.removeAllListeners('connection')
		this.on('connection', accepted => {
			const connection = new ClientConnection(accepted, this)
			if (!connection.isLeft) this.#connections.add(connection)
		})
		this.on('listening', () => {
			this.#clock = setInterval(() => this.#look(), lookMs).unref()
		})
		this.on('close', () => clearInterval(this.#clock))
	}

	mayGoOn(): boolean {
		return this.listening
	}

	describe(keepsAlive: boolean): string {
		if (!keepsAlive || !this.listening) return 'Connection: close\r\n'
		return `Connection: keep-alive\r\nKeep-Alive: timeout=${Math.floor(this.keepAliveTimeout / 1000)}\r\n`
	}

	leaveToNode(socket: Socket): void {
		this.#serveByNode(socket)
	}

	forget(connection: ClientConnection): void {
		this.#connections.delete(connection)
	}

	override closeIdleConnections(): void {
		super.closeIdleConnections()
		for (const connection of this.#connections) if (connection.isIdle) connection.socket.destroy()
	}

	override closeAllConnections(): void {
		super.closeAllConnections()
		for (const { socket } of this.#connections) socket.destroy()
	}

	/** Closes what has waited too long for its client, by the limits that node:http goes by. */
	#look(): void {
		for (const connection of this.#connections) {
			const waitedMs = (connection.look() - 1) * lookMs
			const limitMs = connection.isBusy ? this.requestTimeout : this.keepAliveTimeout
			if (limitMs > 0 && waitedMs >= limitMs) connection.giveUp()
		}
	}
}
