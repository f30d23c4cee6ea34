import type { LearnedFact } from '../config/learned-facts.ts'
import type { BlockWriter } from '../messages/block-writer.ts'
import type { Usage } from '../messages/events.ts'
import type { ModelEntry } from '../messages/models.ts'
import type { Note } from '../messages/notes.ts'
import type { CountTokensRequest, MessageRequest } from '../messages/request.ts'
import type { Member } from '../messages/scan.ts'

/** Header names are lower case. */
export type HeaderMap = Readonly<Record<string, string>>

/** Where a request goes: the part of an upstream that an adapter may see. Its keys are not in it. */
export interface UpstreamTarget {
	baseUrl: string
	/** `auto` lets the adapter choose by the key's look. */
	authStyle: 'auto' | 'x-api-key' | 'bearer'
	/** Headers that the user added to this upstream; they win over the adapter's own. */
	extraHeaders: HeaderMap
}

/** One call to an upstream, complete but for the key: it is built once and sent with as many keys as it takes. */
export interface OutgoingRequest {
	method: 'POST' | 'GET'
	url: string
	headers: Record<string, string>
	body?: string | Uint8Array | undefined
}

export interface ConvertInput {
	/** The client's request, validated, with tools in Anthropic's shape. */
	request: MessageRequest
	/** The model to ask the upstream for: the client's, after the upstream's model map. */
	model: string
	target: UpstreamTarget
	/** Whether the client wants a stream; the upstream is then asked for one too. */
	stream: boolean
	/** What this upstream's refusals taught about the model: the request respects it. */
	facts?: readonly LearnedFact[]
}

/** Tool names as sent upstream -> names as the client gave them; only names that differ are in it. */
type RenamedTools = ReadonlyMap<string, string>

/** What the answer's conversion needs to know of the request. */
export interface ResponseContext {
	toolNames: RenamedTools
	/** Ids of the calls in the client's history: no call of the answer may have one of them. Absent: there are none. */
	usedIds?: ReadonlySet<string> | undefined
	/** The model sent upstream. */
	upstreamModel: string
	/** The client's stop sequences, to tell which one ended the answer where the upstream says so. */
	stopSequences: readonly string[]
	/** A new `toolu_…` id for upstreams that give none. */
	newToolId(): string
}

export interface ConvertedRequest {
	outgoing: OutgoingRequest
	notes: Note[]
	toolNames: RenamedTools
}

/** Turns an upstream's stream events into calls of a block writer. Plain synchronous calls, no promises. */
export interface StreamTransform {
	/** One SSE event's data (or one NDJSON line / element of a JSON array), as text. */
	push(data: string): void
	/** The upstream closed its stream: close what is open and finish the message, or fail it if it ended early. */
	end(): void
}

/** What an upstream's refusal or fault means. The consequences of each class stand in proxy/failure-classes.ts. */
export type FailureClass =
	| 'auth' // 401, 403: this key is not accepted
	| 'quota' // 402 or words of quota, balance, billing: this key is used up
	| 'rate_limit' // 429: too fast for now
	| 'server' // 408, 5xx, 529, an error object in a 200, an empty or foreign 200
	| 'network' // refused, reset, TLS, DNS
	| 'timeout' // silence longer than allowed
	| 'client' // the request itself is at fault: no other key would help
	| 'moderation' // content policy

export interface UpstreamFailure {
	class: FailureClass
	/** HTTP status; for an error inside a 200 stream, the status it stands for. */
	status: number
	/** The upstream's own sentence, or one of ours. */
	message: string
	/** How long the upstream asked to wait, in ms. */
	retryAfterMs?: number
	/** The upstream's JSON, unchanged, when it sent any. */
	json?: unknown
}

/** An error answer of an upstream. `body` is text, at most a few hundred kB of it. */
export interface ErrorResponse {
	status: number
	headers: HeaderMap
	body: string
}

/** What an upstream's refusal of a request teaches. */
export interface Lesson {
	fact: LearnedFact
	/** True of the model, so that it is remembered; otherwise of this request only. */
	lasting: boolean
}

/** A page of an upstream's models. */
export interface ModelPage {
	models: ModelEntry[]
	/** What to ask the next page by; absent on the last one. */
	next?: string
}

/** How an upstream lists its models. Pure. */
export interface ModelLister {
	/** @param page the `next` of the page before */
	buildRequest(target: UpstreamTarget, page?: string): OutgoingRequest
	/** Undefined when the body is no list of models. */
	readResponse(body: unknown): ModelPage | undefined
	/** Asks for one model by a name that the list may lack: an alias. */
	one?: {
		buildRequest(target: UpstreamTarget, id: string): OutgoingRequest
		readResponse(body: unknown): ModelEntry | undefined
	}
}

