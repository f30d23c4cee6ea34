import type { StopReason } from '../../messages/events.ts'

/** OpenAI's finish reasons and those of servers that speak its dialect, in lower case. */
const reasons: Readonly<Record<string, StopReason>> = {
	stop: 'end_turn',
	end_turn: 'end_turn',
	eos: 'end_turn',
	completed: 'end_turn',
	stop_sequence: 'stop_sequence',
	length: 'max_tokens',
	max_tokens: 'max_tokens',
	max_output_tokens: 'max_tokens',
	tool_calls: 'tool_use',
	tool_use: 'tool_use',
	function_call: 'tool_use',
	content_filter: 'refusal',
	refusal: 'refusal',
	safety: 'refusal',
	sensitive: 'refusal', // Zhipu
	prohibited_content: 'refusal',
	recitation: 'refusal',
	blocklist: 'refusal',
	spii: 'refusal',
	context_length_exceeded: 'model_context_window_exceeded',
	model_length: 'model_context_window_exceeded', // Mistral
	model_context_window_exceeded: 'model_context_window_exceeded',
}

/**
 * Reasons that are faults: OpenRouter `error`, vLLM and SGLang `abort`, Zhipu `network_error`, DeepSeek the fourth, Gemini
 * the others: calls that its model could not write.
 */
const faults: ReadonlySet<string> = new Set([
	'error',
	'abort',
	'network_error',
	'insufficient_system_resource',
	'function_call_filter',
	'malformed_function_call',
])

/** Undefined for a reason that nobody documents. Gemini adds its own after a colon: `content_filter: RECITATION`. */
export function toStopReason(finishReason: string): StopReason | 'fault' | undefined {
	const reason = finishReason.toLowerCase().replace(/\s*:.*$/s, '')
	return faults.has(reason) ? 'fault' : Object.hasOwn(reasons, reason) ? reasons[reason] : undefined
}
