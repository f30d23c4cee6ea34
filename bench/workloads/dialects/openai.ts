import type { Answer } from '../answer.ts'
import { sse, tool, usage } from './common.ts'

const head = {
	id: 'chatcmpl-bench0000000000000000000001',
	created: 1_760_000_000,
	model: 'gpt-4.1-2025-04-14',
	service_tier: 'default',
	system_fingerprint: 'fp_0123456789',
}
const counts = {
	prompt_tokens: usage.input,
	completion_tokens: usage.output,
	total_tokens: usage.input + usage.output,
	prompt_tokens_details: { cached_tokens: 0, audio_tokens: 0 },
	completion_tokens_details: { reasoning_tokens: 0, audio_tokens: 0 },
}

/** https://platform.openai.com/docs/api-reference/chat and /chat-streaming */
export function renderOpenAi(answer: Answer): string[] {
	return answer.stream ? renderChunks(answer) : [renderCompletion(answer)]
}

const finishReason = ({ kind }: Answer) => (kind === 'tool' ? 'tool_calls' : 'stop')

function renderCompletion(answer: Answer): string {
	const whole = answer.pieces.join('')
	const call = { id: tool.id, type: 'function', function: { name: tool.name, arguments: whole } }
	const content = answer.kind === 'tool' ? { content: null, tool_calls: [call] } : { content: whole }
	const message = { role: 'assistant', ...content, refusal: null, annotations: [] }
	const choice = { index: 0, message, logprobs: null, finish_reason: finishReason(answer) }
	return JSON.stringify({ ...head, object: 'chat.completion', choices: [choice], usage: counts })
}

function renderChunks(answer: Answer): string[] {
	const isTool = answer.kind === 'tool'
	const chunk = (delta: object, finish: string | null = null) =>
		sse({
			...head,
			object: 'chat.completion.chunk',
			choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }],
			usage: null,
		})
	const first = { index: 0, id: tool.id, type: 'function', function: { name: tool.name, arguments: '' } }
	const opening = isTool ? { content: null, tool_calls: [first] } : { content: '', refusal: null }
	const toDelta = (piece: string) =>
		isTool ? { tool_calls: [{ index: 0, function: { arguments: piece } }] } : { content: piece }
	return [
		chunk({ role: 'assistant', ...opening }),
		...answer.pieces.map(piece => chunk(toDelta(piece))),
		chunk({}, finishReason(answer)),
		sse({ ...head, object: 'chat.completion.chunk', choices: [], usage: counts }),
		'data: [DONE]\n\n',
	]
}
