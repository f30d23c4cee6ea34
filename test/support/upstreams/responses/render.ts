import {
	argumentsText,
	joinedText,
	piecesOf,
	roughTokens,
	type ScriptedAnswer,
	type ScriptedCitation,
} from '../script.ts'
import type { Rendered } from '../vendor.ts'
import { encryptedPrefix } from './input-rules.ts'
import type { ResponsesRequest } from './schema.ts'

export interface RenderContext {
	request: ResponsesRequest
	/** Counts answers of this server: ids are made from it, so that runs are alike. */
	serial: number
	/** Whether the model reasons: then an encrypted item comes before everything else. */
	reasoning: boolean
	requestBytes: number
}

type Json = Record<string, unknown>

/** An answer as the Responses API gives it: https://platform.openai.com/docs/api-reference/responses-streaming */
export function renderAnswer(answer: ScriptedAnswer, context: RenderContext): Rendered {
	const items = renderItems(answer, context)
	const response = {
		id: idOf('resp', context.serial, 0),
		object: 'response',
		created_at: Math.floor(Date.now() / 1000),
		status: 'in_progress',
		error: null,
		incomplete_details: null,
		...echoOf(context.request),
		output: [],
		usage: null,
	}
	const final = { ...response, ...statusOf(answer), output: items, usage: renderUsage(answer, context) }
	const events: ({ type: string } & Json)[] = [
		{ type: 'response.created', response },
		{ type: 'response.in_progress', response },
		...items.flatMap((item, index) => renderEvents(item, index, answer)),
		...(answer.omitFinish ? [] : [{ type: `response.${final.status}`, response: final }]),
	]
	return { json: final, frames: events.map((event, index) => frame({ ...event, sequence_number: index })) }
}

export function frame(event: { type: string } & Json): string {
	return `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`
}

const idOf = (kind: string, serial: number, index: number) =>
	`${kind}_${String(serial * 100 + index).padStart(48, '0')}`

function echoOf(request: ResponsesRequest): Json {
	const { instructions = null, max_output_tokens = null, model, tools = [], reasoning } = request
	return {
		instructions,
		max_output_tokens,
		model,
		parallel_tool_calls: request.parallel_tool_calls ?? true,
		reasoning: { effort: reasoning?.effort ?? null, summary: reasoning?.summary ?? null },
		store: request.store ?? true,
		tool_choice: request.tool_choice ?? 'auto',
		tools,
	}
}

/** `finish` is `completed`, or the reason of an incomplete answer. */
function statusOf({ finish = 'completed' }: ScriptedAnswer): { status: string } & Json {
	if (finish === 'completed') return { status: 'completed' }
	return { status: 'incomplete', incomplete_details: { reason: finish } }
}

function renderItems(answer: ScriptedAnswer, context: RenderContext): Json[] {
	const { serial, request } = context
	const items: Json[] = []
	const nextId = (kind: string) => idOf(kind, serial, items.length + 1)
	const thinking = joinedText(answer.thinking)
	if (context.reasoning || thinking !== '') {
		const summary =
			thinking === '' || !request.reasoning?.summary ? [] : [{ type: 'summary_text', text: thinking }]
		const id = nextId('rs')
		const encrypted = request.include?.includes('reasoning.encrypted_content')
		const encrypted_content = encrypted ? `${encryptedPrefix}${id}` : null
		items.push({ id, type: 'reasoning', summary, encrypted_content })
	}
	const cited = answer.citations ?? []
	if (cited.length > 0 && request.tools?.some(({ type }) => type === 'web_search')) {
		const sources = cited.map(({ url }) => ({ type: 'url', url }))
		const shown = request.include?.includes('web_search_call.action.sources') ? { sources } : {}
		const action = { type: 'search', query: 'scripted search', queries: ['scripted search'], ...shown }
		items.push({ id: nextId('ws'), type: 'web_search_call', status: 'completed', action })
	}
	const text = joinedText(answer.text)
	if (text !== '') {
		const content = [{ type: 'output_text', text, annotations: renderCitations(cited, text), logprobs: [] }]
		items.push({ id: nextId('msg'), type: 'message', status: 'completed', role: 'assistant', content })
	}
	for (const call of answer.toolCalls ?? []) {
		const id = nextId('fc')
		const call_id = call.id ?? `call_${id.slice(-24)}`
		items.push({
			id,
			type: 'function_call',
			status: 'completed',
			arguments: argumentsText(call),
			call_id,
			name: call.name,
		})
	}
	return items
}

