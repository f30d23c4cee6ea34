import type { Clock, Exchange, ResponseSink } from '../ports.ts'
import type { RequestRecording } from '../recording/recorder.ts'
import type { ErrorAnswer } from './errors.ts'

/** Silence after which a stream's client gets a ping, so that nothing on the way takes the connection for dead. */
const pingAfterMs = 15_000

const ping = 'event: ping\ndata: {"type":"ping"}\n\n'

/**
 * The client's side of one request, over all attempts: what was sent so far, back-pressure towards the upstream
 * that is talking, and pings while none does.
 */
export class ClientAnswer {
	/** The status has been sent: errors can only be events from here on. */
	committed = false
	ended = false
	/** The upstream exchange to hold back while the client reads too slowly. */
	exchange: Exchange | undefined
	readonly #sink: ResponseSink
	readonly #clock: Clock
	readonly #recording: RequestRecording | undefined
	#slow = false
	#isStream = false
	#quiet = true
	#stopPings: (() => void) | undefined

	constructor(sink: ResponseSink, clock: Clock, recording?: RequestRecording) {
		this.#sink = sink
		this.#clock = clock
		this.#recording = recording
	}

	commit(status: number, headers: Record<string, string>): void {
		if (this.committed) return
		this.committed = true
		this.#isStream = headers['content-type']?.startsWith('text/event-stream') ?? false
		this.#recording?.answerHead(status, headers)
		this.#sink.head(status, headers)
	}

	/** @param isSpent see ResponseSink */
	write(chunk: string | Uint8Array, isSpent = false): void {
		if (this.ended || chunk.length === 0) return
		this.#quiet = false
		this.#recording?.answerData(chunk)
		if (this.#sink.write(chunk, isSpent) || this.#slow) return
		this.#slow = true
		this.exchange?.pause()
		this.#sink.onDrain(() => {
			this.#slow = false
			this.exchange?.resume()
		})
	}

	/** @param isSpent see ResponseSink */
	end(chunk?: string | Uint8Array, isSpent = false): void {
		if (this.ended) return
		this.ended = true
		this.#stopPings?.()
		if (chunk !== undefined && chunk.length > 0) this.#recording?.answerData(chunk)
		this.#sink.end(chunk, isSpent)
	}

	/** Sends an error as the answer, or as the last event when a stream has begun. */
	sendError(answer: ErrorAnswer, requestId: string): void {
		const body = JSON.stringify(answer.body)
		if (this.committed) return this.end(`event: error\ndata: ${body}\n\n`)
		this.commit(answer.status, {
			'content-type': 'application/json',
			'request-id': requestId,
			...answer.headers,
		})
		this.end(body)
	}

	/**
	 * Ends an answer that has begun: a stream by an error event (after a blank line, since the last event may have been
	 * cut in the middle), anything else by breaking the connection.
	 */
	breakOff(error: { type: string; message: string }): void {
		if (this.#isStream) this.end(`\n\nevent: error\ndata: ${JSON.stringify({ type: 'error', error })}\n\n`)
		else this.abort()
	}

	/** Breaks off an answer that cannot be completed and has no way to say so. */
	abort(): void {
		if (this.ended) return
		this.abandon()
		this.#sink.abort()
	}

	/** Pings whenever nothing was written for a while. `open` commits the answer before the first ping. */
	keepAlive(open: () => void): void {
		const check = () => {
			if (this.ended) return
			if (this.#quiet) {
				open()
				this.write(ping)
			}
			this.#quiet = true
			this.#stopPings = this.#clock.after(pingAfterMs, check)
		}
		this.#stopPings = this.#clock.after(pingAfterMs, check)
	}

	/** Frees the timer when the client has gone. */
	abandon(): void {
		this.ended = true
		this.#stopPings?.()
	}
}
