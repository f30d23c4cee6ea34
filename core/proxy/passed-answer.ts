import { errorBody, statusForErrorType } from '../messages/errors.ts'
import { beginsJson, readEventStream, toEventStream } from '../messages/other-form.ts'
import type { HeaderMap, PassThroughAdapter, UpstreamFailure } from '../upstreams/contract.ts'
import {
	type AnswerEvents,
	type AnswerReader,
	type AnswerReading,
	type CreateAnswerReader,
	concatenate,
	maxAnswerBytes,
	sseHeaders,
} from './answer-reader.ts'
import type { ClientAnswer } from './client-answer.ts'

/** Upstream headers that mean something to a client. */
const passedHeaders = /^(?:content-type|retry-after|anthropic-.+)$/

/** JSON answers up to this size are sent once they are whole: in one write, and another key can take over until then. */
const wholeBytes = 64 * 1024

/** Readers for an upstream that speaks Anthropic's dialect: its bytes are the answer. */
export function passAnswer(
	adapter: PassThroughAdapter,
	client: ClientAnswer,
	options: { stream: boolean; headers: Record<string, string> },
): CreateAnswerReader {
	return events => new PassedAnswer(adapter, client, options, events)
}

class PassedAnswer implements AnswerReader {
	readonly #adapter: PassThroughAdapter
	readonly #client: ClientAnswer
	readonly #options: { stream: boolean; headers: Record<string, string> }
	readonly #events: AnswerEvents
	readonly #tap: ReturnType<PassThroughAdapter['createTap']>
	#status = 200
	#headers: Record<string, string> = {}
	/** The start of the answer, until it is judged; undefined afterwards. */
	#start: Uint8Array[] | undefined = []
	#startBytes = 0
	/** An answer in the other form than was asked for: JSON in place of a stream, or a stream in place of JSON. */
	#held: Uint8Array[] | undefined
	/** What is to be sent with the end, in one write. */
	#last: Uint8Array | undefined
	/** A JSON answer that is short enough to be sent in one piece. */
	#isShort = false

	constructor(
		adapter: PassThroughAdapter,
		client: ClientAnswer,
		options: { stream: boolean; headers: Record<string, string> },
		events: AnswerEvents,
	) {
		this.#adapter = adapter
		this.#client = client
		this.#options = options
		this.#events = events
		this.#tap = adapter.createTap(options.stream)
	}

	head(status: number, headers: HeaderMap): void {
		this.#status = status
		this.#headers = this.#options.stream ? { ...sseHeaders } : {}
		for (const name in headers) {
			const value = headers[name]
			if (value !== undefined && passedHeaders.test(name)) this.#headers[name] = value
		}
		const length = this.#options.stream ? undefined : headers['content-length']
		if (length !== undefined) {
			this.#headers['content-length'] = length
			this.#isShort = Number(length) <= wholeBytes
		}
		if (headers['request-id']) this.#headers['x-upstream-request-id'] = headers['request-id']
		Object.assign(this.#headers, this.#options.headers)
	}

	data(bytes: Uint8Array): void {
		this.#tap.push(bytes)
		if (!this.#start && !this.#held) return this.#client.write(bytes, true)
		this.#startBytes += bytes.length
		if (this.#held) return this.#hold(this.#held, bytes)
		this.#start?.push(bytes)
		if (!this.#isShort) this.#judge(false)
	}

	ended(): void {
		if (this.#start && !this.#judge(true)) return
		if (this.#held) return this.#sendOtherForm(this.#held)
		const { usage, stopReason, model, toolCalls, complete, error } = this.#tap.read()
		const reading = { usage, stopReason, model, toolCalls }
		if (this.#options.stream && !complete) {
			const message = error?.message ?? 'the upstream ended its answer before it was complete'
			return this.#breakOff({ class: 'server', status: 502, message }, reading, error !== undefined)
		}
		this.#client.end(this.#last)
		this.#events.settled({ kind: 'delivered', reading })
	}

	fault(fault: { class: 'network' | 'timeout'; message: string }): void {
		const status = fault.class === 'timeout' ? 504 : 502
		const failure: UpstreamFailure = { ...fault, status }
		if (this.#start || this.#held) this.#fail(failure, this.reading())
		else this.#breakOff(failure, this.reading(), false)
	}

	reading(): AnswerReading {
		const { usage, stopReason, model, toolCalls } = this.#tap.read()
		return { usage, stopReason, model, toolCalls }
	}

	isWhole(): boolean {
		return this.#options.stream && this.#start === undefined && this.#tap.read().complete
	}

	/** Lets the answer go to the client once it has begun well. Returns false when it was refused. */
	#judge(ended: boolean): boolean {
		const start = concatenate(this.#start as Uint8Array[])
		const verdict = this.#adapter.judgeStart(start, { stream: this.#options.stream, ended })
		if (typeof verdict === 'object') {
			const failure = this.#adapter.readFailure(verdict.failed)
			this.#start = []
			this.#fail(failure, { usage: undefined, stopReason: undefined })
			return false
		}
		if (verdict === 'wait') {
			if (this.#startBytes <= maxAnswerBytes) return true
			this.#failTooLong()
			return false
		}
		this.#start = undefined
		if (beginsJson([start]) === this.#options.stream) {
			this.#held = [start]
			return true
		}
		this.#client.commit(this.#status, this.#headers)
		this.#events.accepted()
		if (ended && !this.#options.stream) this.#last = start
		else this.#client.write(start, true)
		return true
	}

	#hold(held: Uint8Array[], bytes: Uint8Array): void {
		held.push(bytes)
		if (this.#startBytes > maxAnswerBytes) this.#failTooLong()
	}

	#failTooLong(): void {
		const message = 'the upstream answered with more than can be held'
		this.#fail({ class: 'server', status: 502, message }, { usage: undefined, stopReason: undefined })
	}

	/** What the client could not read is told in the form that it asked for. */
	#sendOtherForm(held: readonly Uint8Array[]): void {
		const { stream } = this.#options
		const { usage, stopReason, model, toolCalls, error } = this.#tap.read()
		const reading = { usage, stopReason, model, toolCalls }
		const bytes = concatenate(held)
		const message = stream ? JSON.parse(new TextDecoder().decode(bytes)) : readEventStream(bytes)
		if (message === undefined) {
			const told = error ?? {
				type: 'api_error',
				message: 'the upstream ended its answer before it was complete',
			}
			const body = JSON.stringify(errorBody(told))
			const status = error ? statusForErrorType(error.type) : 502
			return this.#fail(this.#adapter.readFailure({ status, headers: {}, body }), reading)
		}
		const { 'content-length': _length, ...headers } = this.#headers
		const form = stream ? sseHeaders : { 'content-type': 'application/json' }
		this.#client.commit(this.#status, { ...headers, ...form })
		this.#events.accepted()
		this.#client.end(stream ? toEventStream(message) : JSON.stringify(message))
		this.#events.settled({ kind: 'delivered', reading })
	}

	#fail(failure: UpstreamFailure, reading: AnswerReading): void {
		this.#events.settled({ kind: 'failed', failure, committed: false, reading })
	}

	/** Ends an answer that had begun: a stream by an error event, JSON by breaking the connection. */
	#breakOff(failure: UpstreamFailure, reading: AnswerReading, told: boolean): void {
		const error = {
			type: failure.class === 'timeout' ? 'timeout_error' : 'api_error',
			message: failure.message,
		}
		if (told) this.#client.end()
		else this.#client.breakOff(error)
		this.#events.settled({ kind: 'failed', failure, committed: true, reading })
	}
}
