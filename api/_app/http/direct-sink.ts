import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import { largeBytes } from '../../../core/messages/large-bytes.ts'
import type { ResponseSink } from '../../../core/ports.ts'
import { forbiddenInValue } from '../header-text.ts'
import { giveBack } from '../memory/give-back.ts'
import { frame, lengthOf, toText } from './framing.ts'

/** What a sink asks, and tells, of the connection that it writes to. */
export interface SinkUser {
	/** Lines of the head that tell how the connection goes on. */
	describeConnection(): string
	/** The answer has been written as a whole. */
	answered(): void
}

/** A sink over a client's socket. Its answer is framed as node:http would, in as few writes as can be. */
export class DirectSink implements ResponseSink {
	readonly #socket: Socket
	readonly #commonHeaders: Record<string, string>
	readonly #user: SinkUser
	#status = 0
	#headers: Record<string, string> | undefined
	#bytes = 0
	#framed = false
	#isOver = false

	constructor(socket: Socket, commonHeaders: Record<string, string>, user: SinkUser) {
		this.#socket = socket
		this.#commonHeaders = commonHeaders
		this.#user = user
	}

	// Content always follows at once, and the head leaves with it in one write.
	head(status: number, headers: Record<string, string>): void {
		this.#status = status
		this.#headers = headers
	}

	write(chunk: string | Uint8Array, isSpent = false): boolean {
		return this.#isOver || this.#send(chunk, lengthOf(chunk), this.#writeHead(), isSpent)
	}

	end(chunk: string | Uint8Array = '', isSpent = false): void {
		if (this.#isOver) return
		const length = lengthOf(chunk)
		const head = this.#writeHead(length)
		this.#isOver = true
		if (head !== '' || length > 0) this.#send(chunk, length, head, isSpent)
		if (this.#framed) this.#socket.write('0\r\n\r\n', 'latin1')
		this.#user.answered()
	}

	abort(): void {
		// The connection of an answer that has ended may carry another by now.
		if (this.#isOver) return
		this.#isOver = true
		this.#socket.destroy()
	}

	onDrain(run: () => void): void {
		this.#socket.once('drain', run)
	}

	bytesOut(): number {
		return this.#bytes
	}

	/** @param length of the body, where it is known */
	#writeHead(length?: number): string {
		const own = this.#headers
		if (!own) return ''
		this.#headers = undefined
		let head = `HTTP/1.1 ${this.#status} ${STATUS_CODES[this.#status] ?? 'unknown'}\r\n`
		for (const name in this.#commonHeaders) {
			if (own[name] === undefined) head += headerLine(name, this.#commonHeaders[name] as string)
		}
		for (const name in own) head += headerLine(name, own[name] as string)
		if (own['content-length'] === undefined) {
			this.#framed = length === undefined
			head += this.#framed ? 'transfer-encoding: chunked\r\n' : `content-length: ${length}\r\n`
		}
		return `${head}Date: ${currentDate()}\r\n${this.#user.describeConnection()}\r\n`
	}

	/** @returns false when the client reads too slowly */
	#send(chunk: string | Uint8Array, length: number, head: string, isSpent: boolean): boolean {
		this.#bytes += length
		if (typeof chunk !== 'string' && length > largeBytes) return this.#sendLarge(chunk, head, isSpent)
		const { text, encoding } = toText(chunk, length)
		const framed = this.#framed && length > 0 ? frame(text, length) : text
		if (head === '' || encoding === 'latin1' || Buffer.byteLength(head) === head.length)
			return this.#socket.write(head + framed, encoding)
		// A header beyond ASCII is no UTF-8.
		this.#socket.write(head, 'latin1')
		return this.#socket.write(framed, encoding)
	}

	#sendLarge(chunk: Uint8Array, head: string, isSpent: boolean): boolean {
		const socket = this.#socket
		// Called when the system has the bytes, or never will.
		const left = isSpent ? () => giveBack(chunk) : undefined
		const before = this.#framed ? `${head}${chunk.length.toString(16)}\r\n` : head
		socket.cork()
		if (before !== '') socket.write(before, 'latin1')
		let goesOn = socket.write(chunk, left)
		if (this.#framed) goesOn = socket.write('\r\n', 'latin1')
		socket.uncork()
		return goesOn
	}
}

/** @throws TypeError on what would begin another header */
function headerLine(name: string, value: string): string {
	if (forbiddenInValue.test(value))
		throw new TypeError(`the header ${name} has characters that no header may have`)
	return `${name}: ${value}\r\n`
}

let dateSecond = 0
let date = ''

/** https://www.rfc-editor.org/rfc/rfc9110#section-6.6.1 */
function currentDate(): string {
	const now = Date.now()
	const second = Math.floor(now / 1000)
	if (second !== dateSecond) {
		dateSecond = second
		date = new Date(now).toUTCString()
	}
	return date
}
