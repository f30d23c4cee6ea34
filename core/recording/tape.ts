import { PieceQueue } from '../messages/byte-queue.ts'
import { largeBytes } from '../messages/large-bytes.ts'

/** How much of one body is kept, in bytes: its beginning, and its end behind a gap. */
export interface TapeLimits {
	head: number
	tail: number
	/** Most pieces of the end, however small they are: each one has a cost of its own. */
	pieces: number
}

export interface Piece {
	/** Milliseconds since the request arrived. */
	at: number
	chunk: Uint8Array
}

/** What was kept of a body. */
export interface TapeContent {
	head: Piece[]
	/** Behind a gap where `left` is above 0. */
	tail: Piece[]
	/** Length of what lies between. */
	left: number
	/** Of the whole. */
	length: number
}

/** Most answers have no more chunks: those are held on to as they are, and cost nothing. */
const fewChunks = 4

/**
 * Keeps the beginning and the end of a body that goes by. The first few small chunks are held on to as they are; from
 * then on all that is kept is copied: a stream that stays open should hold what is kept of it, and nothing around it.
 */
export class Tape {
	#loose: { at: number; chunk: string | Uint8Array }[] | undefined = []
	readonly #head = new TimedPieces()
	readonly #tail = new TimedPieces()
	#length = 0
	#limits: TapeLimits

	constructor(limits: TapeLimits) {
		this.#limits = limits
	}

	/** Before anything was pushed. */
	setLimits(limits: TapeLimits): void {
		this.#limits = limits
	}

	push(chunk: string | Uint8Array, at: number): void {
		if (this.#loose && this.#loose.length < fewChunks && chunk.length <= largeBytes)
			return void this.#loose.push({ at, chunk })
		this.#copyLoose()
		this.#copy(toBytes(chunk), at)
	}

	read(): TapeContent {
		this.#copyLoose()
		const [head, tail] = [this.#head, this.#tail]
		const left = this.#length - head.queue.length - tail.queue.length
		return { head: head.read(), tail: tail.read(), left, length: this.#length }
	}

	#copyLoose(): void {
		const loose = this.#loose
		this.#loose = undefined
		for (const { chunk, at } of loose ?? []) this.#copy(toBytes(chunk), at)
	}

	#copy(bytes: Uint8Array, at: number): void {
		this.#length += bytes.length
		const room = Math.max(0, this.#limits.head - this.#head.queue.length)
		// An event should not be cut in two.
		if (room > 0 && bytes.length <= largeBytes) return this.#head.push(bytes, at)
		if (room > 0) this.#head.push(bytes.subarray(0, room), at)
		this.#copyEnd(bytes.subarray(room), at)
	}

	#copyEnd(bytes: Uint8Array, at: number): void {
		const { tail, pieces } = this.#limits
		const kept = bytes.length > tail ? bytes.subarray(bytes.length - tail) : bytes
		while (this.#tail.queue.count > 0) {
			const isFull = this.#tail.queue.count >= pieces || this.#tail.queue.length + bytes.length > tail
			if (!isFull) break
			this.#tail.dropFirst()
		}
		if (kept.length > 0) this.#tail.push(kept, at)
	}
}

/** Pieces, and when they came. */
class TimedPieces {
	readonly queue = new PieceQueue()
	readonly #times: number[] = []

	push(bytes: Uint8Array, at: number): void {
		this.queue.push(bytes)
		this.#times.push(at)
	}

	dropFirst(): void {
		this.queue.dropFirst()
		this.#times.shift()
	}

	read(): Piece[] {
		return this.queue.readPieces().map((chunk, index) => ({ at: this.#times[index] as number, chunk }))
	}
}

const encoder = new TextEncoder()
const encoded = new Uint8Array(16 * 1024)

/** Good until the next call. */
function toBytes(chunk: string | Uint8Array): Uint8Array {
	if (typeof chunk !== 'string') return chunk
	// A character has three bytes at most.
	if (chunk.length * 3 > encoded.length) return encoder.encode(chunk)
	return encoded.subarray(0, encoder.encodeInto(chunk, encoded).written)
}
