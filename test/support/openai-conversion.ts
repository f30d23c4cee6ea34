import { MessageStream } from '@anthropic-ai/sdk/lib/MessageStream'
import { createAccumulator } from '../../core/messages/accumulator.ts'
import { type BlockWriter, createBlockWriter } from '../../core/messages/block-writer.ts'
import type { StreamEvent } from '../../core/messages/events.ts'
import { messageRequestSchema } from '../../core/messages/request.ts'
import { createSseEncoder } from '../../core/messages/sse-encoder.ts'
import { createSseParser } from '../../core/messages/sse-parser.ts'
import type { ConvertedRequest, ConvertInput, ResponseContext } from '../../core/upstreams/contract.ts'
import { openai, openaiold } from '../../core/upstreams/openai/index.ts'
import type { ChatRequest, Dialect } from '../../core/upstreams/openai/wire.ts'
import { checkMessages } from './upstreams/openai/message-rules.ts'
import { checkCombinations, checkModelRules, checkTools } from './upstreams/openai/rules.ts'
import {
	oldRequestSchema,
	requestSchema,
	type ChatRequest as StrictRequest,
} from './upstreams/openai/schema.ts'

/** For tests of the OpenAI types: the real writer, encoder and parser, the SDK's own reader, the strict upstream. */
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
export function readStream(chunks: readonly unknown[], changes?: Partial<ResponseContext>): Reading {
	const encoder = createSseEncoder()
	const blocks = createBlockWriter(encoder, writerOptions())
	const transform = openai.createStreamTransform(blocks, contextFor(changes))
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
export function readAnswer(body: unknown, changes?: Partial<ResponseContext>) {
	const accumulator = createAccumulator()
	const blocks = createBlockWriter(accumulator, writerOptions())
	const understood = openai.readResponse(body, blocks, contextFor(changes))
	return { understood, blocks, message: accumulator.message, error: accumulator.error }
}

/** What the Anthropic SDK makes of the events: it throws where they are not legal. */
export async function readWithSdk(events: readonly StreamEvent[]) {
	const lines = events.map(event => `${JSON.stringify(event)}\n`).join('')
	const body = new Blob([lines]).stream()
	return await MessageStream.fromReadableStream(body).finalMessage()
}

export function delta(fields: object, finishReason: string | null = null, more: object = {}) {
	const choices = [{ index: 0, delta: fields, finish_reason: finishReason }]
	return { id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1, model: 'gpt-4o', choices, ...more }
}

export function callDelta(fragment: object) {
	return delta({ tool_calls: [fragment] })
}

export function completion(message: object, finishReason: string | null = 'stop', more: object = {}) {
	const choices = [{ index: 0, message: { role: 'assistant', ...message }, finish_reason: finishReason }]
	return { id: 'chatcmpl-1', object: 'chat.completion', created: 1, model: 'gpt-4o', choices, ...more }
}

export interface Conversion extends ConvertedRequest {
	body: ChatRequest
}

/** Converts a client's request as the proxy does: validated first. */
export function convert(
	request: Record<string, unknown>,
	options: { dialect?: Dialect; baseUrl?: string; model?: string; stream?: boolean } = {},
): Conversion {
	const parsed = messageRequestSchema.parse({ model: 'claude-opus-5-5', max_tokens: 1000, ...request })
	const input: ConvertInput = {
		request: parsed,
		model: options.model ?? 'some-model',
		target: { baseUrl: options.baseUrl ?? 'https://relay.example/v1', authStyle: 'auto', extraHeaders: {} },
		stream: options.stream ?? false,
	}
	const adapter = options.dialect === 'openaiold' ? openaiold : openai
	const converted = adapter.buildRequest(input)
	return { ...converted, body: JSON.parse(String(converted.outgoing.body)) }
}

export const ask = (content: unknown) => [{ role: 'user', content }]

/** Throws what the strict upstream of the tests would refuse, by the same checks in the same order. */
export function expectAccepted(body: unknown, dialect: Dialect): void {
	const checked = (dialect === 'openai' ? requestSchema : oldRequestSchema).parse(body) as StrictRequest
	checkCombinations(checked)
	checkTools(checked)
	checkMessages(checked.messages)
	if (dialect === 'openai') checkModelRules(checked)
}
