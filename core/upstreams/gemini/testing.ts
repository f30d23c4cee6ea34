import { createAccumulator } from '../../messages/accumulator.ts'
import { type BlockWriter, createBlockWriter } from '../../messages/block-writer.ts'
import type {
	BlockDelta,
	ErrorBody,
	EventOutput,
	Message,
	OutputBlock,
	StreamEvent,
} from '../../messages/events.ts'
import { messageRequestSchema } from '../../messages/request.ts'
import { createSseEncoder } from '../../messages/sse-encoder.ts'
import type { ConvertedRequest, ResponseContext } from '../contract.ts'
import { buildRequest } from './request.ts'
import { readResponse } from './response.ts'
import { createStreamTransform } from './stream.ts'
import type { GenerateContentRequest } from './wire.ts'

/** What the tests of this folder share. */
export interface Outcome {
	message: Message | undefined
	error: ErrorBody['error'] | undefined
	events: StreamEvent[]
	/** What a streaming client gets. */
	sse: string
	blocks: BlockWriter
	known: boolean
}

const target = { baseUrl: 'https://gemini.test', authStyle: 'auto', extraHeaders: {} } as const

/** Converts a request that is valid at the proxy's door; `max_tokens` may be left out. */
export function convert(
	body: Record<string, unknown>,
	model = 'gemini-2.5-flash',
): ConvertedRequest & { body: GenerateContentRequest } {
	const request = messageRequestSchema.parse({ model: 'claude', max_tokens: 1000, ...body })
	const converted = buildRequest({ request, model, target, stream: false })
	return { ...converted, body: JSON.parse(converted.outgoing.body as string) as GenerateContentRequest }
}

/** Reads chunks as a stream. */
export function readStream(chunks: readonly unknown[], context: Partial<ResponseContext> = {}): Outcome {
	return run(context, (blocks, whole) => {
		const transform = createStreamTransform(blocks, whole)
		for (const chunk of chunks) transform.push(typeof chunk === 'string' ? chunk : JSON.stringify(chunk))
		transform.end()
		return true
	})
}

/** Reads one JSON answer. */
export function readJson(body: unknown, context: Partial<ResponseContext> = {}): Outcome {
	return run(context, (blocks, whole) => readResponse(body, blocks, whole))
}

/** A chunk, or an answer, with these parts. */
export function answer(parts: unknown[], finishReason?: string, more: Record<string, unknown> = {}): object {
	return {
		candidates: [
			{
				content: { role: 'model', parts },
				...(finishReason !== undefined && { finishReason }),
				index: 0,
				...more,
			},
		],
	}
}

function run(
	context: Partial<ResponseContext>,
	work: (blocks: BlockWriter, context: ResponseContext) => boolean,
): Outcome {
	let ids = 0
	const newToolId = () => `toolu_${++ids}`
	const accumulator = createAccumulator()
	const encoder = createSseEncoder()
	const events: StreamEvent[] = []
	const output = tee([accumulator, encoder, recorder(events)])
	const blocks = createBlockWriter(output, { messageId: 'msg_1', model: 'claude', inputTokens: 9, newToolId })
	const known = work(blocks, {
		toolNames: new Map(),
		upstreamModel: 'gemini-2.5-flash',
		stopSequences: [],
		newToolId,
		...context,
	})
	return {
		message: accumulator.message,
		error: accumulator.error,
		events,
		sse: encoder.take(),
		blocks,
		known,
	}
}

function tee(outputs: readonly EventOutput[]): EventOutput {
	return {
		event: event => outputs.forEach(output => void output.event(event)),
		textDelta: (index, text) => outputs.forEach(output => void output.textDelta(index, text)),
		thinkingDelta: (index, text) => outputs.forEach(output => void output.thinkingDelta(index, text)),
		jsonDelta: (index, text) => outputs.forEach(output => void output.jsonDelta(index, text)),
	}
}

function recorder(events: StreamEvent[]): EventOutput {
	const delta = (index: number, delta: BlockDelta) =>
		void events.push({ type: 'content_block_delta', index, delta })
	return {
		event: event => void events.push(structuredClone(event)),
		textDelta: (index, text) => delta(index, { type: 'text_delta', text }),
		thinkingDelta: (index, thinking) => delta(index, { type: 'thinking_delta', thinking }),
		jsonDelta: (index, partial_json) => delta(index, { type: 'input_json_delta', partial_json }),
	}
}

const deltaTypes: Readonly<Record<string, readonly BlockDelta['type'][]>> = {
	text: ['text_delta', 'citations_delta'],
	thinking: ['thinking_delta', 'signature_delta'],
	tool_use: ['input_json_delta'],
}

/** The first breach of the rules of Anthropic's event order, or undefined. */
export function findIllegalEvent(events: readonly StreamEvent[]): string | undefined {
	let open: { index: number; block: OutputBlock } | undefined
	let next = 0
	let phase: 'before' | 'content' | 'delta' | 'over' = 'before'
	for (const event of events) {
		if (phase === 'over') return `${event.type} after the end`
		if (event.type === 'message_start') {
			if (phase !== 'before') return 'a second message_start'
			phase = 'content'
		} else if (event.type === 'content_block_start') {
			if (phase !== 'content' || open || event.index !== next++) return `start of block ${event.index}`
			open = { index: event.index, block: event.content_block }
		} else if (event.type === 'content_block_delta') {
			const fits = open && deltaTypes[open.block.type]?.includes(event.delta.type)
			if (!open || event.index !== open.index || !fits) return `${event.delta.type} for block ${event.index}`
		} else if (event.type === 'content_block_stop') {
			if (event.index !== open?.index) return `stop of block ${event.index}`
			open = undefined
		} else if (event.type === 'message_delta') {
			if (phase !== 'content' || open) return 'message_delta too early'
			phase = 'delta'
		} else if (event.type === 'message_stop') {
			if (phase !== 'delta') return 'message_stop without message_delta'
			phase = 'over'
		} else if (event.type === 'error') {
			if (open || phase === 'delta') return 'an error in the middle of a block'
			phase = 'over'
		}
	}
	return phase === 'over' ? undefined : 'no end'
}
