import type { Citation, ErrorBody, EventOutput, OutputBlock, StopReason, Usage } from './events.ts'
import { MessageBlockWriter } from './message-block-writer.ts'
import type { Note } from './notes.ts'

/** Names one tool call of an answer while its fragments arrive: the upstream's index or id. */
export type ToolKey = number | string

/**
 * The one place that numbers, opens and closes blocks. Upstream transforms call it in whatever order their
 * upstream speaks; what comes out is always a legal Anthropic event sequence: one open block at a time, indexes
 * without gaps, exactly one `message_delta` and `message_stop` at the end of a success, none after a failure.
 *
 * @example
 * blocks.thinking('let me see'); blocks.text('Hello')
 * blocks.toolStart(0, 'call_1', 'get_weather'); blocks.toolJson(0, '{"city":'); blocks.toolJson(0, '"Oslo"}')
 * blocks.usage({ input_tokens: 12, output_tokens: 7 }); blocks.finish('tool_use'); blocks.end()
 */
export interface BlockWriter {
	/** Something a reader would see has been written: from here on another key can no longer take over. */
	readonly hasContent: boolean
	/** The message is over, well or badly: everything written later is ignored. */
	readonly over: boolean
	readonly failure: ErrorBody['error'] | undefined
	/** What `fail` was told of the upstream's own words. */
	readonly failureSource: FailureSource | undefined
	readonly notes: readonly Note[]
	readonly result: {
		stopReason: StopReason | undefined
		usage: Usage
		usageKnown: boolean
		toolCalls: number
	}
	/** Sends `message_start` unless it was sent. Content does so by itself; keep-alive needs it earlier. */
	start(): void
	text(delta: string): void
	/** Adds a citation to the text block that is open (or opens one). */
	citation(citation: Citation): void
	thinking(delta: string): void
	/** Signs the open thinking block and closes it; without one, an empty thinking block carries the signature. */
	signature(signature: string): void
	redactedThinking(data: string): void
	/** Begins a tool call. `id` is replaced when it is empty or was used before in this message. */
	toolStart(key: ToolKey, id: string, name: string): void
	/** A fragment of the call's JSON arguments, in any order between calls. */
	toolJson(key: ToolKey, fragment: string): void
	/** The call's arguments are complete. Optional: `end` completes what is left. */
	toolStop(key: ToolKey): void
	/** A whole block at once, e.g. a server tool's. */
	block(block: OutputBlock): void
	/** Merges token counts; what is absent keeps its last value. */
	usage(usage: Partial<Usage>): void
	/** The upstream's reason. Kept until `end`, since usage often comes after it. */
	finish(reason: StopReason, stopSequence?: string | null): void
	readonly finished: boolean
	note(note: Note): void
	/** Ends the message: a success when `finish` was called, otherwise a failure, since the answer was cut off. */
	end(): void
	/**
	 * Ends the message badly: closes the open block and sends `event: error`.
	 *
	 * @param source for an error of the upstream: it tells what kind of failure it was, and is not sent
	 */
	fail(error: ErrorBody['error'], source?: FailureSource): void
}

/** An error inside a 200, as the upstream wrote it. */
export interface FailureSource {
	json: unknown
	/** The status it stands for, where the upstream says; otherwise the error's type tells. */
	status?: number
}

export interface BlockWriterOptions {
	messageId: string
	/** The model name the client asked for. */
	model: string
	/** Local estimate, used until the upstream tells. */
	inputTokens: number
	newToolId(): string
}

export function createBlockWriter(output: EventOutput, options: BlockWriterOptions): BlockWriter {
	return new MessageBlockWriter(output, options)
}
