import type { AnswerHandler, Clock, Exchange, LeaveSignal, Route, Transport } from '../ports.ts'
import type { AttemptTape } from '../recording/recorder.ts'
import type { HeaderMap, OutgoingRequest, UpstreamAdapter, UpstreamFailure } from '../upstreams/contract.ts'
import {
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
	return new Promise(resolve => {
		let exchange: Exchange | undefined
		let over = false
		const settle = (result: AttemptResult) => {
			if (over) return
			over = true
			input.signal.removeEventListener('abort', cancel)
			input.timeLimit?.removeEventListener('abort', expire)
			stopWaiting?.()
			input.client.exchange = undefined
			if (result.kind !== 'delivered') exchange?.abort()
			const expired = input.timeLimit?.aborted && result.kind === 'failed'
			resolve(expired ? { ...result, kind: 'expired' } : result)
		}
		if (input.signal.aborted) return resolve({ kind: 'cancelled', reading: nothingRead })
		let accepted = false
		if (input.timeLimit?.aborted) {
			return resolve({ kind: 'expired', committed: false, reading: nothingRead })
		}
		const { firstContent } = input
		const stopWaiting = firstContent?.clock.after(firstContent.ms, () => {
			const message = `the upstream sent no content within ${Math.round(firstContent.ms / 100) / 10} s`
			const failure = { class: 'timeout', status: 504, message } as const
			settle({ kind: 'failed', failure, committed: false, reading: nothingRead })
		})
		const accept = () => {
			accepted = true
			stopWaiting?.()
			input.onAccepted()
		}
		const reader = input.createReader({ accepted: accept, settled: settle })
		const cancel = () => {
			const kind = reader.isWhole?.() ? 'delivered' : 'cancelled'
			settle({ kind, reading: reader.reading() })
			exchange?.abort()
		}
		const expire = () => {
			// An answer that has begun is ended by its reader, which knows what is open.
			if (accepted) reader.fault(outOfTime)
			if (!over) settle({ kind: 'expired', committed: accepted, reading: reader.reading() })
		}
		const breakOff = (error: unknown) => {
			if (over) return
			input.onFault(error)
			const failure = { class: 'server', status: 502, message: unreadable } as const
			if (accepted) input.client.breakOff({ type: 'api_error', message: unreadable })
			settle({ kind: 'failed', failure, committed: accepted, reading: nothingRead })
		}
		input.signal.addEventListener('abort', cancel)
		input.timeLimit?.addEventListener('abort', expire)
		const handler = createHandler(input, reader, settle, () => over)
		exchange = input.transport(input.outgoing, input.route, guard(handler, breakOff))
		if (over) exchange.abort()
		else input.client.exchange = exchange
	})
}

const unreadable = 'the answer of the upstream could not be read'

/** Calls come from a socket's events, where an exception would end the process. */
function guard(handler: AnswerHandler, onError: (error: unknown) => void): AnswerHandler {
	const safely =
		<Arguments extends unknown[]>(call: (...values: Arguments) => void) =>
		(...values: Arguments) => {
			try {
				call(...values)
			} catch (error) {
				onError(error)
			}
		}
	return {
		...(handler.connected && { connected: safely(handler.connected) }),
		head: safely(handler.head),
		data: safely(handler.data),
		ended: safely(handler.ended),
		failed: safely(handler.failed),
	}
}

function createHandler(
	input: AttemptInput,
	reader: AnswerReader,
	settle: (result: AttemptResult) => void,
	isOver: () => boolean,
): AnswerHandler {
	let refused: { status: number; headers: HeaderMap; body: Uint8Array[]; bytes: number } | undefined
	let answered = false
	const fail = (failure: UpstreamFailure) =>
		settle({ kind: 'failed', failure, committed: false, reading: nothingRead })
	const readRefusal = ({ status, headers, body }: NonNullable<typeof refused>) =>
		fail(input.adapter.readFailure({ status, headers, body: new TextDecoder().decode(concatenate(body)) }))

	return {
		...(input.onConnected && { connected: input.onConnected }),
		head(status, headers) {
			answered = true
			input.onHead?.()
			input.tape?.head(status, headers)
			if (status >= 200 && status < 300) reader.head(status, headers)
			else refused = { status: status >= 400 ? status : 502, headers, body: [], bytes: 0 }
		},
		data(bytes) {
			if (isOver()) return
			input.tape?.data(bytes)
			if (!refused) return reader.data(bytes)
			refused.body.push(bytes)
			refused.bytes += bytes.length
			if (refused.bytes >= maxErrorBytes) readRefusal(refused)
		},
		ended() {
			if (isOver()) return
			if (refused) readRefusal(refused)
			else reader.ended()
		},
		failed(fault) {
			if (isOver()) return
			input.tape?.failed(fault.message)
			// An error answer that breaks off still says what it said so far.
			if (refused) return readRefusal(refused)
			if (answered) return reader.fault(fault)
			fail({ class: fault.class, status: fault.class === 'timeout' ? 504 : 502, message: fault.message })
		},
	}
}
