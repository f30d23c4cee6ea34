import type { Usage } from '../messages/events.ts'
import type { TransportFault } from '../ports.ts'
import type { HeaderMap, UpstreamFailure } from '../upstreams/contract.ts'

export { concatenate } from '../messages/concatenate.ts'

/** Takes one upstream's 2xx answer to the client. Made anew for each attempt. */
export interface AnswerReader {
	head(status: number, headers: HeaderMap): void
	data(bytes: Uint8Array): void
	ended(): void
	/** The connection broke or fell silent after the head. */
	fault(fault: TransportFault): void
	/** What was learned so far, for an answer whose client left. */
	reading(): AnswerReading
	/** The client has all of it; only the upstream has not closed yet. Clients leave then without having cancelled. */
	isWhole?(): boolean
}

/** What a reader tells the attempt. `accepted` comes at most once, then exactly one `settled`. */
export interface AnswerEvents {
	/** Content has begun to go to the client: this key worked, no other can take over. */
	accepted(): void
	settled(result: AnswerResult): void
}

export type AnswerResult =
	| { kind: 'delivered'; reading: AnswerReading }
	/** When `committed`, the client has been told already, inside its stream. */
	| { kind: 'failed'; failure: UpstreamFailure; committed: boolean; reading: AnswerReading }

/** What was learned of an answer, for the log. */
export interface AnswerReading {
	usage: Usage | undefined
	stopReason: string | undefined
	/** The model that the answer names. */
	model?: string | undefined
	toolCalls?: number
}

export type CreateAnswerReader = (events: AnswerEvents) => AnswerReader

export const sseHeaders = {
	'content-type': 'text/event-stream; charset=utf-8',
	'cache-control': 'no-cache',
	// nginx buffers event streams unless told not to.
	'x-accel-buffering': 'no',
}

/** A JSON answer longer than this is refused rather than gathered. */
export const maxAnswerBytes = 64 * 1024 * 1024
