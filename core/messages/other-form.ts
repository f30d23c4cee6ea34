import { createSseParser } from './sse-parser.ts'

/**
 * Anthropic's answers in the other of their two forms, for upstreams that send JSON though a stream was asked for, or a
 * stream though JSON was. Members and blocks of any kind stay, those of tomorrow included.
 * Source: https://docs.anthropic.com/en/api/messages-streaming
 */
type Fields = Readonly<Record<string, unknown>>

/** A whole message as the events of a stream. */
export function toEventStream(message: Fields): string {
	const {
		content,
		stop_reason = null,
		stop_sequence = null,
		usage: told,
		context_management,
		...rest
	} = message
	const usage = isFields(told) ? told : { input_tokens: 0, output_tokens: 0 }
	const opening = { ...rest, content: [], stop_reason: null, stop_sequence: null, usage }
	let events = encode({ type: 'message_start', message: opening })
	for (const [index, block] of fieldsOf(content).entries()) {
		const { start, deltas } = takeApart(block)
		events += encode({ type: 'content_block_start', index, content_block: start })
		for (const delta of deltas) events += encode({ type: 'content_block_delta', index, delta })
		events += encode({ type: 'content_block_stop', index })
	}
	const { container, stop_details } = message
	const delta = { stop_reason, stop_sequence, ...pickGiven({ container, stop_details }) }
	events += encode({ type: 'message_delta', delta, usage, ...pickGiven({ context_management }) })
	return events + encode({ type: 'message_stop' })
}

/** A block as it opens, and what follows until it is whole. */
function takeApart(block: Fields): { start: Fields; deltas: Fields[] } {
	const { type, text, thinking, signature, input, citations } = block
	if (type === 'text' && typeof text === 'string') {
		const cited = fieldsOf(citations).map(citation => ({ type: 'citations_delta', citation }))
		const start = { ...block, text: '', ...(cited.length > 0 && { citations: [] }) }
		return { start, deltas: [...(text === '' ? [] : [{ type: 'text_delta', text }]), ...cited] }
	}
	if (type === 'thinking' && typeof thinking === 'string') {
		const signed = typeof signature === 'string' && signature !== ''
		const deltas = thinking === '' ? [] : [{ type: 'thinking_delta', thinking }]
		const start = { ...block, thinking: '', signature: '' }
		return { start, deltas: signed ? [...deltas, { type: 'signature_delta', signature }] : deltas }
	}
	if (!isFields(input) || !/tool_use$/.test(String(type))) return { start: block, deltas: [] }
	const partial_json = JSON.stringify(input)
	return { start: { ...block, input: {} }, deltas: [{ type: 'input_json_delta', partial_json }] }
}

/** Whether an answer is JSON: no event stream begins with a brace. */
export function beginsJson(chunks: readonly Uint8Array[]): boolean {
	for (const chunk of chunks) {
		const first = chunk.find(byte => byte > 0x20 && byte < 0x80)
		if (first !== undefined) return first === openBrace
	}
	return false
}

const openBrace = 0x7b

/** The message of a whole stream; undefined when it does not come to its end. */
export function readEventStream(bytes: Uint8Array): Fields | undefined {
	const events: unknown[] = []
	const parser = createSseParser(
		data => void events.push(parseJson(data)),
		() => {},
	)
	parser.feed(bytes)
	parser.end()
	return toMessage(events)
}

function parseJson(text: string): unknown {
	try {
		return JSON.parse(text)
	} catch {
		return undefined
	}
}

/** The message that the events of a whole stream tell; undefined when they do not come to its end. */
export function toMessage(events: readonly unknown[]): Fields | undefined {
	let message: (Record<string, unknown> & { content: Record<string, unknown>[] }) | undefined
	const inputs = new Map<Record<string, unknown>, string>()
	/** By their index, which some servers do not count from 0 or without gaps. */
	const blocks = new Map<unknown, Record<string, unknown>>()
	for (const event of events) {
		if (!isFields(event)) continue
		if (event.type === 'message_start' && isFields(event.message)) {
			message = { ...event.message, content: [] }
		}
		const block = blocks.get(event.index)
		if (event.type === 'content_block_start' && isFields(event.content_block)) {
			const begun = { ...event.content_block }
			blocks.set(event.index, begun)
			message?.content.push(begun)
		} else if (event.type === 'content_block_delta' && block && isFields(event.delta)) {
			addDelta(block, event.delta, inputs)
		} else if (event.type === 'content_block_stop' && block) {
			const json = inputs.get(block)
			if (json) block.input = parseInput(json)
		} else if (event.type === 'message_delta' && message) {
			const { type: _type, delta, usage, ...more } = event
			const known = isFields(message.usage) ? message.usage : {}
			Object.assign(message, delta, more, { usage: { ...known, ...pickGiven(isFields(usage) ? usage : {}) } })
		} else if (event.type === 'message_stop') return message
		else if (event.type === 'error') return undefined
	}
	return undefined
}

function addDelta(
	block: Record<string, unknown>,
	{ text, thinking, signature, partial_json: json, citation }: Fields,
	inputs: Map<Record<string, unknown>, string>,
): void {
	if (typeof text === 'string') block.text = `${block.text ?? ''}${text}`
	if (typeof thinking === 'string') block.thinking = `${block.thinking ?? ''}${thinking}`
	if (typeof signature === 'string') block.signature = signature
	if (typeof json === 'string') inputs.set(block, (inputs.get(block) ?? '') + json)
	if (citation !== undefined) block.citations = [...fieldsOf(block.citations), citation]
}

/** What the model broke off stays visible in an object: a tool's input is never a string. */
function parseInput(json: string): unknown {
	const input = parseJson(json)
	return isFields(input) ? input : { _raw: input ?? json }
}

/** `null` and what is absent say nothing. */
function pickGiven(fields: Fields): Fields {
	return Object.fromEntries(
		Object.entries(fields).filter(([, value]) => value !== undefined && value !== null),
	)
}

const encode = (event: { type: string } & Fields): string =>
	`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`

const fieldsOf = (value: unknown): Fields[] => (Array.isArray(value) ? value.filter(isFields) : [])

function isFields(value: unknown): value is Fields {
	return typeof value === 'object' && value !== null && !Array.isArray(value)
}
