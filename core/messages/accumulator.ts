import type { BlockDelta, ErrorBody, EventOutput, Message, OutputBlock, StreamEvent } from './events.ts'

/** Gathers stream events into the message that a JSON answer carries. */
export interface Accumulator extends EventOutput {
	readonly message: Message | undefined
	/** The error event, when the stream ended with one. */
	readonly error: ErrorBody['error'] | undefined
}

export function createAccumulator(): Accumulator {
	let message: Message | undefined
	let error: ErrorBody['error'] | undefined
	/** Strings being built for the open block; joined once, when it closes. */
	let parts: string[] = []

	const last = (): OutputBlock | undefined => message?.content.at(-1)
	const close = () => {
		const block = last()
		const whole = parts.join('')
		parts = []
		if (block?.type === 'text') block.text += whole
		else if (block?.type === 'thinking') block.thinking += whole
		else if (block?.type === 'tool_use' && whole !== '') block.input = parseInput(whole)
	}
	const apply = (delta: BlockDelta) => {
		const block = last()
		if (delta.type === 'signature_delta' && block?.type === 'thinking') block.signature = delta.signature
		if (delta.type === 'citations_delta' && block?.type === 'text') {
			block.citations = [...(block.citations ?? []), delta.citation]
		}
		if (delta.type === 'text_delta') parts.push(delta.text)
		if (delta.type === 'thinking_delta') parts.push(delta.thinking)
		if (delta.type === 'input_json_delta') parts.push(delta.partial_json)
	}
	const event = (event: StreamEvent) => {
		if (event.type === 'message_start') message = { ...event.message, content: [] }
		else if (event.type === 'content_block_start') message?.content.push({ ...event.content_block })
		else if (event.type === 'content_block_delta') apply(event.delta)
		else if (event.type === 'content_block_stop') close()
		else if (event.type === 'message_delta' && message) {
			Object.assign(message, event.delta)
			message.usage = event.usage
		} else if (event.type === 'error') error = event.error
	}
	return {
		event,
		textDelta: (_index, text) => void parts.push(text),
		thinkingDelta: (_index, thinking) => void parts.push(thinking),
		jsonDelta: (_index, partialJson) => void parts.push(partialJson),
		get message() {
			return message
		},
		get error() {
			return error
		},
	}
}

/** Broken arguments stay visible to the client in an object: a tool's input is never a string. */
function parseInput(json: string): unknown {
	try {
		const input: unknown = JSON.parse(json)
		return typeof input === 'object' && input !== null && !Array.isArray(input) ? input : { _raw: input }
	} catch {
		return { _raw: json }
	}
}
