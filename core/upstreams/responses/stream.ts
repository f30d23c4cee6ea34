import type { BlockWriter } from '../../messages/block-writer.ts'
import type { ResponseContext, StreamTransform } from '../contract.ts'
import { isRecord } from '../shared/failure.ts'
import { createEventReader } from '../shared/learnt-events.ts'
import { failWithOpenAiError } from '../shared/openai-error.ts'
import { Answer } from './answer.ts'
import { readIndex, readText } from './output-items.ts'

const changing = ['sequence_number', 'delta', 'obfuscation']

/** Streaming events: https://platform.openai.com/docs/api-reference/responses-streaming */
export function createStreamTransform(blocks: BlockWriter, context: ResponseContext): StreamTransform {
	const answer = new Answer(blocks, context)
	const parseEvent = createEventReader(changing)
	return {
		push(data) {
			if (blocks.over) return
			const event = parseEvent(data)
			if (isRecord(event)) readEvent(event, answer, blocks)
		},
		end() {
			blocks.end()
		},
	}
}

type Event = Record<string, unknown>

function readEvent(event: Event, answer: Answer, blocks: BlockWriter): void {
	switch (event.type) {
		case 'response.output_text.delta':
			return answer.append(answer.items.of(event, 'message'), 'text', partOf(event), readText(event.delta))
		case 'response.output_text.done':
			return answer.complete(answer.items.of(event, 'message'), 'text', partOf(event), event.text)
		case 'response.refusal.delta':
			return answer.append(answer.items.of(event, 'message'), 'refusal', partOf(event), readText(event.delta))
		case 'response.refusal.done':
			return answer.complete(answer.items.of(event, 'message'), 'refusal', partOf(event), event.refusal)
		case 'response.output_text.annotation.added':
			return answer.annotate(answer.items.of(event, 'message'), partOf(event), event.annotation)
		case 'response.content_part.done':
			return readPart(event, answer)
		case 'response.function_call_arguments.delta':
			return answer.append(answer.items.of(event, 'function_call'), 'arguments', 0, readText(event.delta))
		case 'response.function_call_arguments.done':
			return answer.complete(answer.items.of(event, 'function_call'), 'arguments', 0, event.arguments)
		case 'response.output_item.added':
		case 'response.output_item.done':
			return readItem(event, answer)
		default:
			return isReasoning(event.type) ? readReasoning(event, answer) : readState(event, answer, blocks)
	}
}

function readPart(event: Event, answer: Answer): void {
	const { part } = event
	if (!isRecord(part)) return
	if (part.type === 'reasoning_text') {
		answer.complete(answer.items.of(event, 'reasoning'), 'reasoning', partOf(event), part.text)
	} else answer.completePart(answer.items.of(event, 'message'), partOf(event), part)
}

function readItem(event: Event, answer: Answer): void {
	if (!isRecord(event.item)) return
	if (event.type === 'response.output_item.done') {
		answer.finishItem(answer.items.finished(event.item, event.output_index), event.item)
		return
	}
	const item = answer.items.added(event.item, event.output_index)
	if (item.type === 'function_call') answer.startCall(item, event.item)
}

const isReasoning = (type: unknown) => typeof type === 'string' && type.startsWith('response.reasoning')

function readReasoning(event: Event, answer: Answer): void {
	const item = answer.items.of(event, 'reasoning')
	const summary = readIndex(event.summary_index) ?? 0
	switch (event.type) {
		case 'response.reasoning_summary_text.delta':
			return answer.append(item, 'summary', summary, readText(event.delta))
		case 'response.reasoning_summary_text.done':
			return answer.complete(item, 'summary', summary, event.text)
		case 'response.reasoning_text.delta':
			return answer.append(item, 'reasoning', partOf(event), readText(event.delta))
		case 'response.reasoning_text.done':
			return answer.complete(item, 'reasoning', partOf(event), event.text)
	}
}

/** What concerns the whole response. Events this version does not know say nothing that must be passed on. */
function readState(event: Event, answer: Answer, blocks: BlockWriter): void {
	const response = isRecord(event.response) ? event.response : {}
	switch (event.type) {
		case 'response.created':
		case 'response.in_progress':
			return answer.readEcho(response)
		case 'response.completed':
			return answer.finish({ status: 'completed', ...response })
		case 'response.incomplete':
			return answer.finish({ status: 'incomplete', ...response })
		case 'response.failed':
			return answer.finish({ status: 'failed', ...response })
		// Of the realtime API; some relays use its name.
		case 'response.done':
			return answer.finish(response)
		case 'error':
		case undefined:
			if (failWithOpenAiError(blocks, event) || event.type === undefined) return
			return blocks.fail({ type: 'api_error', message: 'the upstream reported an error' })
	}
}

function partOf(event: Event): number {
	return readIndex(event.content_index) ?? 0
}
