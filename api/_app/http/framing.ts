/** Bytes of what is to be sent. */
export const lengthOf = (chunk: string | Uint8Array): number =>
	typeof chunk === 'string' ? Buffer.byteLength(chunk) : chunk.length

/**
 * What is not large leaves as a string: one plain write is cheaper than a vector of buffers, a copy this small free.
 * @param length in bytes
 */
export function toText(
	chunk: string | Uint8Array,
	length: number,
): { text: string; encoding: 'latin1' | 'utf8' } {
	if (typeof chunk !== 'string') return { text: toLatin1(chunk), encoding: 'latin1' }
	// What has as many bytes as characters is ASCII.
	return { text: chunk, encoding: chunk.length === length ? 'latin1' : 'utf8' }
}

/** One chunk: https://www.rfc-editor.org/rfc/rfc9112#section-7.1 */
export const frame = (text: string, length: number): string => `${length.toString(16)}\r\n${text}\r\n`

function toLatin1(chunk: Uint8Array): string {
	const buffer = Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length)
	return buffer.toString('latin1')
}
