import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { promisify } from 'node:util'
import { brotliCompress, gzip, zstdCompress } from 'node:zlib'
import { expect, test } from 'vitest'
import { createNodeTransport } from './node-transport.ts'

const megabyte = 1024 * 1024
const body = Buffer.alloc(8 * megabyte, 'data: text\n\n')

/** Long enough for whatever is not held back to arrive: decoders work in threads of their own. */
const pauseMs = [300, 30, 30]

/**
 * Compressed, all of it fits into one packet: only the decoder's own back-pressure keeps what was not asked for from
 * being unpacked into memory.
 */
test.each([
	['as it is', 'identity', async (bytes: Buffer) => bytes],
	['compressed with gzip', 'gzip', promisify(gzip)],
	['compressed with br', 'br', promisify<Buffer, Buffer>(brotliCompress)],
	['compressed with zstd', 'zstd', promisify<Buffer, Buffer>(zstdCompress)],
] as const)('what is held back stays where it is: %s', async (_, encoding, compress) => {
	const packed = await compress(body)
	const server = createServer((request, response) => {
		request.resume()
		response.writeHead(200, { 'content-encoding': encoding, 'content-length': packed.length }).end(packed)
	})
	server.listen(0, '127.0.0.1')
	await once(server, 'listening')
	const transport = createNodeTransport({})
	try {
		const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
		let [received, unasked, mostUnasked, holds] = [0, 0, 0, 0]
		let held = false
		await new Promise<void>((resolve, reject) => {
			const exchange = transport(
				{ method: 'GET', url, headers: {} },
				{ insecureSkipVerify: false, proxyUrl: '', silenceMs: 60_000 },
				{
					head() {},
					data(bytes) {
						received += bytes.length
						if (held) {
							unasked += bytes.length
							mostUnasked = Math.max(mostUnasked, unasked)
							return
						}
						held = true
						unasked = 0
						exchange.pause()
						setTimeout(() => {
							held = false
							exchange.resume()
						}, pauseMs[holds++] ?? 0)
					},
					ended: resolve,
					failed: reject,
				},
			)
		})
		expect(received).toBe(body.length)
		expect(mostUnasked).toBeLessThanOrEqual(megabyte / 4)
	} finally {
		transport.close()
		server.close().closeAllConnections()
	}
})
