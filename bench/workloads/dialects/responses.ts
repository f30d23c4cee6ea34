import type { Answer } from '../answer.ts'
import { sse, tool, usage } from './common.ts'

const head = {
	id: 'resp_bench000000000000000000000001',
	object: 'response',
	created_at: 1_760_000_000,
	model: 'gpt-4.1-2025-04-14',
	tools: [],
}
const counts = {
	input_tokens: usage.input,
	input_tokens_details: { cached_tokens: 0 },
	output_tokens: usage.output,
	output_tokens_details: { reasoning_tokens: 0 },
	total_tokens: usage.input + usage.output,
}

/** https://platform.openai.com/docs/api-reference/responses and /responses-streaming */
export function renderResponses(answer: Answer): string[] {
	return answer.stream ? renderEvents(answer) : [JSON.stringify(complete(answer))]
}

const isTool = ({ kind }: Answer) => kind === 'tool'
const itemId = (answer: Answer) => (isTool(answer) ? 'fc_bench0001' : 'msg_bench0001')

function complete(answer: Answer): object {
	return { ...head, status: 'completed', output: [renderItem(answer, answer.pieces.join(''))], usage: counts }
}

function renderItem(answer: Answer, whole: string): object {
	const common = { id: itemId(answer), status: 'completed' }
	if (isTool(answer)) {
		return { ...common, type: 'function_call', call_id: tool.id, name: tool.name, arguments: whole }
	}
	return { ...common, type: 'message', role: 'assistant', content: [renderPart(whole)] }
}

const renderPart = (text: string) => ({ type: 'output_text', text, annotations: [] })

function renderEvents(answer: Answer): string[] {
	const whole = answer.pieces.join('')
	const kind = isTool(answer) ? 'function_call_arguments' : 'output_text'
	const place = { item_id: itemId(answer), output_index: 0, ...(!isTool(answer) && { content_index: 0 }) }
	const events: { type: string }[] = [
		{ type: 'response.created', ...{ response: { ...head, status: 'in_progress', output: [] } } },
		{ type: 'response.output_item.added', ...{ output_index: 0, item: openItem(answer) } },
		...answer.pieces.map(delta => ({ type: `response.${kind}.delta`, ...place, delta })),
		{ type: `response.${kind}.done`, ...place, ...(isTool(answer) ? { arguments: whole } : { text: whole }) },
		{ type: 'response.output_item.done', ...{ output_index: 0, item: renderItem(answer, whole) } },
		{ type: 'response.completed', ...{ response: complete(answer) } },
	]
	return events.map(({ type, ...rest }, index) => sse({ type, sequence_number: index, ...rest }, type))
}

function openItem(answer: Answer): object {
	const item = renderItem(answer, '')
	return isTool(answer) ? item : { ...item, status: 'in_progress', content: [] }
}
