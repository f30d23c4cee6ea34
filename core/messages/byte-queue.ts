/** Memory grows in small steps, so that little of it lies idle; in larger ones where there is much of it. */
const growth = 1.25
const leastGrowth = 1024

/**
 * Bytes that come in at the end and are let go of at the beginning, copied into one piece of memory. To hold on to the
 * chunks of a stream instead costs three times as much: each is a buffer with memory of its own (docs/performance.md).
 */
export class ByteQueue {
	length = 0
	#memory = new Uint8Array()
	#start = 0

	push(bytes: Uint8Array): void {
		if (this.length + bytes.length > this.#memory.length) this.#grow(this.length + bytes.length)
		const size = this.#memory.length
		const at = (this.#start + this.length) % size || 0
		this.length += bytes.length
		if (at + bytes.length <= size) return this.#memory.set(bytes, at)
		this.#memory.set(bytes.subarray(0, size - at), at)
		this.#memory.set(bytes.subarray(size - at))
	}

	/** Lets go of the first bytes. */
	drop(count: number): void {
		this.length -= count
		this.#start = this.length === 0 ? 0 : (this.#start + count) % this.#memory.length
	}

	/** A copy of what came at this place and after it. */
	read(from = 0, to = this.length): Uint8Array {
		const bytes = new Uint8Array(to - from)
		const begin = this.#start + from
		const size = this.#memory.length
		const first = this.#memory.subarray(begin % size || 0, Math.min(size, (begin % size || 0) + bytes.length))
		bytes.set(first)
		bytes.set(this.#memory.subarray(0, bytes.length - first.length), first.length)
		return bytes
	}

	#grow(least: number): void {
		const old = this.#memory
		const ample = Math.max(old.length + leastGrowth, Math.ceil(old.length * growth))
		const memory = new Uint8Array(Math.max(least, ample))
		const first = Math.min(this.length, old.length - this.#start)
		memory.set(old.subarray(this.#start, this.#start + first))
		memory.set(old.subarray(0, this.length - first), first)
		this.#memory = memory
		this.#start = 0
		// At once, and not at some garbage collection.
		old.buffer.transfer(0)
	}
}

/** Pieces of bytes, each with where it ends. */
export class PieceQueue {
	readonly #bytes = new ByteQueue()
	readonly #lengths: number[] = []

	get count(): number {
		return this.#lengths.length
	}

	get length(): number {
		return this.#bytes.length
	}

	get firstLength(): number {
		return this.#lengths[0] ?? 0
	}

	push(bytes: Uint8Array): void {
		this.#bytes.push(bytes)
		this.#lengths.push(bytes.length)
	}

	dropFirst(): void {
		this.#bytes.drop(this.#lengths.shift() ?? 0)
	}

	/** A copy of what came at this place and after it. */
	read(from?: number, to?: number): Uint8Array {
		return this.#bytes.read(from, to)
	}

	/** A copy of each piece. */
	readPieces(): Uint8Array[] {
		let from = 0
		return this.#lengths.map(length => {
			from += length
			return this.#bytes.read(from - length, from)
		})
	}
}
