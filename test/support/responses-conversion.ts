import type { ConvertedRequest, ResponseContext } from '../../core/upstreams/contract.ts'
import { responses } from '../../core/upstreams/responses/index.ts'
import type { ResponsesRequest } from '../../core/upstreams/responses/wire.ts'
import { type ConvertOptions, convertWith, type Reading, readAnswerOf, readStreamOf } from './conversion.ts'
import { checkBody } from './upstreams/responses/server.ts'

/** For tests of the type `responses`: conversions, answers as the API sends them, the strict upstream's rules. */
export { ask, readWithSdk } from './conversion.ts'

export function readStream(events: readonly unknown[], changes?: Partial<ResponseContext>): Reading {
	return readStreamOf(responses, events, changes)
}

export function readAnswer(body: unknown, changes?: Partial<ResponseContext>) {
	return readAnswerOf(responses, body, changes)
}

export function convert(
	request: Record<string, unknown>,
	options: ConvertOptions = {},
): ConvertedRequest & { body: ResponsesRequest } {
	return convertWith(responses, request, options)
}

/** Throws what the strict upstream of the tests would refuse, by the same checks in the same order. */
export function expectAccepted(body: unknown): void {
	checkBody(body)
}

type Json = Record<string, unknown>

/** An event about an output item; its id is made from the index. */
export function event(type: string, index: number, fields: object = {}): Json {
	return { type: `response.${type}`, output_index: index, item_id: `item_${index}`, ...fields }
}

export const added = (index: number, item: Json) =>
	event('output_item.added', index, { item: withId(index, item) })
export const done = (index: number, item: Json) =>
	event('output_item.done', index, { item: withId(index, item) })
const withId = (index: number, item: Json) => ({ id: `item_${index}`, ...item })

export const textDelta = (index: number, delta: string) =>
	event('output_text.delta', index, { content_index: 0, delta })
export const summaryDelta = (index: number, delta: string, part = 0) =>
	event('reasoning_summary_text.delta', index, { summary_index: part, delta })
export const jsonDelta = (index: number, delta: string) =>
	event('function_call_arguments.delta', index, { delta })

export function text(content: string, more: object = {}): Json {
	const part = { type: 'output_text', text: content, annotations: [], ...more }
	return { type: 'message', role: 'assistant', content: [part] }
}

export function call(name: string, args: unknown, id = 'call_a'): Json {
	return { type: 'function_call', call_id: id, name, arguments: args }
}

export function reasoning(summary: readonly string[], encrypted?: string): Json {
	const parts = summary.map(part => ({ type: 'summary_text', text: part }))
	return {
		type: 'reasoning',
		summary: parts,
		...(encrypted !== undefined && { encrypted_content: encrypted }),
	}
}

/** A whole response, or the one inside the last event of a stream. */
export function response(output: readonly Json[], more: object = {}): Json {
	const items = output.map((item, index) => withId(index, item))
	return { id: 'resp_1', object: 'response', status: 'completed', error: null, output: items, ...more }
}

export const completed = (more: object = {}) => ({
	type: 'response.completed',
	response: response([], more),
})
