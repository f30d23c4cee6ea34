/**
 * What the proxy sends to a client: Anthropic's message and its stream events.
 * Source: https://docs.anthropic.com/en/api/messages-streaming
 */
export type StopReason =
	| 'end_turn'
	| 'max_tokens'
	| 'stop_sequence'
	| 'tool_use'
	| 'pause_turn'
	| 'refusal'
	| 'model_context_window_exceeded'

/** Token counts. `input_tokens` excludes cache reads and writes; `output_tokens` includes reasoning. */
export interface Usage {
	input_tokens: number
	output_tokens: number
	cache_read_input_tokens?: number
	cache_creation_input_tokens?: number
	output_tokens_details?: { thinking_tokens: number }
	server_tool_use?: { web_search_requests: number }
}

/** A citation as Anthropic's text blocks carry it (`web_search_result_location` and the document kinds). */
export type Citation = { type: string } & Record<string, unknown>

export type OutputBlock =
	| { type: 'text'; text: string; citations?: Citation[] | null }
	| { type: 'thinking'; thinking: string; signature: string }
	| { type: 'redacted_thinking'; data: string }
	| { type: 'tool_use'; id: string; name: string; input: unknown }
	| { type: 'server_tool_use'; id: string; name: string; input: unknown }
	| { type: 'web_search_tool_result'; tool_use_id: string; content: unknown }

export interface Message {
	id: string
	type: 'message'
	role: 'assistant'
	model: string
	content: OutputBlock[]
	stop_reason: StopReason | null
	stop_sequence: string | null
	usage: Usage
}

export type BlockDelta =
	| { type: 'text_delta'; text: string }
	| { type: 'thinking_delta'; thinking: string }
	| { type: 'signature_delta'; signature: string }
	| { type: 'input_json_delta'; partial_json: string }
	| { type: 'citations_delta'; citation: Citation }

export interface ErrorBody {
	type: 'error'
	error: { type: string; message: string } & Record<string, unknown>
	request_id?: string
}

export type StreamEvent =
	| { type: 'message_start'; message: Message }
	| { type: 'content_block_start'; index: number; content_block: OutputBlock }
	| { type: 'content_block_delta'; index: number; delta: BlockDelta }
	| { type: 'content_block_stop'; index: number }
	| {
			type: 'message_delta'
			delta: { stop_reason: StopReason; stop_sequence: string | null }
			usage: Usage
	  }
	| { type: 'message_stop' }
	| { type: 'ping' }
	| ErrorBody

/** Where the block writer's events go: an SSE encoder for streams, an accumulator for JSON answers. */
export interface EventOutput {
	event(event: StreamEvent): void
	/** The three hot deltas have methods of their own, so that a stream costs no event object per delta. */
	textDelta(index: number, text: string): void
	thinkingDelta(index: number, thinking: string): void
	jsonDelta(index: number, partialJson: string): void
}
