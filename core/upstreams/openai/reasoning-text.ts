import { isRecord } from '../shared/failure.ts'

/**
 * A delta's or message's reasoning: `reasoning_content` (DeepSeek, Moonshot, vLLM), `reasoning` (OpenRouter, Groq),
 * `reasoning_details` or `reasoning_text` (GitHub Copilot). Routers send several with the same text: the first that says something counts.
 */
export function readReasoning(delta: Record<string, unknown>): string {
	const { reasoning_content: content, reasoning, reasoning_details: details } = delta
	if (typeof content === 'string' && content !== '') return content
	if (typeof reasoning === 'string' && reasoning !== '') return reasoning
	if (Array.isArray(details)) return details.map(readDetail).join('')
	return typeof delta.reasoning_text === 'string' ? delta.reasoning_text : ''
}

/** Encrypted details are of no use to anyone but their maker. */
function readDetail(detail: unknown): string {
	if (!isRecord(detail)) return ''
	if (typeof detail.text === 'string') return detail.text
	return typeof detail.summary === 'string' ? detail.summary : ''
}

/** The text in a part of type `thinking`, as Mistral sends it: a string or parts again. */
export function readThinkingPart(part: Record<string, unknown>): string {
	const { thinking } = part
	if (typeof thinking === 'string') return thinking
	return Array.isArray(thinking) ? thinking.map(readDetail).join('') : readDetail(part)
}
