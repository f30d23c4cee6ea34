import type { IncomingMessage as NodeRequest, ServerResponse } from 'node:http'
import type { ResponseSink } from '../../../core/ports.ts'
import type { BodyResult } from './body.ts'

/** A sink over node:http's response. */
export function nodeSink(response: ServerResponse, commonHeaders: Record<string, string>): ResponseSink {
	let bytes = 0
	return {
		// Content always follows at once, and the head leaves with it in one write.
		head: (status, headers) => void response.writeHead(status, { ...commonHeaders, ...headers }),
		write(chunk) {
			bytes += byteLength(chunk)
			return response.write(chunk)
		},
		end(chunk) {
			if (chunk !== undefined) bytes += byteLength(chunk)
			response.end(chunk)
		},
		abort: () => void response.destroy(),
		onDrain: run => void response.once('drain', run),
		bytesOut: () => bytes,
	}
}

const byteLength = (chunk: string | Uint8Array) =>
	typeof chunk === 'string' ? Buffer.byteLength(chunk) : chunk.length

/** Aborts when the client closes its connection before the answer is complete. */
export function nodeSignal(response: ServerResponse): AbortSignal {
	const controller = new AbortController()
	response.once('close', () => {
		if (!response.writableFinished) controller.abort()
	})
	return controller.signal
}

/** Reads a request's body, at most `limit` bytes of it. */
export function readNodeBody(request: NodeRequest, limit: number): Promise<BodyResult> {
	const declared = Number(request.headers['content-length'] ?? 0)
	if (declared > limit) return Promise.resolve({ problem: 'too-large' })
	return new Promise(resolve => {
		const chunks: Buffer[] = []
		let length = 0
		request.on('data', (chunk: Buffer) => {
			length += chunk.length
			if (length <= limit) return void chunks.push(chunk)
			request.removeAllListeners('data')
			request.resume()
			resolve({ problem: 'too-large' })
		})
		request.on('end', () =>
			resolve({ body: chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks) }),
		)
		request.on('error', () => resolve({ problem: 'aborted' }))
		request.on('close', () => resolve({ problem: 'aborted' }))
	})
}
