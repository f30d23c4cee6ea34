import {
	argumentsText,
	joinedText,
	piecesOf,
	roughTokens,
	type ScriptedAnswer,
	type ScriptedCitation,
} from '../script.ts'
import type { Rendered } from '../vendor.ts'

export interface RenderContext {
	model: string
	/** Counts answers of this server: ids are made from it, so that runs are alike. */
	serial: number
	includeUsage: boolean
	/** The member that carries thinking: DeepSeek and its like say `reasoning_content`, others `reasoning`. */
	reasoningField: 'reasoning_content' | 'reasoning'
	requestBytes: number
}

/** An answer as Chat Completions gives it: https://platform.openai.com/docs/api-reference/chat/streaming */
export function renderAnswer(answer: ScriptedAnswer, context: RenderContext): Rendered {
	const calls = (answer.toolCalls ?? []).map((call, index) => ({
		id: call.id ?? `call_${String(context.serial * 100 + index).padStart(24, '0')}`,
		type: 'function',
		function: { name: call.name, arguments: argumentsText(call) },
	}))
	const finish = answer.omitFinish ? null : (answer.finish ?? (calls.length > 0 ? 'tool_calls' : 'stop'))
	const shared = {
		id: `chatcmpl-${String(context.serial).padStart(29, '0')}`,
		created: Math.floor(Date.now() / 1000),
		model: context.model,
		service_tier: 'default',
		system_fingerprint: 'fp_0000000000',
	}
	const text = joinedText(answer.text)
	const thinking = joinedText(answer.thinking)
	const usage = renderUsage(answer, context)
	const message = {
		role: 'assistant',
		content: text === '' && calls.length > 0 ? null : text,
		refusal: null,
		...(thinking ? { [context.reasoningField]: thinking } : {}),
		...(calls.length > 0 ? { tool_calls: calls } : {}),
		annotations: renderCitations(answer.citations, text),
	}
	const json = {
		...shared,
		object: 'chat.completion',
		choices: [{ index: 0, message, logprobs: null, finish_reason: finish }],
		usage,
	}
	const chunk = (choices: unknown[], usageOfChunk: unknown = null) =>
		frame({
			...shared,
			object: 'chat.completion.chunk',
			choices,
			...(context.includeUsage ? { usage: usageOfChunk } : {}),
		})
	return { json, frames: renderFrames(answer, calls, finish, context, chunk, usage) }
}

interface Call {
	id: string
	type: string
	function: { name: string; arguments: string }
}

function renderFrames(
	answer: ScriptedAnswer,
	calls: readonly Call[],
	finish: string | null,
	context: RenderContext,
	chunk: (choices: unknown[], usage?: unknown) => string,
	usage: unknown,
): string[] {
	const delta = (content: unknown, reason: string | null = null) =>
		chunk([{ index: 0, delta: content, logprobs: null, finish_reason: reason }])
	const frames = [
		delta({ role: 'assistant', content: calls.length > 0 && !answer.text ? null : '', refusal: null }),
	]
	for (const piece of piecesOf(answer.thinking)) frames.push(delta({ [context.reasoningField]: piece }))
	for (const piece of piecesOf(answer.text)) frames.push(delta({ content: piece }))
	if (answer.citations?.length) {
		frames.push(delta({ annotations: renderCitations(answer.citations, joinedText(answer.text)) }))
	}
	for (const [index, call] of calls.entries()) {
		const { name, arguments: args } = call.function
		frames.push(
			delta({ tool_calls: [{ index, id: call.id, type: 'function', function: { name, arguments: '' } }] }),
		)
		for (const piece of fragmentsOf(args)) {
			frames.push(delta({ tool_calls: [{ index, function: { arguments: piece } }] }))
		}
	}
	if (finish !== null) frames.push(delta({}, finish))
	if (context.includeUsage) frames.push(chunk([], usage))
	if (!answer.omitDone) frames.push('data: [DONE]\n\n')
	return frames
}

/** Arguments come a few characters at a time, cut without regard to JSON. */
function fragmentsOf(text: string): string[] {
	return text.match(/[\s\S]{1,12}/g) ?? []
}

function frame(data: unknown): string {
	return `data: ${JSON.stringify(data)}\n\n`
}

function renderUsage(answer: ScriptedAnswer, context: RenderContext) {
	const { usage = {} } = answer
	const written =
		joinedText(answer.text) +
		joinedText(answer.thinking) +
		(answer.toolCalls ?? []).map(argumentsText).join('')
	const input = usage.input ?? Math.ceil(context.requestBytes / 4)
	const output = usage.output ?? roughTokens(written)
	return {
		prompt_tokens: input,
		completion_tokens: output,
		total_tokens: input + output,
		prompt_tokens_details: { cached_tokens: usage.cachedInput ?? 0, audio_tokens: 0 },
		completion_tokens_details: {
			reasoning_tokens: usage.thinking ?? 0,
			audio_tokens: 0,
			accepted_prediction_tokens: 0,
			rejected_prediction_tokens: 0,
		},
	}
}

function renderCitations(citations: readonly ScriptedCitation[] | undefined, text: string) {
	return (citations ?? []).map(({ url, title, quote }) => {
		const start = quote === undefined ? 0 : Math.max(0, text.indexOf(quote))
		const end = quote === undefined ? text.length : start + quote.length
		return { type: 'url_citation', url_citation: { url, title, start_index: start, end_index: end } }
	})
}
