import { type Accumulator, createAccumulator } from '../messages/accumulator.ts'
import { type BlockWriter, createBlockWriter } from '../messages/block-writer.ts'
import { statusForErrorType } from '../messages/errors.ts'
import type { StreamEvent } from '../messages/events.ts'
import { largeBytes } from '../messages/large-bytes.ts'
import type { Note } from '../messages/notes.ts'
import { createSseParser } from '../messages/sse-parser.ts'
import type { TransportFault } from '../ports.ts'
import type {
	ConvertingAdapter,
	ResponseContext,
	StreamTransform,
	UpstreamFailure,
} from '../upstreams/contract.ts'
import { classifyFailure } from '../upstreams/shared/failure.ts'
import {
	type AnswerEvents,
	type AnswerReader,
	type AnswerReading,
	type CreateAnswerReader,
	maxAnswerBytes,
} from './answer-reader.ts'
import type { ClientAnswer } from './client-answer.ts'
import type { ConvertedStream } from './converted-stream.ts'
import { findAnsweredModel, readAnsweredModel } from './probe-watch.ts'

export interface ConvertedAnswerOptions {
	adapter: ConvertingAdapter
	client: ClientAnswer
	context: ResponseContext
	/** Undefined when the client wants JSON. */
	stream: ConvertedStream | undefined
	message: { messageId: string; model: string; inputTokens: number }
	headers: Record<string, string>
	/** Takes the memory of an answer's bytes once they are read; absent where they are somebody else's. */
	giveBack?: ((bytes: Uint8Array) => void) | undefined
	/** Receives what the conversion of the answer dropped or repaired. */
	notes: Note[]
}

/** Readers for an upstream with a dialect of its own. */
export function convertAnswer(options: ConvertedAnswerOptions): CreateAnswerReader {
	return events => new ConvertedAnswer(options, events)
}

/** `{` or `[`: JSON, or JSON lines; `<`: a web page; anything else is an event stream. */
type Format = 'unknown' | 'events' | 'json'

/** An upstream's error may be as long as any line of its answer; what is kept of it may not. */
const maxErrorCharacters = 65_536

class ConvertedAnswer implements AnswerReader {
	readonly #options: ConvertedAnswerOptions
	readonly #events: AnswerEvents
	readonly #blocks: BlockWriter
	readonly #gathered: Accumulator | undefined
	readonly #transform: StreamTransform
	readonly #parser: ReturnType<typeof createSseParser>
	#format: Format = 'unknown'
	#decoder: TextDecoder | undefined
	/** An answer that is no event stream, as far as it is here. */
	#body = ''
	#bodyBytes = 0
	#accepted = false
	#settled = false
	#model: string | undefined
	/** Events that may still name the model: the first ones do, or none. */
	#modelTries = 3

	constructor(options: ConvertedAnswerOptions, events: AnswerEvents) {
		this.#options = options
		this.#events = events
		this.#gathered = options.stream ? undefined : createAccumulator()
		const output = options.stream?.createOutput() ?? (this.#gathered as Accumulator)
		this.#blocks = createBlockWriter(output, { ...options.message, newToolId: options.context.newToolId })
		this.#transform = options.adapter.createStreamTransform(this.#blocks, options.context)
		this.#parser = createSseParser(
			data => {
				if (this.#modelTries > 0) this.#lookForModel(data)
				if (!this.#blocks.over) this.#transform.push(data)
			},
			message => this.#blocks.fail({ type: 'api_error', message }),
		)
	}

	head(): void {}

	data(bytes: Uint8Array): void {
		if (this.#format === 'unknown') this.#format = detectFormat(bytes)
		if (this.#format === 'events') {
			this.#parser.feed(bytes)
			this.#deliver()
		} else this.#gather(bytes)
		this.#options.giveBack?.(bytes)
	}

	#gather(bytes: Uint8Array): void {
		this.#bodyBytes += bytes.length
		this.#decoder ??= new TextDecoder()
		this.#body += this.#decoder.decode(bytes, { stream: true })
		if (this.#bodyBytes > maxAnswerBytes) {
			this.#fail({
				class: 'server',
				status: 502,
				message: 'the upstream answered with more JSON than can be held',
			})
		}
	}

