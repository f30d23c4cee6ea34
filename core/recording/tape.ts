import { copyBytes, largeBytes } from '../messages/large-bytes.ts'

/** How much of one body is kept, in bytes (of text: characters): its beginning, and its end behind a gap. */
export interface TapeLimits {
	head: number
	tail: number
	/** Most pieces of the end, however small they are: each one has a cost of its own. */
	pieces: number
}

export interface Piece {
	/** Milliseconds since the request arrived. */
	at: number
	chunk: string | Uint8Array
}

/** What was kept of a body. */
export interface TapeContent {
	head: Piece[]
	/** Behind a gap where `left` is above 0. */
	tail: Piece[]
	/** Length of what lies between. */
	left: number
}

/**
 * Keeps the beginning and the end of a body that goes by. It holds on to small chunks, which exist anyway, so that a
 * stream which ends well costs two array slots per chunk. Of large ones, whose memory is given back, it copies what it
 * keeps.
 */
export class Tape {
	/** Length of all that went by. */
	length = 0
	#headLength = 0
	readonly #head: (string | Uint8Array)[] = []
	readonly #headTimes: number[] = []
	/** A ring: `#first` is its oldest piece. */
	#tail: (string | Uint8Array | undefined)[] = []
	#tailTimes: number[] = []
	#first = 0
	#count = 0
	#tailLength = 0
	#end: Uint8Array | undefined
	#limits: TapeLimits
	/** Slots: one is always free. */
	#ring: number

	constructor(limits: TapeLimits) {
		this.#limits = limits
		this.#ring = limits.pieces + 1
	}

	/** Before anything was pushed. */
	setLimits(limits: TapeLimits): void {
		this.#end = undefined
		this.#limits = limits
		this.#ring = limits.pieces + 1
	}

	push(chunk: string | Uint8Array, at: number): void {
		this.length += chunk.length
		if (typeof chunk !== 'string' && chunk.length > largeBytes) return this.#copy(chunk, at)
		if (this.#headLength < this.#limits.head) this.#keepHead(chunk, at)
		else this.#keepTail(chunk, at)
	}

	#copy(chunk: Uint8Array, at: number): void {
		const room = Math.max(0, this.#limits.head - this.#headLength)
		if (room > 0) this.#keepHead(copyBytes(chunk, 0, room), at)
		const rest = Math.min(chunk.length - room, this.#limits.tail)
		if (rest > 0) this.#keepTail(this.#copyEnd(chunk, rest), at)
		else this.#clearTail()
	}

	/** Into the same memory again, where it is what is kept of the end by itself. */
	#copyEnd(chunk: Uint8Array, length: number): Uint8Array {
		if (length < this.#limits.tail) return copyBytes(chunk, -length)
		this.#clearTail()
		this.#end ??= new Uint8Array(length)
		this.#end.set(chunk.subarray(-length))
		return this.#end
	}

	#keepHead(chunk: string | Uint8Array, at: number): void {
		this.#headLength += chunk.length
		this.#head.push(chunk)
		this.#headTimes.push(at)
	}

	#keepTail(chunk: string | Uint8Array, at: number): void {
		const slot = (this.#first + this.#count) % this.#ring
		this.#tail[slot] = chunk
		this.#tailTimes[slot] = at
		this.#tailLength += chunk.length
		this.#count++
		while (this.#count === this.#ring || (this.#tailLength > this.#limits.tail && this.#count > 1))
			this.#drop()
	}

	#clearTail(): void {
		while (this.#count > 0) this.#drop()
	}

	#drop(): void {
		this.#tailLength -= this.#tail[this.#first]?.length ?? 0
		this.#tail[this.#first] = undefined
		this.#first = (this.#first + 1) % this.#ring
		this.#count--
	}

	read(): TapeContent {
		const head = this.#head.map((chunk, index) => ({ chunk, at: this.#headTimes[index] as number }))
		const tail = Array.from({ length: this.#count }, (_, index) => {
			const slot = (this.#first + index) % this.#ring
			return { chunk: this.#tail[slot] as string | Uint8Array, at: this.#tailTimes[slot] as number }
		})
		return { head, tail, left: this.length - this.#headLength - this.#tailLength }
	}
}
