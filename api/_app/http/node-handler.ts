import type { IncomingMessage as NodeRequest, ServerResponse } from 'node:http'
import type { LeaveSignal } from '../../../core/ports.ts'
import type { BodyResult } from './body.ts'

/**
 * Aborts when the client closes its connection before the answer is complete. An AbortSignal would do, for ten times
 * the memory and time (docs/performance.md).
 */
export function nodeSignal(response: ServerResponse): LeaveSignal {
	const signal = new NodeSignal()
	response.once('close', () => {
		if (!response.writableFinished) signal.abort()
	})
	return signal
}

class NodeSignal implements LeaveSignal {
	aborted = false
	#listeners: (() => void)[] = []

	addEventListener(_: 'abort', listener: () => void): void {
		this.#listeners.push(listener)
	}

	removeEventListener(_: 'abort', listener: () => void): void {
		const at = this.#listeners.indexOf(listener)
		if (at !== -1) this.#listeners.splice(at, 1)
	}

	abort(): void {
		this.aborted = true
		for (const listener of this.#listeners.splice(0)) listener()
	}
}

/** Reads a request's body, at most `limit` bytes of it. */
export function readNodeBody(request: NodeRequest, limit: number): Promise<BodyResult> {
	const declared = Number(request.headers['content-length'] ?? 0)
	if (declared > limit) return Promise.resolve({ problem: 'too-large' })
	return new Promise(resolve => {
		const chunks: Buffer[] = []
		let length = 0
		// The request lives as long as its answer, and its listeners with it. Neither what was read nor the promise that
		// holds it must live so long.
		let settle: ((result: BodyResult) => void) | undefined = resolve
		const finish = (result: BodyResult) => {
			settle?.(result)
			settle = undefined
		}
		request.on('data', (chunk: Buffer) => {
			length += chunk.length
			if (length <= limit) return void chunks.push(chunk)
			request.removeAllListeners('data')
			request.resume()
			finish({ problem: 'too-large' })
		})
		request.on('end', () => {
			const read = chunks.splice(0)
			finish({ body: read.length === 1 ? (read[0] as Buffer) : Buffer.concat(read) })
		})
		request.on('error', () => finish({ problem: 'aborted' }))
		request.on('close', () => finish({ problem: 'aborted' }))
	})
}
