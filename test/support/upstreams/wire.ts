import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises'
import {
	brotliCompressSync,
	constants,
	createBrotliCompress,
	createGzip,
	createZstdCompress,
	gzipSync,
	zstdCompressSync,
} from 'node:zlib'
import type { Delivery } from './script.ts'

type WireOptions = Pick<Delivery, 'bytesPerWrite' | 'cutAfterBytes' | 'encoding' | 'delayMs' | 'gate'>

/** The body of one response: splits, compresses, counts and cuts what is written. */
export interface Wire {
	/** Waits for the gate and the delay, then writes. False when the client or the script ended the connection. */
	send(chunk: string | Uint8Array): Promise<boolean>
	end(): Promise<void>
}

interface Connection {
	response: ServerResponse
	/** Aborts when the connection is gone. */
	signal: AbortSignal
	cut(): void
}

export function createWire({ response, signal, cut }: Connection, options: WireOptions): Wire {
	const limit = options.cutAfterBytes ?? Number.POSITIVE_INFINITY
	let sent = 0
	const squeeze = options.encoding === undefined ? undefined : createCompressor(options.encoding)

	async function writeBytes(bytes: Buffer): Promise<boolean> {
		const size = options.bytesPerWrite ?? bytes.length
		for (let start = 0; start < bytes.length; start += size) {
			const slice = bytes.subarray(start, Math.min(start + size, start + limit - sent))
			sent += slice.length
			if (!(await writeOne(slice))) return false
			if (sent >= limit) {
				await nextTurn()
				cut()
				return false
			}
		}
		return !signal.aborted
	}

	async function writeOne(bytes: Buffer): Promise<boolean> {
		if (signal.aborted) return false
		if (!response.write(bytes)) await once(response, 'drain', { signal }).catch(() => undefined)
		if (options.bytesPerWrite !== undefined) await nextTurn()
		return !signal.aborted
	}

	return {
		async send(chunk) {
			if (options.gate) await options.gate.pass(signal)
			if (options.delayMs) await pause(options.delayMs, undefined, { signal }).catch(() => undefined)
			if (signal.aborted) return false
			const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : Buffer.from(chunk)
			return writeBytes(squeeze ? await squeeze.push(bytes) : bytes)
		},
		async end() {
			if (squeeze) await writeBytes(await squeeze.finish())
			response.end()
		},
	}
}

interface Compressor {
	push(bytes: Buffer): Promise<Buffer>
	finish(): Promise<Buffer>
}

/** Flushes after each chunk, so that every event leaves at once as the vendors' compressed streams do. */
function createCompressor(encoding: NonNullable<Delivery['encoding']>): Compressor {
	const stream = { gzip: createGzip, br: createBrotliCompress, zstd: createZstdCompress }[encoding]()
	const flushKind = {
		gzip: constants.Z_SYNC_FLUSH,
		br: constants.BROTLI_OPERATION_FLUSH,
		zstd: constants.ZSTD_e_flush,
	}[encoding]
	const made: Buffer[] = []
	stream.on('data', (piece: Buffer) => made.push(piece))
	return {
		push(bytes) {
			return new Promise(resolve => {
				stream.write(bytes)
				stream.flush(flushKind, () => resolve(Buffer.concat(made.splice(0))))
			})
		},
		finish() {
			return new Promise(resolve => {
				stream.once('end', () => resolve(Buffer.concat(made.splice(0))))
				stream.end()
			})
		},
	}
}

/** A whole body, compressed at once. */
export function compressWhole(body: Buffer, encoding: Delivery['encoding']): Buffer {
	if (encoding === undefined) return body
	return { gzip: gzipSync, br: brotliCompressSync, zstd: zstdCompressSync }[encoding](body)
}
