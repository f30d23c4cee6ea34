import { createAccumulator } from '../../../../core/messages/accumulator.ts'
import type { Message, OutputBlock, StreamEvent, Usage } from '../../../../core/messages/events.ts'
import { isObject, parseJson } from './request-body.ts'

/** What is known of an answer: all of it, or as much as has come. */
export interface Answer {
	blocks: readonly OutputBlock[]
	model: string
	stopReason: string | undefined
	usage: Partial<Usage>
	error: { type: string; message: string } | undefined
}

export const noAnswer: Answer = { blocks: [], model: '', stopReason: undefined, usage: {}, error: undefined }

/** Gathers the events of a stream, and tells at any time what they amount to so far. */
export function createLiveAnswer() {
	const gathered = createAccumulator()
	/** Of the block that is still being written: the accumulator joins its text only at the end. */
	let open = ''
	return {
		/** @param data of one event; whether it has something to show */
		take(data: string): boolean {
			const event = parseJson(data) as StreamEvent | undefined
			if (!isObject(event)) return false
			gathered.event(event)
			if (event.type === 'content_block_start' || event.type === 'content_block_stop') open = ''
			if (event.type !== 'content_block_delta') return false
			const { delta } = event
			if (delta.type === 'text_delta') open += delta.text
			else if (delta.type === 'thinking_delta') open += delta.thinking
			else if (delta.type === 'input_json_delta') open += delta.partial_json
			else return false
			return true
		},
		read: (): Answer => describe(gathered.message, gathered.error, open),
	}
}

export type LiveAnswer = ReturnType<typeof createLiveAnswer>

function describe(
	message: Message | undefined,
	error: { type: string; message: string } | undefined,
	open: string,
): Answer {
	const blocks = [...(message?.content ?? [])]
	const last = blocks.at(-1)
	if (last !== undefined && open !== '') blocks[blocks.length - 1] = withText(last, open)
	return {
		blocks,
		model: message?.model ?? '',
		stopReason: message?.stop_reason ?? undefined,
		usage: message?.usage ?? {},
		error: error && { type: error.type, message: error.message },
	}
}

function withText(block: OutputBlock, text: string): OutputBlock {
	if (block.type === 'text') return { ...block, text: block.text + text }
	if (block.type === 'thinking') return { ...block, thinking: block.thinking + text }
	// Arguments that are not complete yet are no JSON.
	if (block.type === 'tool_use' || block.type === 'server_tool_use') return { ...block, input: text }
	return block
}

/** An answer that came in one piece: a message, or an error. */
export function readWholeAnswer(text: string): Answer {
	const body = parseJson(text)
	if (!isObject(body)) return { ...noAnswer, error: { type: '', message: text.slice(0, 2000) } }
	if (isObject(body.error)) {
		const { type, message } = body.error
		return { ...noAnswer, error: { type: String(type ?? ''), message: String(message ?? '') } }
	}
	const message = body as unknown as Message
	return describe({ ...message, content: Array.isArray(body.content) ? message.content : [] }, undefined, '')
}
