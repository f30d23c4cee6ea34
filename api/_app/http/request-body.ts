import { largeBytes } from '../../../core/messages/large-bytes.ts'
import { giveBack } from '../memory/give-back.ts'
import type { BodyResult } from './body.ts'

/** So much memory is set aside on a client's word: it may say a lot and send little. */
const mostReserved = 2 * 1024 * 1024

/** So much is read before somebody wants it, as in node:http: a client that leaves meanwhile is noticed. */
const mostAhead = 64 * 1024

const nothing = Buffer.alloc(0)

/** A request's body of a known length. What is large is read from the socket right into its place. */
export class RequestBody {
	readonly length: number
	/** Somebody wants it, or nobody ever will: all of it should be read. */
	isAsked = false
	#memory: Buffer
	#here: number
	#settle: ((result: BodyResult) => void) | undefined
	#isAborted = false

	/** @param start what came of it together with the head; it is copied */
	constructor(length: number, start: Uint8Array) {
		this.length = length
		this.#here = start.length
		// Of what is not all here as little is kept as can be, until somebody wants it.
		this.#memory = start.length === 0 ? nothing : copyInto(start.length, start)
	}

	/** Bytes that are not here yet. */
	get left(): number {
		return this.length - this.#here
	}

	/** More of it should be read for now. */
	get isWanted(): boolean {
		return this.left > 0 && (this.isAsked || this.#here < mostAhead)
	}

	/** All of it, at most `limit` bytes. */
	read(limit: number): Promise<BodyResult> {
		this.isAsked = true
		if (this.#isAborted) return Promise.resolve({ problem: 'aborted' })
		if (this.length > limit) return Promise.resolve({ problem: 'too-large' })
		if (this.left === 0) return Promise.resolve(this.#take())
		return new Promise(resolve => {
			this.#settle = resolve
			this.#grow(Math.min(this.length, mostReserved))
		})
	}

	/** Where the next bytes are to be read to; undefined where it does not matter. */
	get place(): Buffer | undefined {
		return this.#settle && this.#memory.subarray(this.#here)
	}

	/** The next bytes are in their place. */
	arrived(count: number): void {
		this.#here += count
		if (!this.#settle) return
		if (this.left === 0) return this.#finish(this.#take())
		if (this.#here === this.#memory.length) this.#grow(Math.min(this.length, 2 * this.#memory.length))
	}

	/** Takes the next bytes from elsewhere, and returns what is not part of it. */
	add(bytes: Buffer): Buffer {
		const end = Math.min(bytes.length, this.left)
		if (!this.isAsked) this.#grow(this.#here + end)
		for (let from = 0; from < end; ) {
			const place = this.isAsked ? this.place : this.#memory.subarray(this.#here)
			const count = place ? bytes.copy(place, 0, from, end) : end - from
			from += count
			this.arrived(count)
		}
		return bytes.subarray(end)
	}

	/** Nobody wants the rest of it. */
	skip(): void {
		this.isAsked = true
		this.#settle = undefined
	}

	/** Its client has left. */
	abort(): void {
		this.#isAborted = true
		this.#finish({ problem: 'aborted' })
	}

	#take(): BodyResult {
		const body = this.#memory
		this.#memory = nothing
		return { body, giveBack }
	}

	#finish(result: BodyResult): void {
		const settle = this.#settle
		this.#settle = undefined
		settle?.(result)
	}

	#grow(size: number): void {
		const memory = copyInto(size, this.#memory.subarray(0, this.#here))
		giveBack(this.#memory)
		this.#memory = memory
	}
}

/** Memory of its own where it is large, which can be given back. */
function copyInto(size: number, start: Uint8Array): Buffer {
	const memory = size > largeBytes ? Buffer.allocUnsafeSlow(size) : Buffer.allocUnsafe(size)
	memory.set(start)
	return memory
}
