import { connect as connectPlain, type OnReadOpts, type Socket } from 'node:net'
import { connect as connectSecure } from 'node:tls'
import type { Place } from './outgoing-request.ts'

/** What a connection tells whoever uses it. */
export interface ConnectionUser {
	connected(): void
	read(bytes: Buffer): void
	/** The other side sends no more. */
	finished(): void
	broke(error: NodeJS.ErrnoException): void
}

/** Idle connections kept per host: enough for a burst, few enough for an upstream's limits. */
const mostIdle = 64
/** TLS sessions that are remembered, one per host. */
const mostSessions = 100
/** A server that closes idle connections after some seconds may do so while a request is on its way. */
const closingMarginMs = 1000
const keepAliveMs = 1000

/**
 * What all connections read into: each read is copied out of it at once, and is as large as what came. Node would set
 * 64 kB aside for every read, and make an ArrayBuffer of its own for every delta of a stream.
 */
const readBuffer = Buffer.allocUnsafeSlow(128 * 1024)

/** Direct connections to upstreams. Those that are idle are kept, and the one used last is taken first. */
export class Connections {
	readonly #hosts = new Map<string, Host>()
	readonly #sessions = new Map<string, Buffer>()

	/** An idle connection, or a new one. */
	take(place: Place, isInsecure: boolean, mustBeNew: boolean): Connection {
		const key = `${place.secure ? (isInsecure ? 'insecure' : 'secure') : 'plain'} ${place.host}`
		const host = this.#hostOf(key)
		return (mustBeNew ? undefined : host.takeIdle()) ?? this.#open(host, place, isInsecure)
	}

