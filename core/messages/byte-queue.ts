/** Memory grows in small steps, so that little of it lies idle; in larger ones where there is much of it. */
const growth = 1.25
const leastGrowth = 1024
/** So many marks are let go of at a time. */
const spentMarks = 32

const nothing = new Uint8Array()

/**
 * Pieces of bytes that come in at the end and are let go of at the beginning, copied into one piece of memory. To hold on
 * to the chunks of a stream instead costs three times as much: each is a buffer with memory of its own. One object with
 * two lists, since with hundreds of slow streams each object is one more that has to come back into the processor's
 * caches with every delta (docs/performance.md).
 */
export class PieceQueue {
	/** Pieces. */
	count = 0
	/** Bytes. */
	length = 0
	#memory = nothing
	/** Of the first piece, in the memory. */
	#start = 0
	/** Of each piece: its length, and when it came. */
	readonly #marks: number[] = []
	/** Of the first piece, in the marks. */
	#firstMark = 0

	get firstLength(): number {
		return this.#marks[this.#firstMark] ?? 0
	}

	/** @param at when it came, for `readPieces` */
	push(bytes: Uint8Array, at = 0): void {
		if (this.#start + this.length + bytes.length > this.#memory.length)
			this.#makeRoom(this.length + bytes.length)
		this.#memory.set(bytes, this.#start + this.length)
		this.#marks.push(bytes.length, at)
		this.length += bytes.length
		this.count++
	}

	dropFirst(): void {
		const { firstLength } = this
		this.#start += firstLength
		this.length -= firstLength
		this.count--
		this.#firstMark += 2
		if (this.#firstMark < spentMarks && this.count > 0) return
		this.#marks.splice(0, this.#firstMark)
		this.#firstMark = 0
	}

	/** A copy of what came at this place and after it. */
	read(from = 0, to = this.length): Uint8Array {
		return new Uint8Array(this.#memory.subarray(this.#start + from, this.#start + to))
	}

	/** A copy of each piece. */
	readPieces(): { chunk: Uint8Array; at: number }[] {
		const pieces: { chunk: Uint8Array; at: number }[] = []
		let from = 0
		for (let mark = this.#firstMark; mark < this.#marks.length; mark += 2) {
			const to = from + (this.#marks[mark] as number)
			pieces.push({ chunk: this.read(from, to), at: this.#marks[mark + 1] as number })
			from = to
		}
		return pieces
	}

	/** Moves what is kept to the front, and into larger memory where that leaves too little. */
	#makeRoom(least: number): void {
		const old = this.#memory
		const ample = Math.max(this.length + leastGrowth, Math.ceil(this.length * growth))
		if (Math.max(least, ample) <= old.length) old.copyWithin(0, this.#start, this.#start + this.length)
		else {
			this.#memory = new Uint8Array(Math.max(least, ample))
			this.#memory.set(old.subarray(this.#start, this.#start + this.length))
			// At once, and not at some garbage collection.
			if (old !== nothing) old.buffer.transfer(0)
		}
		this.#start = 0
	}
}
