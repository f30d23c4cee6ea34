import type { EventOutput, StreamEvent } from './events.ts'

/**
 * Encodes stream events as Server-Sent Events, into one string that the caller takes once per upstream read:
 * one write to the client's socket per read from the upstream's.
 * JSON.stringify escapes CR and LF, so an event's data is always one line.
 */
export interface SseEncoder extends EventOutput {
	/** What was encoded since the last call; empty when nothing was. */
	take(): string
}

export function createSseEncoder(): SseEncoder {
	let pending = ''
	const delta = (index: number, body: string) => {
		pending += `event: content_block_delta\ndata: {"type":"content_block_delta","index":${index},"delta":${body}}\n\n`
	}
	return {
		event(event) {
			pending += encodeEvent(event)
		},
		textDelta(index, text) {
			delta(index, `{"type":"text_delta","text":${JSON.stringify(text)}}`)
		},
		thinkingDelta(index, thinking) {
			delta(index, `{"type":"thinking_delta","thinking":${JSON.stringify(thinking)}}`)
		},
		jsonDelta(index, partialJson) {
			delta(index, `{"type":"input_json_delta","partial_json":${JSON.stringify(partialJson)}}`)
		},
		take() {
			const taken = pending
			pending = ''
			return taken
		},
	}
}

/** One event as SSE text. */
export function encodeEvent(event: StreamEvent): string {
	return `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`
}