function renderEvents(item: Json, index: number, answer: ScriptedAnswer): ({ type: string } & Json)[] {
	const place = { item_id: item.id, output_index: index }
	const around = (started: Json, ...inner: ({ type: string } & Json)[]) => [
		{ type: 'response.output_item.added', output_index: index, item: { ...item, ...started } },
		...inner,
		{ type: 'response.output_item.done', output_index: index, item },
	]
	if (item.type === 'reasoning') {
		const added = { summary: [], ...(item.encrypted_content ? { encrypted_content: encryptedPrefix } : {}) }
		return around(added, ...renderSummary(item.summary as { text: string }[], place, answer))
	}
	if (item.type === 'message') {
		const [part] = item.content as [{ text: string; annotations: unknown[] }]
		return around({ status: 'in_progress', content: [] }, ...renderText(part, place, answer))
	}
	if (item.type === 'function_call') {
		const whole = String(item.arguments)
		const type = 'response.function_call_arguments'
		const deltas = (whole.match(/[\s\S]{1,12}/g) ?? []).map(delta => ({
			type: `${type}.delta`,
			...place,
			delta,
		}))
		const done = { type: `${type}.done`, ...place, arguments: whole }
		return around({ status: 'in_progress', arguments: '' }, ...deltas, done)
	}
	const searching = ['in_progress', 'searching', 'completed'].map(state => ({
		type: `response.web_search_call.${state}`,
		...place,
	}))
	return around({ status: 'in_progress', action: undefined }, ...searching)
}

function renderText(
	part: { text: string; annotations: unknown[] },
	place: Json,
	answer: ScriptedAnswer,
): ({ type: string } & Json)[] {
	const here = { ...place, content_index: 0 }
	const type = 'response.output_text'
	return [
		{ type: 'response.content_part.added', ...here, part: { ...part, text: '', annotations: [] } },
		...piecesOf(answer.text).map(delta => ({ type: `${type}.delta`, ...here, delta, logprobs: [] })),
		...part.annotations.map((annotation, index) => ({
			type: `${type}.annotation.added`,
			...here,
			annotation_index: index,
			annotation,
		})),
		{ type: `${type}.done`, ...here, text: part.text, logprobs: [] },
		{ type: 'response.content_part.done', ...here, part },
	]
}

function renderSummary(
	summary: readonly { text: string }[],
	place: Json,
	answer: ScriptedAnswer,
): ({ type: string } & Json)[] {
	const [part] = summary
	if (!part) return []
	const here = { ...place, summary_index: 0 }
	const type = 'response.reasoning_summary'
	return [
		{ type: `${type}_part.added`, ...here, part: { ...part, text: '' } },
		...piecesOf(answer.thinking).map(delta => ({ type: `${type}_text.delta`, ...here, delta })),
		{ type: `${type}_text.done`, ...here, text: part.text },
		{ type: `${type}_part.done`, ...here, part },
	]
}

function renderUsage(answer: ScriptedAnswer, context: RenderContext): Json {
	const { usage = {} } = answer
	const calls = (answer.toolCalls ?? []).map(argumentsText).join('')
	const input = usage.input ?? Math.ceil(context.requestBytes / 4)
	const output = usage.output ?? roughTokens(joinedText(answer.text) + joinedText(answer.thinking) + calls)
	return {
		input_tokens: input,
		input_tokens_details: { cached_tokens: usage.cachedInput ?? 0, cache_write_tokens: 0 },
		output_tokens: output,
		output_tokens_details: { reasoning_tokens: usage.thinking ?? 0 },
		total_tokens: input + output,
	}
}

function renderCitations(citations: readonly ScriptedCitation[], text: string): unknown[] {
	return citations.map(({ url, title, quote }) => {
		const start = quote === undefined ? 0 : Math.max(0, text.indexOf(quote))
		const end = quote === undefined ? text.length : start + quote.length
		return { type: 'url_citation', url, title, start_index: start, end_index: end }
	})
}
