import { AnswerFault, mostHeadBytes, readAnswerHead } from './answer-head.ts'

/** Hears what an answer consists of. */
export interface AnswerListener {
	/** Wants nothing more for now. */
	readonly isPaused: boolean
	head(status: number, headers: Record<string, string>): void
	/** What one read brought of the body, without what is between chunks. */
	body(bytes: Buffer): void
	/** All of it is here. */
	complete(): void
}

// Where it is: numbers, since framing is looked at byte by byte.
const [head, byLength, untilClose, over] = [0, 1, 2, 3]
const [chunkSize, chunkExtension, chunkSizeFeed, chunk, chunkEnd, chunkEndFeed] = [10, 11, 12, 13, 14, 15]
const [trailers, trailer, trailerFeed, lastFeed] = [20, 21, 22, 23]
const stageOf = { none: over, length: byLength, chunks: chunkSize, rest: untilClose } as const

const [tab, feed, carriage, space, semicolon] = [9, 10, 13, 32, 59]
const blankLine = Buffer.from('\r\n\r\n')
/** Digits of a chunk's size, zeros before it among them. */
const mostDigits = 16
/** What another digit may be put behind: more would be no exact number. */
const mostLeft = 2 ** 48

/**
 * Reads one HTTP/1.1 answer out of the reads of a socket, as strictly as Node's own parser: an answer of which it is
 * doubtful where it ends is refused, and so is a change of the protocol. https://www.rfc-editor.org/rfc/rfc9112
 */
export class AnswerParser {
	/** Another request may go over the connection, once the answer is complete. */
	keepsAlive = false
	/** How long the server keeps an idle connection, ms, where it says so. */
	idleMs: number | undefined
	readonly #listener: AnswerListener
	#stage = head
	#partOfHead = ''
	/** Bytes left of the body or of the chunk. */
	#left = 0
	#digits = 0
	/** Bytes of a chunk's extension and of trailers, which nobody reads. */
	#unread = 0

	constructor(listener: AnswerListener) {
		this.#listener = listener
	}

