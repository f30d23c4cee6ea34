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
	/** Of the whole body. */
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
	#head: PieceQueue | undefined
	#tail: PieceQueue | undefined
	/** Bytes that the beginning still takes. */
	#headRoom: number
	#length = 0
	#limits: TapeLimits

	constructor(limits: TapeLimits) {
		this.#limits = limits
		this.#headRoom = limits.head
	}

	/** Before anything was pushed. */
	setLimits(limits: TapeLimits): void {
		this.#limits = limits
		this.#headRoom = limits.head
	}

	push(chunk: string | Uint8Array, at: number): void {
		if (this.#loose) {
			if (this.#loose.length < fewChunks && chunk.length <= largeBytes)
				return void this.#loose.push({ at, chunk })
			this.#copyLoose(this.#loose)
		}
		this.#copy(toBytes(chunk), at)
	}

	read(): TapeContent {
		if (this.#loose) this.#copyLoose(this.#loose)
		const left = this.#length - (this.#head?.length ?? 0) - (this.#tail?.length ?? 0)
		const head = this.#head?.readPieces() ?? []
		return { head, tail: this.#tail?.readPieces() ?? [], left, length: this.#length }
	}

	/** Another one that holds the same, and goes on by itself. */
	copy(): Tape {
		const { head, tail, left } = this.read()
		const copy = new Tape(this.#limits)
		copy.#loose = undefined
		for (const { chunk, at } of [...head, ...tail]) copy.#copy(chunk, at)
		copy.#length += left
		return copy
	}

	#copyLoose(loose: readonly { at: number; chunk: string | Uint8Array }[]): void {
		this.#loose = undefined
		for (const { chunk, at } of loose) this.#copy(toBytes(chunk), at)
	}

	#copy(bytes: Uint8Array, at: number): void {
		this.#length += bytes.length
		if (this.#headRoom <= 0) return this.#copyEnd(bytes, at)
		const room = this.#headRoom
		this.#headRoom -= bytes.length
		this.#head ??= new PieceQueue()
		// An event should not be cut in two.
		if (bytes.length <= largeBytes) return this.#head.push(bytes, at)
		this.#head.push(bytes.subarray(0, room), at)
		this.#copyEnd(bytes.subarray(room), at)
	}

	#copyEnd(bytes: Uint8Array, at: number): void {
		const { tail: most, pieces } = this.#limits
		this.#tail ??= new PieceQueue()
		const tail = this.#tail
		while (tail.count > 0 && (tail.count >= pieces || tail.length + bytes.length > most)) tail.dropFirst()
		const kept = bytes.length > most ? bytes.subarray(bytes.length - most) : bytes
		if (kept.length > 0) tail.push(kept, at)
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
