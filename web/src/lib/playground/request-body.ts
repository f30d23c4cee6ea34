import { createMessage, type Draft, emptyDraft, type Json, nextId, type Part, textPart } from './draft.ts'

/** The body of a Messages request, with whatever is in it. */
export type Body = Record<string, unknown>

export const parseJson = (text: string): unknown => {
	try {
		return JSON.parse(text)
	} catch {
		return undefined
	}
}

export const isObject = (value: unknown): value is Body =>
	typeof value === 'object' && value !== null && !Array.isArray(value)

/** The request that a draft stands for. Its numbers and its JSON have to be right: see problems.ts. */
export function toBody(draft: Draft): Body {
	const { model, system, systemBlocks, stream, thinking, more } = draft
	const tools = draft.tools.trim() === '' ? undefined : parseJson(draft.tools)
	return {
		model: model.trim(),
		max_tokens: Number(draft.maxTokens),
		...(stream && { stream: true }),
		...(system.trim() !== '' && { system: systemBlocks ? parseJson(system) : system }),
		messages: draft.messages.map(({ role, parts }) => ({ role, content: toContent(parts) })),
		...(tools !== undefined && { tools }),
		...(draft.temperature.trim() !== '' && { temperature: Number(draft.temperature) }),
		...(thinking !== 'default' && { thinking: toThinking(draft) }),
		...more,
	}
}

function toThinking({ thinking, budget, thinkingMore }: Draft): Body {
	return { type: thinking, ...(thinking === 'enabled' && { budget_tokens: Number(budget) }), ...thinkingMore }
}

function toContent(parts: readonly Part[]): unknown {
	const [only] = parts
	if (parts.length === 1 && only?.kind === 'text' && Object.keys(only.more).length === 0) return only.text
	return parts.filter(part => part.kind !== 'text' || part.text !== '').map(toBlock)
}

function toBlock(part: Part): unknown {
	if (part.kind === 'text') return { type: 'text', text: part.text, ...part.more }
	if (part.kind === 'json') return parseJson(part.text)
	const source = { type: 'base64', media_type: part.mediaType, data: part.data }
	return { type: 'image', source, ...part.more }
}

/** A request as the form shows it: nothing of it is lost, whatever it is. */
export function fromBody(body: Body): Draft {
	const { model, max_tokens, stream, system, messages, tools, temperature, thinking, ...more } = body
	const known = isObject(thinking) ? fromThinking(thinking) : undefined
	const list = Array.isArray(messages) ? messages : []
	return {
		...emptyDraft(),
		model: typeof model === 'string' ? model : '',
		...fromSystem(system),
		messages: list.map(fromMessage),
		tools: tools === undefined ? '' : JSON.stringify(tools, null, 2),
		maxTokens: typeof max_tokens === 'number' ? String(max_tokens) : '',
		temperature: typeof temperature === 'number' ? String(temperature) : '',
		...known,
		stream: stream === true,
		more: { ...more, ...(thinking !== undefined && known === undefined && { thinking }) },
	}
}

function fromSystem(system: unknown): Pick<Draft, 'system' | 'systemBlocks'> {
	if (system === undefined || typeof system === 'string') return { system: system ?? '', systemBlocks: false }
	return { system: JSON.stringify(system, null, 2), systemBlocks: true }
}

function fromThinking({
	type,
	budget_tokens,
	...thinkingMore
}: Body): Pick<Draft, 'thinking' | 'thinkingMore'> | undefined {
	if (type === 'adaptive' || type === 'disabled') return { thinking: type, thinkingMore }
	if (type !== 'enabled') return undefined
	const budget = typeof budget_tokens === 'number' ? { budget: String(budget_tokens) } : {}
	return { thinking: type, thinkingMore, ...budget }
}

function fromMessage(message: unknown) {
	const { role, content } = isObject(message) ? message : {}
	const parts = Array.isArray(content)
		? content.map(fromBlock)
		: [typeof content === 'string' ? textPart(content) : jsonPart(content)]
	return createMessage(typeof role === 'string' ? role : 'user', ...parts)
}

function fromBlock(block: unknown): Part {
	if (!isObject(block)) return jsonPart(block)
	const { type, text, source, ...more } = block
	if (type === 'text' && typeof text === 'string') return textPart(text, more)
	if (type === 'image' && isObject(source) && source.type === 'base64' && typeof source.data === 'string')
		return imagePart(String(source.media_type), source.data, more)
	return jsonPart(block)
}

export const jsonPart = (value: unknown): Part => ({
	kind: 'json',
	id: nextId(),
	text: JSON.stringify(value ?? null, null, 2),
})

export const imagePart = (mediaType: string, data: string, more: Json = {}): Part => ({
	...{ kind: 'image', id: nextId(), mediaType, data, more },
})
