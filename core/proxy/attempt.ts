import type {
	AnswerHandler,
	Clock,
	Exchange,
	LeaveSignal,
	Route,
	Transport,
	TransportFault,
} from '../ports.ts'
import type { AttemptTape } from '../recording/recorder.ts'
import type { HeaderMap, OutgoingRequest, UpstreamAdapter, UpstreamFailure } from '../upstreams/contract.ts'
import {
	type AnswerEvents,
	type AnswerReader,
	type AnswerReading,
	type CreateAnswerReader,
	concatenate,
} from './answer-reader.ts'
import type { ClientAnswer } from './client-answer.ts'
import { outOfTime } from './time-limit.ts'

export type AttemptResult =
	| { kind: 'delivered'; reading: AnswerReading }
	| { kind: 'failed'; failure: UpstreamFailure; committed: boolean; reading: AnswerReading }
	| { kind: 'cancelled'; reading: AnswerReading }
	/** The platform's time for this request is over; when `committed`, the client has been told. */
	| { kind: 'expired'; committed: boolean; reading: AnswerReading }

export interface AttemptInput {
	transport: Transport
	adapter: UpstreamAdapter
	outgoing: OutgoingRequest
	route: Route
	client: ClientAnswer
	/** Listens, where the request is recorded. */
	tape?: AttemptTape | undefined
	createReader: CreateAnswerReader
	/** Aborts when the client leaves. */
	signal: LeaveSignal
	/** Aborts when the platform's time for this request is about to end. */
	timeLimit?: LeaveSignal | undefined
	/** Longest wait for the first content. */
	firstContent?: { clock: Clock; ms: number } | undefined
	/** The connection stands; not called where one was kept from before. */
	onConnected?(): void
	/** The head of the answer is here. */
	onHead?(): void
	/** Content has begun to go to the client. */
	onAccepted(): void
	/** A fault of our own while reading an answer: the client is told, the process lives on. */
	onFault(error: unknown): void
}

/** Longest error body that is read. */
const maxErrorBytes = 256 * 1024

const nothingRead: AnswerReading = { usage: undefined, stopReason: undefined }

/** Sends the request with one key and takes the answer to the client. Never rejects. */
export function runAttempt(input: AttemptInput): Promise<AttemptResult> {
	if (input.signal.aborted) return Promise.resolve({ kind: 'cancelled', reading: nothingRead })
	if (input.timeLimit?.aborted) {
		return Promise.resolve({ kind: 'expired', committed: false, reading: nothingRead })
	}
	return new Promise(resolve => new Attempt(input, resolve).send())
}

const unreadable = 'the answer of the upstream could not be read'

interface Refusal {
	status: number
	headers: HeaderMap
	body: Uint8Array[]
	bytes: number
}

/** One attempt: hears of the transport what comes, and of the reader what becomes of it. */
class Attempt implements AnswerHandler, AnswerEvents {
	readonly #input: AttemptInput
	readonly #resolve: (result: AttemptResult) => void
	readonly #reader: AnswerReader
	readonly #stopWaiting: (() => void) | undefined
	#exchange: Exchange | undefined
	#refused: Refusal | undefined
	/** The head of the answer came. */
	#answered = false
	/** Its content has begun to go to the client. */
	#accepted = false
	/** Nothing is listened to any more. */
	#over = false