	/**
	 * Takes what a read brought. The bytes are changed where there are several chunks in them. Returns what is to be
	 * given again later: the listener paused when it heard the head.
	 * @throws AnswerFault
	 */
	read(bytes: Buffer): Buffer | undefined {
		let at = 0
		// The listener may have given their memory back at the end.
		const { length } = bytes
		if (this.#stage === head) {
			do {
				at = this.#readHead(bytes, at)
				if (at === -1) return undefined
			} while (this.#stage === head)
			if (this.#listener.isPaused && at < bytes.length) return bytes.subarray(at)
		}
		if (this.#stage === byLength) at = this.#readLength(bytes, at)
		else if (this.#stage === untilClose) at = this.#handOn(bytes, at, bytes.length)
		else if (this.#stage !== over) at = this.#readChunks(bytes, at)
		if (this.#stage !== over) return undefined
		// Nobody asked for more than one answer: what comes after it is not to be trusted.
		if (at < length) this.keepsAlive = false
		this.#listener.complete()
		return undefined
	}

	/** The connection ended. Returns whether the answer was complete. */
	finish(): boolean {
		if (this.#stage !== untilClose) return this.#stage === over
		this.#stage = over
		this.#listener.complete()
		return true
	}

	/** Returns where the body begins, or -1 while the head is not complete. */
	#readHead(bytes: Buffer, at: number): number {
		const found = this.#partOfHead === '' ? bytes.indexOf(blankLine, at) : -1
		if (found === -1) return this.#readPartOfHead(bytes, at)
		if (found - at > mostHeadBytes) throw new AnswerFault('its head is too long')
		this.#takeHead(bytes.toString('latin1', at, found))
		return found + blankLine.length
	}

	#readPartOfHead(bytes: Buffer, at: number): number {
		const known = this.#partOfHead.length
		const most = mostHeadBytes + blankLine.length - known
		const text = this.#partOfHead + bytes.toString('latin1', at, Math.min(bytes.length, at + most))
		const found = text.indexOf('\r\n\r\n', Math.max(0, known - 3))
		if (found === -1) {
			if (text.length > mostHeadBytes) throw new AnswerFault('its head is too long')
			this.#partOfHead = text
			return -1
		}
		this.#partOfHead = ''
		this.#takeHead(text.slice(0, found))
		return at + found + blankLine.length - known
	}

	#takeHead(text: string): void {
		const { status, headers, body, length, keepsAlive, idleMs } = readAnswerHead(text)
		if (status === 101) throw new AnswerFault('it wants to change the protocol')
		// What only tells of the answer to come.
		if (status < 200) return
		this.#stage = stageOf[body]
		this.#left = body === 'length' ? length : 0
		this.keepsAlive = keepsAlive
		this.idleMs = idleMs
		this.#listener.head(status, headers)
	}

	#readLength(bytes: Buffer, at: number): number {
		const end = Math.min(bytes.length, at + this.#left)
		this.#left -= end - at
		if (this.#left === 0) this.#stage = over
		return this.#handOn(bytes, at, end)
	}

	/** Chunks of one read are moved together, in place. */
	#readChunks(bytes: Buffer, begin: number): number {
		let at = begin
		let from = begin
		let to = begin
		while (at < bytes.length && this.#stage !== over) {
			if (this.#stage !== chunk) {
				this.#readFraming(bytes[at++] as number)
				continue
			}
			const end = Math.min(bytes.length, at + this.#left)
			if (to === from) {
				from = at
				to = end
			} else {
				bytes.copyWithin(to, at, end)
				to += end - at
			}
			this.#left -= end - at
			if (this.#left === 0) this.#stage = chunkEnd
			at = end
		}
		this.#handOn(bytes, from, to)
		return at
	}

	#handOn(bytes: Buffer, from: number, to: number): number {
		if (from < to) this.#listener.body(from === 0 && to === bytes.length ? bytes : bytes.subarray(from, to))
		return to
	}

	/** One byte of what is around chunks: https://www.rfc-editor.org/rfc/rfc9112#section-7.1 */
	#readFraming(byte: number): void {
		switch (this.#stage) {
			case chunkSize:
				return this.#readSize(byte)
			case chunkExtension:
				return byte === carriage ? this.#go(chunkSizeFeed) : this.#skip(byte)
			case chunkSizeFeed:
				return this.#expect(feed, byte, this.#left === 0 ? trailers : chunk)
			case chunkEnd:
				return this.#expect(carriage, byte, chunkEndFeed)
			case chunkEndFeed:
				this.#digits = 0
				this.#unread = 0
				return this.#expect(feed, byte, chunkSize)
			case trailers:
				if (byte === carriage) return this.#go(lastFeed)
				this.#go(trailer)
				return this.#skip(byte)
			case trailer:
				return byte === carriage ? this.#go(trailerFeed) : this.#skip(byte)
			case trailerFeed:
				return this.#expect(feed, byte, trailers)
			default:
				return this.#expect(feed, byte, over)
		}
	}

	#readSize(byte: number): void {
		const digit = hexValue(byte)
		if (digit !== -1) {
			if (++this.#digits > mostDigits || this.#left >= mostLeft) throw new AnswerFault('a chunk is too long')
			this.#left = this.#left * 16 + digit
			return
		}
		if (this.#digits === 0) throw new AnswerFault('a chunk has no size')
		if (byte === carriage) this.#go(chunkSizeFeed)
		else if (byte === semicolon || byte === space || byte === tab) this.#go(chunkExtension)
		else throw new AnswerFault('the size of a chunk is not a number')
	}

	#skip(byte: number): void {
		if (byte === feed) throw new AnswerFault('a line ends wrongly')
		if (++this.#unread > mostHeadBytes) throw new AnswerFault('what comes beside its chunks is too long')
	}

	#expect(expected: number, byte: number, next: number): void {
		if (byte !== expected) throw new AnswerFault('a chunk ends wrongly')
		this.#stage = next
	}

	#go(stage: number): void {
		this.#stage = stage
	}
}

function hexValue(byte: number): number {
	if (byte >= 48 && byte <= 57) return byte - 48
	const letter = byte | 32
	return letter >= 97 && letter <= 102 ? letter - 87 : -1
}
