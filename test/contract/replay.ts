import Anthropic from '@anthropic-ai/sdk'
import { createAccumulator } from '../../core/messages/accumulator.ts'
import { type BlockWriter, createBlockWriter } from '../../core/messages/block-writer.ts'
import type { ErrorBody, EventOutput, Message, StreamEvent } from '../../core/messages/events.ts'
import { createSseEncoder } from '../../core/messages/sse-encoder.ts'
import { createSseParser } from '../../core/messages/sse-parser.ts'
import type { ConvertingAdapter, ResponseContext } from '../../core/upstreams/contract.ts'

/** What the answer's conversion knows of the request. */
export type AnswerContext = Pick<ResponseContext, 'toolNames' | 'stopSequences'> & { model: string }

export interface Outcome {
	message: Message | undefined
	error: ErrorBody['error'] | undefined
	blocks: BlockWriter
}

/** The proxy's estimate of input tokens, where an upstream says nothing. */
const estimate = 11
const madeId = 'toolu_made_by_proxy_'

/** Reads a JSON answer as a client that does not stream gets it. */
export function readJsonAnswer(adapter: ConvertingAdapter, answer: unknown, context: AnswerContext): Outcome {
	const accumulator = createAccumulator()
	const { blocks, whole } = prepare(accumulator, context)
	if (!adapter.readResponse(answer, blocks, whole)) {
		const error = { type: 'api_error', message: 'the upstream answered with foreign JSON' }
		return { message: undefined, error, blocks }
	}
	return { message: accumulator.message, error: accumulator.error, blocks }
}

/**
 * Reads a stream as a client that streams gets it.
 *
 * @param size bytes of each piece that the socket brings; the whole at once when absent
 */
export function readStream(adapter: ConvertingAdapter, sse: string, context: AnswerContext, size?: number) {
	const encoder = createSseEncoder()
	const { blocks, whole } = prepare(encoder, context)
	const transform = adapter.createStreamTransform(blocks, whole)
	const parser = createSseParser(
		data => {
			if (!blocks.over) transform.push(data)
		},
		message => blocks.fail({ type: 'api_error', message }),
	)
	const bytes = new TextEncoder().encode(sse)
	const step = size ?? Math.max(1, bytes.length)
	for (let at = 0; at < bytes.length; at += step) parser.feed(bytes.subarray(at, at + step))
	parser.end()
	transform.end()
	return { sse: encoder.take(), blocks }
}

function prepare(output: EventOutput, { model, ...known }: AnswerContext) {
	let made = 0
	const newToolId = () => `${madeId}${++made}`
	const options = { messageId: 'msg_contract', model, inputTokens: estimate, newToolId }
	const whole: ResponseContext = { ...known, upstreamModel: model, newToolId }
	return { blocks: createBlockWriter(output, options), whole }
}

export function decodeEvents(sse: string): StreamEvent[] {
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

/** The message of a stream, put together by the accumulator of JSON answers. */
export function gatherMessage(events: readonly StreamEvent[]): Pick<Outcome, 'message' | 'error'> {
	const accumulator = createAccumulator()
	for (const event of events) accumulator.event(event)
	return { message: accumulator.message, error: accumulator.error }
}

/** What the Anthropic SDK makes of the stream, from its bytes on. */
export async function readWithSdk(sse: string): Promise<Anthropic.Message> {
	const answer = async () => new Response(sse, { headers: { 'content-type': 'text/event-stream' } })
	const client = new Anthropic({ apiKey: 'unused', maxRetries: 0, fetch: answer })
	const messages = [{ role: 'user' as const, content: 'any' }]
	return await client.messages.stream({ model: 'any', max_tokens: 1, messages }).finalMessage()
}

/** A copy in which ids that the proxy made read `<id>`. */
export function hideIds<Value>(value: Value): Value {
	const text = JSON.stringify(value, (name, member: unknown) => {
		const isMade = typeof member === 'string' && (member.includes(madeId) || member === 'msg_contract')
		return (name === 'id' || name === 'tool_use_id') && isMade ? '<id>' : member
	})
	return JSON.parse(text)
}
