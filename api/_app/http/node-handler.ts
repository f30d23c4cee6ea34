import type { IncomingMessage as NodeRequest, ServerResponse } from 'node:http'
import { largeBytes } from '../../../core/messages/large-bytes.ts'
import type { LeaveSignal } from '../../../core/ports.ts'
import { giveBack } from '../memory/give-back.ts'
import type { BodyResult } from './body.ts'
import { ClientSignal } from './client-signal.ts'

/** Aborts when the client closes its connection before the answer is complete. */
export function nodeSignal(response: ServerResponse): LeaveSignal {
	const signal = new ClientSignal()
	response.once('close', () => {
		if (!response.writableFinished) signal.abort()
	})
	return signal
}

/** Reads a request's body, at most `limit` bytes of it. */
export function readNodeBody(request: NodeRequest, limit: number): Promise<BodyResult> {
	const declared = Number(request.headers['content-length'] ?? 0)
	// Of a client that has left already nothing would be heard any more.
	if (request.destroyed) return Promise.resolve({ problem: 'aborted' })
	if (declared > limit) return Promise.resolve({ problem: 'too-large' })
	return new Promise(resolve => {
		const gathered = new Gathered(declared)
		// The request lives as long as its answer, and its listeners with it. Neither what was read nor the promise that
		// holds it must live so long.
		let settle: ((result: BodyResult) => void) | undefined = resolve
		const finish = (result: BodyResult) => {
			settle?.(result)
			settle = undefined
		}
		request.on('data', (chunk: Buffer) => {
			if (gathered.length + chunk.length <= limit) return gathered.add(chunk)
			request.removeAllListeners('data')
			request.resume()
			finish({ problem: 'too-large' })
		})
		request.on('end', () => finish({ body: gathered.take(), giveBack }))
		request.on('error', () => finish({ problem: 'aborted' }))
		request.on('close', () => finish({ problem: 'aborted' }))
	})
}

/** Node copies what it read of a body for each chunk; should it ever not, the rest of a read is somebody else's. */
function giveBackWhole(chunk: Buffer): void {
	if (chunk.length === chunk.buffer.byteLength) giveBack(chunk)
}

/** So much memory is set aside on a client's word: it may say a lot and send little. */
const mostReserved = 2 * 1024 * 1024

const nothing = Buffer.alloc(0)

/** The chunks of a body. Those of a large one are put together as they come, and their memory is given back. */
class Gathered {
	length = 0
	readonly #declared: number
	#chunks: Buffer[] = []
	#whole: Buffer | undefined

	/** @param declared length as the client says, or 0 */
	constructor(declared: number) {
		this.#declared = declared
	}

	add(chunk: Buffer): void {
		const at = this.length
		this.length += chunk.length
		const isLarge = this.#declared > largeBytes && this.#declared <= mostReserved
		if (!isLarge) return void this.#chunks.push(chunk)
		this.#whole ??= Buffer.allocUnsafeSlow(this.#declared)
		this.#whole.set(chunk, at)
		giveBackWhole(chunk)
	}

	/** The body, which is not held any longer. */
	take(): Buffer {
		const whole = this.#whole?.subarray(0, this.length)
		const chunks = this.#chunks
		this.#whole = undefined
		this.#chunks = []
		if (whole) return whole
		if (chunks.length <= 1) return chunks[0] ?? nothing
		const body = Buffer.concat(chunks)
		chunks.forEach(giveBackWhole)
		return body
	}
}