	ended(): void {
		if (this.#settled) return
		if (this.#format === 'events') {
			this.#parser.end()
			this.#transform.end()
		} else if (!this.#readBody()) return
		this.#blocks.end()
		this.#deliver()
	}

	fault(fault: TransportFault): void {
		const status = fault.class === 'timeout' ? 504 : 502
		const failure: UpstreamFailure = { ...fault, status }
		if (this.#accepted) {
			const type = fault.class === 'timeout' ? 'timeout_error' : 'api_error'
			this.#blocks.fail({ type, message: fault.message })
			this.#options.stream?.flush()
		}
		this.#fail(failure)
	}

	/** A body that was no event stream: one JSON answer, a JSON array of events, or JSON lines. False: settled. */
	#readBody(): boolean {
		const text = (this.#body + (this.#decoder?.decode() ?? '')).trim()
		this.#body = ''
		if (text === '' || text.startsWith('<')) {
			const failed = { status: 502, headers: {}, body: text.slice(0, 4096) }
			const failure = this.#options.adapter.readFailure(failed)
			const message = text === '' ? 'the upstream answered with nothing' : failure.message
			this.#fail({ class: 'server', status: 502, message })
			return false
		}
		const json = parseJson(text)
		if (json !== undefined && !Array.isArray(json)) this.#model = findAnsweredModel(json) ?? undefined
		if (Array.isArray(json)) for (const event of json) this.#push(JSON.stringify(event))
		else if (json === undefined) for (const line of text.split('\n')) this.#push(line)
		else if (!this.#options.adapter.readResponse(json, this.#blocks, this.#options.context)) {
			this.#failWith(json, text)
			return false
		}
		if (json === undefined || Array.isArray(json)) this.#transform.end()
		return true
	}

	#lookForModel(data: string): void {
		this.#modelTries--
		this.#model ??= readAnsweredModel(data) ?? undefined
		if (this.#model !== undefined) this.#modelTries = 0
	}

	#push(event: string): void {
		if (this.#modelTries > 0) this.#lookForModel(event)
		if (!this.#blocks.over && event.trim() !== '') this.#transform.push(event)
	}

	/** JSON that is no answer of the dialect: an error object, or something foreign. */
	#failWith(json: unknown, text: string): void {
		const failure = this.#options.adapter.readFailure({
			status: 502,
			headers: {},
			body: text.slice(0, maxErrorCharacters),
		})
		const known = typeof json === 'object' && json !== null && 'error' in json
		this.#fail(
			known ? failure : { ...failure, class: 'server', message: 'the upstream answered with foreign JSON' },
		)
	}

	/** Sends what has been written so far, and notices the end. */
	#deliver(): void {
		const { failure, hasContent, over } = this.#blocks
		if (failure && !this.#accepted && !hasContent) return this.#fail(this.#judge(failure))
		if (hasContent || over) this.#accept()
		this.#options.stream?.flush()
		if (!over) return
		if (failure) return this.#fail(this.#judge(failure))
		this.#finish()
	}

	/** An error that came inside a 200 is judged like an answer with the status that it stands for. */
	#judge(error: { type: string; message: string }): UpstreamFailure {
		const source = this.#blocks.failureSource
		if (!source) return toFailure(error)
		const status = source.status ?? statusForErrorType(error.type)
		const body = JSON.stringify(source.json).slice(0, maxErrorCharacters)
		return { ...this.#options.adapter.readFailure({ status, headers: {}, body }), message: error.message }
	}

	#accept(): void {
		if (this.#accepted || !this.#options.stream) return
		this.#accepted = true
		this.#events.accepted()
	}

	#finish(): void {
		if (this.#settled) return
		this.#settled = true
		const { client, headers } = this.#options
		if (this.#gathered) {
			this.#events.accepted()
			client.commit(200, { 'content-type': 'application/json', ...headers })
			sendText(client, JSON.stringify(this.#gathered.message))
		} else client.end()
		this.#events.settled({ kind: 'delivered', reading: this.reading() })
	}

	#fail(failure: UpstreamFailure): void {
		if (this.#settled) return
		this.#settled = true
		if (this.#accepted) this.#options.client.end()
		this.#events.settled({ kind: 'failed', failure, committed: this.#accepted, reading: this.reading() })
	}

	reading(): AnswerReading {
		this.#options.notes.push(...this.#blocks.notes)
		const { usage, stopReason, usageKnown, toolCalls } = this.#blocks.result
		return { usage: usageKnown ? usage : undefined, stopReason, toolCalls, model: this.#model }
	}
}

/** A long text as bytes, once: measuring, recording and sending it would each go through all of its characters. */
function sendText(client: ClientAnswer, text: string): void {
	if (text.length > largeBytes) client.end(encoder.encode(text), true)
	else client.end(text)
}

const encoder = new TextEncoder()

/** A fault that we found ourselves, such as an answer that ends too early. */
function toFailure(error: { type: string; message: string }): UpstreamFailure {
	const status = statusForErrorType(error.type)
	const failureClass = classifyFailure(status, `${error.type} ${error.message}`)
	return { class: failureClass, status, message: error.message, json: { error } }
}

function detectFormat(bytes: Uint8Array): Format {
	for (const byte of bytes) {
		if (byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09 || byte >= 0x80) continue
		return byte === 0x7b || byte === 0x5b || byte === 0x3c ? 'json' : 'events'
	}
	return 'unknown'
}

function parseJson(text: string): unknown {
	try {
		return JSON.parse(text)
	} catch {
		return undefined
	}
}

/** The first event, for a keep-alive that comes before any attempt has spoken. */
export function createMessageStart(message: ConvertedAnswerOptions['message']): StreamEvent {
	let start: StreamEvent = { type: 'ping' }
	const output = {
		event: (event: StreamEvent) => {
			start = event
		},
		textDelta() {},
		thinkingDelta() {},
		jsonDelta() {},
	}
	createBlockWriter(output, { ...message, newToolId: () => '' }).start()
	return start
}
