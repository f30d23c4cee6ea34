import type { Gate } from './gate.ts'

/** What a test tells a scripted upstream to answer. Everything here is the same for all vendors. */

export type JsonObject = Record<string, unknown>

export interface ScriptedToolCall {
	name: string
	/** An object is written as JSON; a string goes out as it is, to make broken or empty arguments. */
	args?: JsonObject | string
	id?: string
}

export interface ScriptedUsage {
	/** All input tokens, cached ones included; the renderer says it the vendor's way. */
	input?: number
	output?: number
	cachedInput?: number
	thinking?: number
}

export interface ScriptedCitation {
	url: string
	title: string
	/** The part of the text it belongs to; the whole text when absent. */
	quote?: string
}

/** How the answer reaches the client. Events are counted from 1: the first frame of the stream is event 1. */
export interface Delivery {
	headers?: Record<string, string>
	/** Each event waits for a permit of this gate. The response head is sent before the first one. */
	gate?: Gate
	/** Pause before each event, for benches and demos; tests use a gate. */
	delayMs?: number
	/** Bytes of each write to the socket; splits anywhere, also inside a UTF-8 character. */
	bytesPerWrite?: number
	/** Line ends of the stream; Gemini writes CRLF unless this is false. */
	crlf?: boolean
	/** A `: keep-alive` comment before each event. */
	keepAliveComments?: boolean
	/** After that many events nothing more is sent; the socket stays open. */
	stallAfterEvents?: number
	/** After that many events the socket is destroyed. */
	cutAfterEvents?: number
	/** After that many bytes of the body the socket is destroyed. */
	cutAfterBytes?: number
	/** After that many events (0: at once) the vendor's error event follows and the stream ends. */
	errorAfterEvents?: number
	/** The error event's JSON, when the vendor's usual overload error is not meant. */
	errorBody?: JsonObject
	/** Leave out what ends the stream: OpenAI's `[DONE]`, Anthropic's `message_stop`. */
	omitDone?: boolean
	/** Leave out the finish reason (and, with Anthropic, the whole `message_delta`). */
	omitFinish?: boolean
	/** Answer JSON although a stream was asked for, or a stream although JSON was. */
	shape?: 'json' | 'stream'
	/** Compress the body, whatever the client accepts. */
	encoding?: 'gzip' | 'br' | 'zstd'
}

export interface ScriptedAnswer extends Delivery {
	/** A string is cut into deltas at spaces; an array gives the deltas themselves. */
	text?: string | readonly string[]
	thinking?: string | readonly string[]
	toolCalls?: readonly ScriptedToolCall[]
	/** The vendor's own word: `length`, `MAX_TOKENS`, `max_tokens` … Decided by the content when absent. */
	finish?: string
	usage?: ScriptedUsage
	citations?: readonly ScriptedCitation[]
}

/** An HTTP answer as it stands, a body object as JSON and a string as it is. */
export interface StatusFault {
	status: number
	body?: unknown
	headers?: Record<string, string>
}

/**
 * `hang`: never answers. `reset`: the socket is destroyed before any answer. `html`: 200 with a web page.
 * `empty`: 200 with zero bytes.
 */
export type Fault = StatusFault | 'hang' | 'reset' | 'html' | 'empty'

/** Bytes written one by one, whatever they are. The content type is the stream's unless `headers` says otherwise. */
export interface RawReply
	extends Pick<Delivery, 'headers' | 'gate' | 'delayMs' | 'bytesPerWrite' | 'encoding'> {
	rawChunks: readonly (string | Uint8Array)[]
	status?: number
	/** Leave the socket open after the last chunk. */
	stayOpen?: boolean
}

export type FixedReply = ScriptedAnswer | RawReply | { fault: Fault }

/** A request as the upstream got it. */
export interface RecordedRequest {
	method: string
	/** Without the query. */
	path: string
	query: Record<string, string>
	headers: Record<string, string>
	/** Parsed JSON; undefined when there was none or it did not parse. */
	body: unknown
	rawBody: Buffer
	/** The API key it came with, in whichever place. */
	key: string | undefined
	/** The client went away before the answer was complete. */
	aborted: boolean
	/** What the vendor's rules had against it. */
	refused?: { status: number; message: string }
}

export type Reply = FixedReply | ((request: RecordedRequest) => FixedReply | Promise<FixedReply>)

export function isFault(reply: FixedReply): reply is { fault: Fault } {
	return 'fault' in reply
}

export function isRaw(reply: FixedReply): reply is RawReply {
	return 'rawChunks' in reply
}

/** The deltas of a text: as given, or cut behind each run of spaces. */
export function piecesOf(text: string | readonly string[] | undefined): readonly string[] {
	if (text === undefined || text === '') return []
	return typeof text === 'string' ? (text.match(/\s*\S+\s*|\s+$/g) ?? [text]) : text
}

export function joinedText(text: string | readonly string[] | undefined): string {
	return typeof text === 'string' ? text : (text ?? []).join('')
}

/** A tool call's arguments as the JSON text that travels. */
export function argumentsText(call: ScriptedToolCall): string {
	return typeof call.args === 'string' ? call.args : JSON.stringify(call.args ?? {})
}

/** Four characters a token: close enough for a usage number that nobody scripted. */
export function roughTokens(text: string): number {
	return Math.max(1, Math.ceil(text.length / 4))
}
