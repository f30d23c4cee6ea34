/**
 * Bytes longer than this may be given back as soon as they have left, where their sender says so
 * (`ResponseSink.write`): who wants to look at some of them later keeps a copy.
 */
export const largeBytes = 16 * 1024

/** A copy, for certain: a Buffer's own `slice` shares its memory. */
export const copyBytes = (bytes: Uint8Array, start: number, end?: number): Uint8Array =>
	new Uint8Array(bytes.subarray(start, end))
