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
 * Keeps the beginning and the end of a body that goes by. It holds on to chunks that exist anyway and copies nothing, so
 * that a stream which ends well costs two array slots per chunk.
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
	#limits: TapeLimits
	/** Slots: one is always free. */
	#ring: number

	constructor(limits: TapeLimits) {
		this.#limits = limits
		this.#ring = limits.pieces + 1
	}

	/** Before anything was pushed. */
	setLimits(limits: TapeLimits): void {
		this.#limits = limits
		this.#ring = limits.pieces + 1
	}

	push(chunk: string | Uint8Array, at: number): void {
		this.length += chunk.length
		if (this.#headLength < this.#limits.head) {
			this.#headLength += chunk.length
			this.#head.push(chunk)
			this.#headTimes.push(at)
			return
		}
		const slot = (this.#first + this.#count) % this.#ring
		this.#tail[slot] = chunk
		this.#tailTimes[slot] = at
		this.#tailLength += chunk.length
		this.#count++
		while (this.#count === this.#ring || (this.#tailLength > this.#limits.tail && this.#count > 1))
			this.#drop()
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
