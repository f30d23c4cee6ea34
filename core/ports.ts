import type { LearnedFact } from './config/learned-facts.ts'
import type { KeyHealth, Snapshot } from './config/snapshot.ts'
import type { Usage } from './messages/events.ts'
import type { Note } from './messages/notes.ts'
import type { FailureClass, HeaderMap, OutgoingRequest } from './upstreams/contract.ts'

/**
 * What the proxy needs of the outside world. The core knows no Node, no clock and no database of its own:
 * api/_app brings these in.
 */
export interface Clock {
	/** Epoch ms. */
	now(): number
	/** Monotonic ms: for durations. */
	elapsed(): number
	/** Runs `run` once after `ms`; the returned function cancels it. */
	after(ms: number, run: () => void): () => void
}

export interface Random {
	/** [0, 1) */
	next(): number
	/** `<prefix>_` and 32 random hexadecimal digits. */
	id(prefix: string): string
}

/** How to reach an upstream. */
export interface Route {
	insecureSkipVerify: boolean
	/** Outbound proxy of this upstream; empty means the environment's. */
	proxyUrl: string
	/** Longest silence in ms: until the headers, and between two chunks. */
	silenceMs: number
}

/** Receives one upstream answer. Calls never overlap; after `failed` or `ended` none comes. */
export interface AnswerHandler {
	/** The connection stands (TLS included); not called where one was kept from before. */
	connected?(): void
	head(status: number, headers: HeaderMap): void
	/** Decoded bytes (gzip, br, zstd are undone). The buffer is the receiver's to keep, and nobody else's. */
	data(bytes: Uint8Array): void
	ended(): void
	failed(fault: TransportFault): void
}

export interface TransportFault {
	class: Extract<FailureClass, 'network' | 'timeout'>
	/** One sentence without secrets: `connection refused (127.0.0.1:9)`. */
	message: string
}

export interface Exchange {
	/** Drops the connection; no further handler call. */
	abort(): void
	pause(): void
	resume(): void
}

/** Sends a request to an upstream. Push, not pull: no promise and no web stream per chunk. */
export type Transport = (request: OutgoingRequest, route: Route, handler: AnswerHandler) => Exchange

/** The configuration, never older than a second while the database answers. */
export interface ConfigSource {
	/** Returns at once when the snapshot at hand is fresh. Rejects with NoSnapshot when there has never been one. */
	current(): Snapshot | Promise<Snapshot>
	/** Epoch ms by the database's clock, for comparing cooldowns. */
	now(): number
}

export interface KeyFailure {
	keyId: string
	/** `''`, or the upstream model that was rate limited. */
	scope: string
	status: number
	failureClass: FailureClass
	/** The upstream's sentence, masked, at most 500 characters. */
	message: string
	/** First cooldown and its cap, ms; a wait that the upstream asked for. */
	baseMs: number
	maxMs: number
	retryAfterMs: number
	/** Age of the request when it failed, ms: a late answer of an old request is no new incident. */
	ageMs: number
}

/** Why a key moves behind the others. */
export type DemotedKey = Pick<KeyFailure, 'keyId' | 'status' | 'failureClass' | 'message'>

/** Keys that are at their end, in the order tried, and the key that answered after them. */
export interface KeyDemotion {
	upstreamId: string
	keys: readonly DemotedKey[]
	workedId: string
}

/** Key health. Every call returns at once; what is written is written behind, and applied to the snapshot at hand. */
export interface KeyHealthSink {
	/** By scope, as of now: a request that runs long would otherwise go by what was known when it began. */
	healthOf(keyId: string): ReadonlyMap<string, KeyHealth>
	failed(failure: KeyFailure): void
	/** Clears a streak; called only when there is one. */
	succeeded(success: { keyId: string; scope: string; ageMs: number }): void
	/**
	 * Says that a request tries whether a key works again: others leave it alone meanwhile. The returned function ends
	 * that; after a success or failure of the key it does nothing.
	 */
	startProbe(probe: { keyId: string; scope: string }): () => void
	/** Moves keys behind the others, once. */
	demoted(demotion: KeyDemotion): void
}

/** What upstreams' refusals taught about their models. Both calls return at once; what is learned is written behind. */
export interface LearnedFacts {
	/** The facts that hold for a model of an upstream; expired ones are not among them. */
	of(upstreamId: string, model: string): readonly LearnedFact[]
	/** Called only once a request that respects the facts was taken. */
	remember(upstreamId: string, model: string, facts: readonly LearnedFact[]): void
}