	close(): void {
		for (const host of this.#hosts.values()) host.close()
	}

	#hostOf(key: string): Host {
		const known = this.#hosts.get(key)
		if (known) return known
		const host = new Host(key, () => this.#hosts.delete(key))
		this.#hosts.set(key, host)
		return host
	}

	#open(host: Host, place: Place, isInsecure: boolean): Connection {
		const { hostname, port, servername } = place.options
		const to = { host: hostname ?? '', port: Number(port || (place.secure ? 443 : 80)) }
		if (!place.secure) return host.add(onread => connectPlain({ ...to, onread }), 'connect')
		const session = this.#sessions.get(host.key)
		return host.add(onread => {
			const socket = connectSecure({
				...{ ...to, onread, servername, ALPNProtocols: ['http/1.1'], rejectUnauthorized: !isInsecure },
				...(session && { session }),
			})
			socket.on('session', latest => this.#remember(host.key, latest))
			socket.once('error', () => this.#sessions.delete(host.key))
			return socket
		}, 'secureConnect')
	}

	#remember(key: string, session: Buffer): void {
		this.#sessions.delete(key)
		this.#sessions.set(key, session)
		const [oldest] = this.#sessions.keys()
		if (this.#sessions.size > mostSessions && oldest !== undefined) this.#sessions.delete(oldest)
	}
}

class Host {
	readonly key: string
	readonly #open = new Set<Connection>()
	readonly #idle: Connection[] = []
	readonly #onEmpty: () => void

	constructor(key: string, onEmpty: () => void) {
		this.key = key
		this.#onEmpty = onEmpty
	}

	add(open: OpenSocket, connectedEvent: string): Connection {
		const connection = new Connection(this, open, connectedEvent)
		this.#open.add(connection)
		return connection
	}

	takeIdle(): Connection | undefined {
		for (;;) {
			const connection = this.#idle.pop()
			if (connection === undefined || connection.wake()) return connection
		}
	}

	putIdle(connection: Connection): boolean {
		if (this.#idle.length >= mostIdle) return false
		this.#idle.push(connection)
		return true
	}

	remove(connection: Connection): void {
		const at = this.#idle.indexOf(connection)
		if (at !== -1) this.#idle.splice(at, 1)
		this.#open.delete(connection)
		if (this.#open.size === 0) this.#onEmpty()
	}

	close(): void {
		for (const { socket } of this.#open) socket.destroy()
	}
}

type OpenSocket = (onread: OnReadOpts) => Socket

/** A socket and who uses it. It carries one request at a time. */
export class Connection {
	readonly socket: Socket
	/** It has carried a request before. */
	isUsed = false
	readonly #host: Host
	#user: ConnectionUser | undefined
	#idleUntil = 0
	/** Nothing is to be read for now. */
	#isHeld = false
	/** What was read all the same, or was put back. */
	#waiting: Buffer[] = []
	/** Nothing is read: there may be more. */
	#isStopped = false
	#hasEnded = false

	constructor(host: Host, open: OpenSocket, connectedEvent: string) {
		this.#host = host
		const callback = (length: number) => this.#take(length)
		const socket = open({ buffer: readBuffer, callback })
		this.socket = socket
		socket.setNoDelay(true)
		socket.setKeepAlive(true, keepAliveMs)
		socket.once(connectedEvent, () => this.#user?.connected())
		socket.on('end', () => this.#finish())
		socket.on('error', error => this.#leave(error))
		socket.on('close', () => this.#close())
	}

	carry(user: ConnectionUser): void {
		this.#user = user
	}

	/** What comes from now on waits: one more read, and then no more is read. */
	pause(): void {
		this.#isHeld = true
	}

	resume(): void {
		if (!this.#isHeld) return
		this.#isHeld = false
		process.nextTick(handWaiting, this)
	}

	/** Is handed on again, once the user wants to go on. */
	unread(bytes: Buffer): void {
		this.#waiting.unshift(bytes)
		if (!this.#isHeld) process.nextTick(handWaiting, this)
	}

	/** The request is over. The connection is kept if it may be, and closed otherwise. */
	release(mayBeKept: boolean, idleMs: number | undefined): void {
		this.#user = undefined
		const { socket } = this
		const keptMs = idleMs === undefined ? Number.POSITIVE_INFINITY : idleMs - closingMarginMs
		// What was not sent of a request, or came after its answer, would be taken for part of the next one.
		const isEmpty = socket.writableLength === 0 && this.#waiting.length === 0 && !this.#isStopped
		if (!mayBeKept || keptMs <= 0 || !isEmpty || !socket.writable || !socket.readable) return this.close()
		this.isUsed = true
		this.#idleUntil = keptMs === Number.POSITIVE_INFINITY ? keptMs : performance.now() + keptMs
		this.resume()
		socket.unref()
		if (!this.#host.putIdle(this)) this.close()
	}

	/** Nobody listens to it any more. */
	close(): void {
		this.#user = undefined
		this.#waiting = []
		this.socket.destroy()
	}

	/** Whether an idle connection can carry a request. */
	wake(): boolean {
		const { socket } = this
		if (socket.destroyed || !socket.writable || !socket.readable || performance.now() >= this.#idleUntil) {
			socket.destroy()
			return false
		}
		socket.ref()
		return true
	}

	/** Returns whether more is to be read. What TLS has unpacked comes all the same. */
	#take(length: number): boolean {
		const bytes = Buffer.allocUnsafe(length)
		readBuffer.copy(bytes, 0, 0, length)
		if (!this.#isHeld && this.#waiting.length === 0) {
			this.#read(bytes)
			return true
		}
		this.#waiting.push(bytes)
		this.#isStopped = true
		return false
	}

	/** Goes on where it was held back. */
	handWaiting(): void {
		while (!this.#isHeld && this.#waiting.length > 0) this.#read(this.#waiting.shift() as Buffer)
		if (this.#isHeld) return
		if (this.#hasEnded) return this.#finish()
		this.#isStopped = false
		this.socket.resume()
	}

	#read(bytes: Buffer): void {
		if (this.#user) this.#user.read(bytes)
		// Nobody asked.
		else this.socket.destroy()
	}

	#finish(): void {
		this.#hasEnded = true
		if (this.#waiting.length > 0) return
		if (this.#user) this.#user.finished()
		else this.socket.destroy()
	}

	#leave(error: NodeJS.ErrnoException): void {
		const user = this.#user
		this.#user = undefined
		user?.broke(error)
	}

	#close(): void {
		this.#host.remove(this)
		if (this.#hasEnded && this.#waiting.length > 0) return
		this.#leave(Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' }))
	}
}

const handWaiting = (connection: Connection) => connection.handWaiting()