	constructor(input: AttemptInput, resolve: (result: AttemptResult) => void) {
		this.#input = input
		this.#resolve = resolve
		const { firstContent } = input
		this.#stopWaiting = firstContent?.clock.after(firstContent.ms, () => {
			const message = `the upstream sent no content within ${Math.round(firstContent.ms / 100) / 10} s`
			this.#fail({ class: 'timeout', status: 504, message })
		})
		this.#reader = input.createReader(this)
	}

	send(): void {
		const { signal, timeLimit, transport, outgoing, route, client } = this.#input
		signal.addEventListener('abort', this.#cancel)
		timeLimit?.addEventListener('abort', this.#expire)
		this.#exchange = transport(outgoing, route, this)
		if (this.#over) this.#exchange.abort()
		else client.exchange = this.#exchange
	}

	accepted(): void {
		this.#accepted = true
		this.#stopWaiting?.()
		this.#input.onAccepted()
	}

	settled(result: AttemptResult): void {
		if (this.#over) return
		this.#over = true
		const { signal, timeLimit, client } = this.#input
		signal.removeEventListener('abort', this.#cancel)
		timeLimit?.removeEventListener('abort', this.#expire)
		this.#stopWaiting?.()
		client.exchange = undefined
		if (result.kind !== 'delivered') this.#exchange?.abort()
		// What is left of its answer must go by, or its connection would stay as it is for ever.
		else this.#exchange?.resume()
		const expired = timeLimit?.aborted && result.kind === 'failed'
		this.#resolve(expired ? { ...result, kind: 'expired' } : result)
	}

	connected(): void {
		this.#input.onConnected?.()
	}

	head(status: number, headers: HeaderMap): void {
		try {
			this.#answered = true
			this.#input.onHead?.()
			this.#input.tape?.head(status, headers)
			if (status >= 200 && status < 300) this.#reader.head(status, headers)
			else this.#refused = { status: status >= 400 ? status : 502, headers, body: [], bytes: 0 }
		} catch (error) {
			this.#breakOff(error)
		}
	}

	data(bytes: Uint8Array): void {
		if (this.#over) return
		try {
			this.#input.tape?.data(bytes)
			if (this.#refused) this.#readPart(this.#refused, bytes)
			else this.#reader.data(bytes)
		} catch (error) {
			this.#breakOff(error)
		}
	}

	ended(): void {
		if (this.#over) return
		try {
			if (this.#refused) this.#readRefusal(this.#refused)
			else this.#reader.ended()
		} catch (error) {
			this.#breakOff(error)
		}
	}

	failed(fault: TransportFault): void {
		if (this.#over) return
		try {
			this.#input.tape?.failed(fault.message)
			// An error answer that breaks off still says what it said so far.
			if (this.#refused) return this.#readRefusal(this.#refused)
			if (this.#answered) return this.#reader.fault(fault)
			const status = fault.class === 'timeout' ? 504 : 502
			this.#fail({ class: fault.class, status, message: fault.message })
		} catch (error) {
			this.#breakOff(error)
		}
	}

	readonly #cancel = () => {
		const kind = this.#reader.isWhole?.() ? 'delivered' : 'cancelled'
		this.settled({ kind, reading: this.#reader.reading() })
		this.#exchange?.abort()
	}

	readonly #expire = () => {
		// An answer that has begun is ended by its reader, which knows what is open.
		if (this.#accepted) this.#reader.fault(outOfTime)
		this.settled({ kind: 'expired', committed: this.#accepted, reading: this.#reader.reading() })
	}

	/** Calls come from a socket's events, where an exception would end the process. */
	#breakOff(error: unknown): void {
		if (this.#over) return
		this.#input.onFault(error)
		const failure = { class: 'server', status: 502, message: unreadable } as const
		if (this.#accepted) this.#input.client.breakOff({ type: 'api_error', message: unreadable })
		this.settled({ kind: 'failed', failure, committed: this.#accepted, reading: nothingRead })
	}

	#readPart(refused: Refusal, bytes: Uint8Array): void {
		refused.body.push(bytes)
		refused.bytes += bytes.length
		if (refused.bytes >= maxErrorBytes) this.#readRefusal(refused)
	}

	#readRefusal({ status, headers, body }: Refusal): void {
		const text = new TextDecoder().decode(concatenate(body))
		this.#fail(this.#input.adapter.readFailure({ status, headers, body: text }))
	}

	#fail(failure: UpstreamFailure): void {
		this.settled({ kind: 'failed', failure, committed: false, reading: nothingRead })
	}
}
