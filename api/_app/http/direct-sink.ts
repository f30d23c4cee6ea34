import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import { largeBytes } from '../../../core/messages/large-bytes.ts'
import type { ResponseSink } from '../../../core/ports.ts'
import { giveBack } from '../memory/give-back.ts'
import { frame, lengthOf, toText } from './framing.ts'

const forbidden = /[^\t\x20-\x7e\x80-\xff]/

/** A sink over a client's socket. Its answer is framed as node:http would, in as few writes as can be. */
export class DirectSink implements ResponseSink {
	readonly #socket: Socket
	readonly #commonHeaders: Record<string, string>
	/** How the connection goes on: header lines of the answer. */
	readonly #connection: string
	readonly #onEnd: () => void
	#status = 0
	#headers: Record<string, string> | undefined
	#bytes = 0
	#framed = false
	#isOver = false

	/**
	 * @param connection lines of the head that tell how the connection goes on
	 * @param onEnd the answer is complete
	 */
	constructor(
		socket: Socket,
		{ headers, connection, onEnd }: { headers: Record<string, string>; connection: string; onEnd(): void },
	) {
		this.#socket = socket
		this.#commonHeaders = headers
		this.#connection = connection
		this.#onEnd = onEnd
	}

	// Content always follows at once, and the head leaves with it in one write.
	head(status: number, headers: Record<string, string>): void {
		this.#status = status
		this.#headers = headers
	}

	write(chunk: string | Uint8Array, isSpent = false): boolean {
		return this.#isOver || this.#send(chunk, this.#writeHead(), isSpent)
	}

	end(chunk: string | Uint8Array = ''): void {
		if (this.#isOver) return
		const head = this.#writeHead(lengthOf(chunk))
		this.#isOver = true
		if (head !== '' || chunk.length > 0) this.#send(chunk, head, false)
		if (this.#framed) this.#socket.write('0\r\n\r\n', 'latin1')
		this.#onEnd()
	}

	abort(): void {
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
		return `${head}Date: ${currentDate()}\r\n${this.#connection}\r\n`
	}

	/** @returns false when the client reads too slowly */
	#send(chunk: string | Uint8Array, head: string, isSpent: boolean): boolean {
		const length = lengthOf(chunk)
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
	if (forbidden.test(value)) throw new TypeError(`the header ${name} has characters that no header may have`)
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