interface AdapterBase {
	/** The name in database, API, CLI: `openai`. */
	readonly type: string
	/** Shown to people. */
	readonly label: string
	readonly baseUrlExample: string
	/** One line: what speaks this. */
	readonly description: string
	/** The URL that will be called for a message, shown before saving; `model` matters to some types only. */
	messagesUrl(baseUrl: string, options: { model: string; stream: boolean }): string
	/** Headers that carry the key; added to an outgoing request per attempt. */
	authHeaders(key: string, target: UpstreamTarget): Record<string, string>
	/** Reads a non-2xx answer (or an error object inside a 200, with the status it stands for). */
	readFailure(response: ErrorResponse): UpstreamFailure
	/**
	 * What a refusal says about the request that was sent: facts that, respected, make it one that the upstream takes.
	 * Empty when the refusal is about anything else. Pure; a fact must be about something the request really has.
	 */
	learn?(failure: UpstreamFailure, sent: OutgoingRequest): readonly Lesson[]
	/** The cheapest call that proves URL and key. */
	probe(target: UpstreamTarget): OutgoingRequest
	models?: ModelLister
}

/** An upstream type with another dialect than Anthropic's: requests and answers are converted. */
export interface ConvertingAdapter extends AdapterBase {
	readonly mode: 'convert'
	/** Pure. Throws RequestRefused for what the upstream cannot do and dropping would falsify. */
	buildRequest(input: ConvertInput): ConvertedRequest
	/**
	 * Writes a complete JSON answer to the writer, finish included (`blocks.end()` or `blocks.fail()`).
	 * Returns false when the body is no answer of this dialect at all.
	 */
	readResponse(body: unknown, blocks: BlockWriter, context: ResponseContext): boolean
	createStreamTransform(blocks: BlockWriter, context: ResponseContext): StreamTransform
	/** The upstream's own token counter, for types that have one; others are estimated. */
	countTokens?: {
		buildRequest(input: {
			request: CountTokensRequest
			model: string
			target: UpstreamTarget
		}): OutgoingRequest
		/** Input tokens, or undefined when the answer has none. */
		readResponse(body: unknown): number | undefined
	}
}

export interface PassThroughInput {
	/** The client's bytes, and where the members of the request stand in them. */
	body: Uint8Array
	members: ReadonlyMap<string, Member>
	/** The client's headers; the adapter picks what may leave. */
	headers: HeaderMap
	/** Set when the model map renames the model: the only edit a plain request gets. */
	model?: string
	target: UpstreamTarget
	/** The query string the client used, without `?`. */
	query: string
	/** What is asked for: an answer, unless said otherwise. */
	endpoint?: 'messages' | 'count_tokens'
	/** What this upstream's refusals taught about the model: the request respects it. */
	facts?: readonly LearnedFact[]
}

/** Watches a pass-through answer without parsing each event. */
export interface PassThroughTap {
	/** Bytes of the answer, in order; they are kept, so the buffer must not be reused. */
	push(bytes: Uint8Array): void
	/** What could be read from the answer so far: called once, when the answer is over. */
	read(): PassThroughReading
}

export interface PassThroughReading {
	usage: Usage | undefined
	stopReason: string | undefined
	model: string | undefined
	toolCalls: number
	/** For streams: the terminal event was seen. */
	complete: boolean
	/** For streams: an `error` event was seen near the end. */
	error: { type: string; message: string } | undefined
}

export type StartVerdict = 'wait' | 'go' | { failed: ErrorResponse }

/** An upstream type that speaks Anthropic's dialect: bytes in, bytes out. */
export interface PassThroughAdapter extends AdapterBase {
	readonly mode: 'pass-through'
	buildRequest(input: PassThroughInput): { outgoing: OutgoingRequest; notes: Note[] }
	/**
	 * Judges the start of a 200 answer. `bytes` is everything received so far, `ended` that no more will come.
	 * `wait`: no content yet; `go`: content has begun (or the answer is over and whole); an object: an error came first.
	 */
	judgeStart(bytes: Uint8Array, answer: { stream: boolean; ended: boolean }): StartVerdict
	createTap(stream: boolean): PassThroughTap
}

export type UpstreamAdapter = ConvertingAdapter | PassThroughAdapter

/** A request that this upstream type cannot serve and must not falsify. Answered 400, never sent, never retried. */
export class RequestRefused extends Error {
	override readonly name = 'RequestRefused'
	readonly field: string
	readonly details: Record<string, unknown> | undefined
	constructor(field: string, message: string, details?: Record<string, unknown>) {
		super(message)
		this.field = field
		this.details = details
	}
}
