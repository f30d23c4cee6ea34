import { MessageStream } from '@anthropic-ai/sdk/lib/MessageStream'
import type { LearnedFact } from '../../core/config/learned-facts.ts'
import { createAccumulator } from '../../core/messages/accumulator.ts'
import { type BlockWriter, createBlockWriter } from '../../core/messages/block-writer.ts'
import type { StreamEvent } from '../../core/messages/events.ts'
import { messageRequestSchema } from '../../core/messages/request.ts'
import { createSseEncoder } from '../../core/messages/sse-encoder.ts'
import { createSseParser } from '../../core/messages/sse-parser.ts'
import type {
	ConvertedRequest,
	ConvertInput,
	ConvertingAdapter,
	ResponseContext,
} from '../../core/upstreams/contract.ts'

/** For tests of converting types: the real writer, encoder and parser, and the SDK's own reader. */
export interface Reading {
	events: StreamEvent[]
	blocks: BlockWriter
}

function contextFor(changes: Partial<ResponseContext> = {}): ResponseContext {
	return {
		toolNames: new Map(),
		upstreamModel: 'gpt-4o',
		stopSequences: [],
		newToolId: idMaker(),
		...changes,
	}
}

function idMaker(): () => string {
	let made = 0
	return () => `toolu_made_${++made}`
}

const writerOptions = () => ({
	messageId: 'msg_1',
	model: 'claude-opus-5-5',
	inputTokens: 11,
	newToolId: idMaker(),
})

/** What the client receives for these chunks; texts go in as they are, objects as JSON. */
export function readStreamOf(
	adapter: ConvertingAdapter,
	chunks: readonly unknown[],
	changes?: Partial<ResponseContext>,
): Reading {
	const encoder = createSseEncoder()
	const blocks = createBlockWriter(encoder, writerOptions())
	const transform = adapter.createStreamTransform(blocks, contextFor(changes))
	for (const chunk of chunks) transform.push(typeof chunk === 'string' ? chunk : JSON.stringify(chunk))
	transform.end()
	return { events: decode(encoder.take()), blocks }
}

function decode(sse: string): StreamEvent[] {
	const events: StreamEvent[] = []
	const parser = createSseParser(
		data => void events.push(JSON.parse(data)),
		message => {
			throw new Error(message)
		},
	)
	parser.feed(new TextEncoder().encode(sse))
	parser.end()
	return events
}

/** The message of a JSON answer. */
export function readAnswerOf(adapter: ConvertingAdapter, body: unknown, changes?: Partial<ResponseContext>) {
	const accumulator = createAccumulator()
	const blocks = createBlockWriter(accumulator, writerOptions())
	const understood = adapter.readResponse(body, blocks, contextFor(changes))
	return { understood, blocks, message: accumulator.message, error: accumulator.error }
}

/** What the Anthropic SDK makes of the events: it throws where they are not legal. */
export async function readWithSdk(events: readonly StreamEvent[]) {
	const lines = events.map(event => `${JSON.stringify(event)}\n`).join('')
	const body = new Blob([lines]).stream()
	return await MessageStream.fromReadableStream(body).finalMessage()
}

export interface ConvertOptions {
	baseUrl?: string
	model?: string
	stream?: boolean
	facts?: readonly LearnedFact[]
}

/** Converts a client's request as the proxy does: validated first. */
export function convertWith<Body>(
	adapter: ConvertingAdapter,
	request: Record<string, unknown>,
	options: ConvertOptions = {},
): ConvertedRequest & { body: Body } {
	const parsed = messageRequestSchema.parse({ model: 'claude-opus-5-5', max_tokens: 1000, ...request })
	const input: ConvertInput = {
		request: parsed,
		model: options.model ?? 'some-model',
		target: { baseUrl: options.baseUrl ?? 'https://relay.example/v1', authStyle: 'auto', extraHeaders: {} },
		stream: options.stream ?? false,
		...(options.facts && { facts: options.facts }),
	}
	const converted = adapter.buildRequest(input)
	return { ...converted, body: JSON.parse(String(converted.outgoing.body)) }
}

export const ask = (content: unknown) => [{ role: 'user', content }]
