import type { Answer } from '../answer.ts'
import { sse, tool, usage } from './common.ts'

const tail = { modelVersion: 'gemini-2.5-flash', responseId: 'bench000000000000000001' }
const usageMetadata = {
	promptTokenCount: usage.input,
	candidatesTokenCount: usage.output,
	totalTokenCount: usage.input + usage.output,
}

/** https://ai.google.dev/api/generate-content. A tool call comes in one part: the API has no fragments of it. */
export function renderGemini(answer: Answer): string[] {
	const whole = answer.pieces.join('')
	if (answer.kind === 'tool') {
		const response = render([{ functionCall: { name: tool.name, args: JSON.parse(whole) } }], 'STOP')
		return [answer.stream ? sse(response) : JSON.stringify(response)]
	}
	if (!answer.stream) return [JSON.stringify(render([{ text: whole }], 'STOP'))]
	const last = answer.pieces.length - 1
	return answer.pieces.map((text, index) => sse(render([{ text }], index === last ? 'STOP' : undefined)))
}

function render(parts: object[], finishReason: string | undefined): object {
	const candidate = { content: { parts, role: 'model' }, ...(finishReason && { finishReason }), index: 0 }
	return { candidates: [candidate], usageMetadata, ...tail }
}
