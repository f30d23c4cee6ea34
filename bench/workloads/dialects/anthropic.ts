import type { Answer } from '../answer.ts'
import { sse, tool, usage } from './common.ts'

const head = {
	id: 'msg_bench000000000000000001',
	type: 'message',
	role: 'assistant',
	model: 'claude-sonnet-4-5',
}

/** https://docs.anthropic.com/en/api/messages and /en/api/messages-streaming */
export function renderAnthropic(answer: Answer): string[] {
	return answer.stream ? renderEvents(answer) : [renderMessage(answer)]
}

const stopReason = ({ kind }: Answer) => (kind === 'tool' ? 'tool_use' : 'end_turn')

function renderMessage(answer: Answer): string {
	const whole = answer.pieces.join('')
	const block =
		answer.kind === 'tool'
			? { type: 'tool_use', ...tool, input: JSON.parse(whole) }
			: { type: 'text', text: whole }
	return JSON.stringify({
		...head,
		content: [block],
		stop_reason: stopReason(answer),
		stop_sequence: null,
		usage: { input_tokens: usage.input, output_tokens: usage.output },
	})
}

function renderEvents(answer: Answer): string[] {
	const isTool = answer.kind === 'tool'
	const block = isTool ? { type: 'tool_use', ...tool, input: {} } : { type: 'text', text: '' }
	const toDelta = (piece: string) =>
		isTool ? { type: 'input_json_delta', partial_json: piece } : { type: 'text_delta', text: piece }
	const events = [
		{
			type: 'message_start',
			message: {
				...head,
				content: [],
				stop_reason: null,
				stop_sequence: null,
				usage: { input_tokens: usage.input, output_tokens: 1 },
			},
		},
		{ type: 'content_block_start', index: 0, content_block: block },
		...answer.pieces.map(piece => ({ type: 'content_block_delta', index: 0, delta: toDelta(piece) })),
		{ type: 'content_block_stop', index: 0 },
		{
			type: 'message_delta',
			delta: { stop_reason: stopReason(answer), stop_sequence: null },
			usage: { input_tokens: usage.input, output_tokens: usage.output },
		},
		{ type: 'message_stop' },
	]
	return events.map(event => sse(event, event.type))
}
