import { largeBytes } from '../../../core/messages/large-bytes.ts'

/** Writes that the system has not taken yet, and whether their memory is to be given back then. */
interface Writes {
	count: number
	isSpent: boolean
}

const underWay = new WeakMap<ArrayBuffer, Writes>()

/**
 * Gives the memory of large bytes back at once, or once they have been written. V8 notices only at a garbage collection
 * that they are gone, and megabytes that wait for one bring it about (docs/performance.md). Whoever looks at them
 * afterwards finds them empty: nobody's memory is used for another's.
 *
 * Only for bytes that are the caller's alone. Of memory that they share, they have less than half: the pool that Node
 * cuts small buffers out of. That is left alone.
 */
export function giveBack(bytes: Uint8Array): void {
	const { buffer, byteLength } = bytes
	if (byteLength <= largeBytes || byteLength <= buffer.byteLength / 2) return
	if (!(buffer instanceof ArrayBuffer)) return
	const writes = underWay.get(buffer)
	if (writes) writes.isSpent = true
	else buffer.transfer(0)
}

/**
 * Keeps the memory of bytes while the system reads them.
 * @returns for the callback of the write, which comes whether it went well or not
 */
export function holdForWrite({ buffer }: Uint8Array): () => void {
	if (!(buffer instanceof ArrayBuffer)) return () => {}
	const writes = underWay.get(buffer) ?? { count: 0, isSpent: false }
	writes.count++
	underWay.set(buffer, writes)
	return () => {
		if (--writes.count > 0) return
		underWay.delete(buffer)
		if (writes.isSpent) buffer.transfer(0)
	}
}