/** One try with one key. */
export interface AttemptRecord {
	upstreamId: string
	keyId: string
	keyMask: string
	status: number
	outcome: FailureClass | 'ok' | 'cancelled'
	/** `repaired`: the refusal taught something, and the request goes out again with the same key. */
	decision: 'answered' | 'next key' | 'repaired' | 'gave up' | 'cancelled'
	message: string
	ms: number
	/** When it began, ms since the request arrived. */
	startMs?: number
	/** From its beginning until the connection stood; absent where one was kept from before. */
	connectMs?: number
	/** From its beginning until the head of the answer came; absent where none came. */
	firstByteMs?: number
	/** What was called, of an attempt that failed; no key in it. */
	url?: string
}

/** What is known of a request once it is over. No bodies, no keys. */
export interface RequestRecord {
	id: string
	/** Epoch ms of its arrival, by the database's clock. */
	at: number
	upstreamId: string | undefined
	upstreamName: string | undefined
	keyId: string | undefined
	keyMask: string | undefined
	/** As the client asked, and as sent upstream. */
	model: string
	upstreamModel: string
	stream: boolean
	/** The status the client got; 499 when it left. */
	status: number
	outcome: FailureClass | 'ok' | 'cancelled' | 'refused'
	errorMessage: string
	stopReason: string | undefined
	usage: Usage | undefined
	/** Our estimate of the input tokens, before calibration; not stored. Absent where none was needed. */
	estimatedInputTokens?: number
	/** Milliseconds since arrival. */
	firstContentMs: number | undefined
	totalMs: number
	attempts: AttemptRecord[]
	notes: readonly Note[]
	userAgent: string
	sessionId: string
	/** Of the W3C trace context; not stored. */
	traceId?: string
	/** Absent: a client. */
	source?: RequestSource
	/** The client's key, where there are several. */
	accessKeyId?: string
	/** The model that the answer names. */
	answeredModel?: string
	toolCalls?: number
	/** How long it waited for its turn, ms. */
	queueMs?: number
	/** Of the request's body, and of the answer's as it was sent to the client. */
	bytesIn?: number
	bytesOut?: number
}

/** Who sent a request: a client of the proxy, or a person from the admin. */
export type RequestSource = 'client' | 'playground'

export type Recorder = (record: RequestRecord) => void

/** How the models of each upstream count, compared with our estimate: learnt from the answers. */
export interface TokenRates {
	/** Tokens per estimated token; 1 while nothing is known. Returns at once. */
	factor(upstreamId: string, model: string): number
	/** Whether estimates were asked for on behalf of this upstream: others need not be measured. */
	wants(upstreamId: string): boolean
	/** Resolves when what was learnt earlier is at hand, or cannot be had soon. Never rejects. */
	ready(): Promise<void>
}

/** What tracing does with one request; absent where it is off. */
export interface RequestTrace {
	/** Begins an attempt, whose headers go to the upstream. */
	startAttempt(attempt: {
		upstreamName: string
		upstreamType: string
		url: string
		model: string
	}): AttemptTrace
	end(record: RequestRecord): void
}

export interface AttemptTrace {
	headers: Readonly<Record<string, string>>
	end(result: {
		status: number
		outcome: AttemptRecord['outcome']
		usage: Usage | undefined
		stopReason: string | undefined
	}): void
}

/** Where the answer goes. One adapter serves node:http, one a fetch Response. */
export interface ResponseSink {
	head(status: number, headers: Record<string, string>): void
	/**
	 * Returns false when the client reads too slowly: wait for `onDrain`.
	 * @param isSpent nobody looks at the bytes afterwards: the memory of large ones may be given back once they have left
	 */
	write(chunk: string | Uint8Array, isSpent?: boolean): boolean
	/** @param isSpent as for `write` */
	end(chunk?: string | Uint8Array, isSpent?: boolean): void
	/** Breaks the connection: the client must not take what it has for a whole answer. */
	abort(): void
	/** Called when a slow client can take more. */
	onDrain(run: () => void): void
	/** Bytes of the body so far. */
	bytesOut?(): number
}

/** Tells that a client has left: as much of an AbortSignal as is needed. */
export interface LeaveSignal {
	readonly aborted: boolean
	addEventListener(type: 'abort', listener: () => void): void
	removeEventListener(type: 'abort', listener: () => void): void
}

export interface IncomingMessage {
	method: string
	path: string
	/** Without `?`. */
	query: string
	/** Lower-case names. */
	headers: HeaderMap
	body: Uint8Array
	/**
	 * Gives back the memory of the body, or of what was made of it, as soon as it is not being sent any more. Absent where
	 * the body is somebody else's.
	 */
	giveBack?(bytes: Uint8Array): void
	/** Aborts when the client leaves. */
	signal: LeaveSignal
	/** Absent: a client. */
	source?: RequestSource
	/** The client's key, where there are several. */
	accessKeyId?: string
	/** How long it waited for its turn, ms. */
	queueMs?: number
	/** The trace that it belongs to (W3C trace context), as the client or our own tracing says. */
	traceId?: string
	trace?: RequestTrace
	/** When the platform cuts the request off, by `Clock.elapsed`; absent where nothing does. */
	endsAt?: number
}
