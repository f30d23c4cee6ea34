import type { IncomingMessage } from 'node:http'
import type { Readable, Transform } from 'node:stream'
import { createBrotliDecompress, createGunzip, createInflate, createZstdDecompress } from 'node:zlib'

/** Some upstreams compress although `identity` was asked for. Flushes as it goes, so that streams stay live. */
const decoders: Readonly<Record<string, () => Transform>> = {
	gzip: createGunzip,
	'x-gzip': createGunzip,
	deflate: createInflate,
	br: createBrotliDecompress,
	zstd: createZstdDecompress,
}

/** What unpacks a body; undefined when it is not packed in a way that is known. */
export function createDecoder(encoding: string | undefined): Transform | undefined {
	const name = encoding?.trim().toLowerCase()
	return name !== undefined && Object.hasOwn(decoders, name) ? decoders[name]?.() : undefined
}

/** The answer's body, decompressed if need be. Errors of the answer reach the decoder's stream. */
export function decodeBody(answer: IncomingMessage): Readable {
	const decoder = createDecoder(answer.headers['content-encoding'])
	return decoder ? answer.pipe(decoder) : answer
}
