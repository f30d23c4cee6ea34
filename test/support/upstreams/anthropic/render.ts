import {
	argumentsText,
	joinedText,
	piecesOf,
	roughTokens,
	type ScriptedAnswer,
	type ScriptedCitation,
	type ScriptedToolCall,
} from '../script.ts'
import type { Rendered } from '../vendor.ts'

export interface RenderContext {
	model: string
	serial: number
	requestBytes: number
	/** The request asked for thinking to be left out: the block is empty but signed. */
	omitsThinking: boolean
	mintSignature(thinking: string): string
}

interface RenderedBlock {
	block: Record<string, unknown>
	/** The block as `content_block_start` has it. */
	start: Record<string, unknown>
	deltas: Record<string, unknown>[]
}

/** An answer as the Messages API gives it: https://docs.anthropic.com/en/docs/build-with-claude/streaming */
export function renderAnswer(answer: ScriptedAnswer, context: RenderContext): Rendered {
	const blocks = renderBlocks(answer, context)
	const stopReason = answer.finish ?? (answer.toolCalls?.length ? 'tool_use' : 'end_turn')
	const stop = {
		stop_reason: answer.omitFinish ? null : stopReason,
		stop_sequence: null,
		stop_details: stopReason === 'refusal' ? { type: 'refusal', category: null, explanation: null } : null,
	}
	const usage = renderUsage(answer, context)
	const message = {
		id: `msg_${String(context.serial).padStart(24, '0')}`,
		type: 'message',
		role: 'assistant',
		model: context.model,
		container: null,
		diagnostics: null,
	}
	const json = { ...message, content: blocks.map(({ block }) => block), ...stop, usage }
	const begin = { stop_reason: null, stop_sequence: null, stop_details: null }
	const frames = [
		frame({
			type: 'message_start',
			message: { ...message, content: [], ...begin, usage: { ...usage, output_tokens: 1 } },
		}),
	]
	for (const [index, { start, deltas }] of blocks.entries()) {
		frames.push(frame({ type: 'content_block_start', index, content_block: start }))
		if (index === 0) frames.push(frame({ type: 'ping' }))
		for (const delta of deltas) frames.push(frame({ type: 'content_block_delta', index, delta }))
		frames.push(frame({ type: 'content_block_stop', index }))
	}
	if (!answer.omitFinish) {
		const {
			service_tier: _tier,
			inference_geo: _geo,
			speed: _speed,
			cache_creation: _creation,
			...totals
		} = usage
		frames.push(frame({ type: 'message_delta', delta: stop, usage: totals }))
	}
	if (!answer.omitDone) frames.push(frame({ type: 'message_stop' }))
	return { json, frames }
}

function renderBlocks(answer: ScriptedAnswer, context: RenderContext): RenderedBlock[] {
	const blocks: RenderedBlock[] = []
	if (answer.thinking !== undefined) blocks.push(renderThinking(answer.thinking, context))
	if (answer.text !== undefined && joinedText(answer.text) !== '')
		blocks.push(renderText(answer.text, answer.citations))
	for (const [index, call] of (answer.toolCalls ?? []).entries()) {
		blocks.push(
			renderToolUse(call, call.id ?? `toolu_${String(context.serial * 100 + index).padStart(24, '0')}`),
		)
	}
	return blocks
}

function renderThinking(scripted: string | readonly string[], context: RenderContext): RenderedBlock {
	const thinking = context.omitsThinking ? '' : joinedText(scripted)
	const signature = context.mintSignature(thinking)
	const deltas = (context.omitsThinking ? [] : piecesOf(scripted)).map(piece => ({
		type: 'thinking_delta',
		thinking: piece,
	}))
	return {
		block: { type: 'thinking', thinking, signature },
		start: { type: 'thinking', thinking: '', signature: '' },
		deltas: [...deltas, { type: 'signature_delta', signature }],
	}
}

function renderText(
	scripted: string | readonly string[],
	citations: readonly ScriptedCitation[] | undefined,
): RenderedBlock {
	const text = joinedText(scripted)
	const cited = citations?.map(({ url, title, quote }) => ({
		type: 'web_search_result_location',
		cited_text: quote ?? text,
		encrypted_index: 'c2NyaXB0ZWQ=',
		title,
		url,
	}))
	return {
		block: { type: 'text', text, citations: cited ?? null },
		start: { type: 'text', text: '', citations: cited ? [] : null },
		deltas: [
			...piecesOf(scripted).map(piece => ({ type: 'text_delta', text: piece })),
			...(cited ?? []).map(citation => ({ type: 'citations_delta', citation })),
		],
	}
}

function renderToolUse(call: ScriptedToolCall, id: string): RenderedBlock {
	const text = argumentsText(call)
	const block = { type: 'tool_use', id, name: call.name, caller: { type: 'direct' } }
	const fragments = ['', ...(text.match(/[\s\S]{1,12}/g) ?? [])]
	return {
		block: { ...block, input: typeof call.args === 'string' ? parseOrEmpty(call.args) : (call.args ?? {}) },
		start: { ...block, input: {} },
		deltas: fragments.map(piece => ({ type: 'input_json_delta', partial_json: piece })),
	}
}

/** In a whole message the input is JSON, so broken arguments cannot be said there. */
function parseOrEmpty(text: string): unknown {
	try {
		return JSON.parse(text)
	} catch {
		return {}
	}
}

function renderUsage(answer: ScriptedAnswer, context: RenderContext) {
	const { usage = {} } = answer
	const written =
		joinedText(answer.text) +
		joinedText(answer.thinking) +
		(answer.toolCalls ?? []).map(argumentsText).join('')
	const cached = usage.cachedInput ?? 0
	return {
		input_tokens: (usage.input ?? Math.ceil(context.requestBytes / 4) + cached) - cached,
		cache_creation_input_tokens: 0,
		cache_read_input_tokens: cached,
		cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 0 },
		output_tokens: usage.output ?? roughTokens(written),
		output_tokens_details: usage.thinking === undefined ? null : { thinking_tokens: usage.thinking },
		server_tool_use: null,
		service_tier: 'standard',
		inference_geo: null,
		speed: null,
	}
}

function frame(data: { type: string; [member: string]: unknown }): string {
	return `event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`
}
