import type { IncomingMessage } from 'node:http'
import type { Readable } from 'node:stream'
import { createBrotliDecompress, createGunzip, createInflate, createZstdDecompress } from 'node:zlib'

/** Some upstreams compress although `identity` was asked for. Flushes as it goes, so that streams stay live. */
const decoders: Readonly<Record<string, () => NodeJS.ReadWriteStream>> = {
	gzip: createGunzip,
	'x-gzip': createGunzip,
	deflate: createInflate,
	br: createBrotliDecompress,
	zstd: createZstdDecompress,
}

/** The answer's body, decompressed if need be. Errors of the answer reach the decoder's stream. */
export function decodeBody(answer: IncomingMessage): Readable {
	const encoding = answer.headers['content-encoding']?.trim().toLowerCase()
	const create = encoding === undefined ? undefined : decoders[encoding]
	return create ? (answer.pipe(create()) as NodeJS.ReadWriteStream as unknown as Readable) : answer
}
