import { estimateTextTokens } from './text-tokens.ts'

/** https://docs.anthropic.com/en/docs/build-with-claude/vision: an image of the largest useful size. */
const tokensPerImage = 1500
/** https://docs.anthropic.com/en/docs/build-with-claude/pdf-support: 1500 to 3000 tokens a page. */
const tokensPerPage = 2000
const base64PerPage = 60_000
/** A document that only its upstream can see. */
const unseenPages = 3

/** What frames a request, a message, a block and a tool, beyond their texts. */
const perRequest = 3
const perMessage = 4
const perBlock = 1
const perTool = 8

/** So many characters are read whole, so many more by a quarter; of the rest one window in 24. */
const readWhole = 3000
const readByQuarter = 6000

/** Members that hold no text for the model: base64, signatures, hints for caches. */
const silentMembers = new Set([
	'id',
	'tool_use_id',
	'signature',
	'data',
	'cache_control',
	'encrypted_content',
	'encrypted_index',
	'encrypted_stdout',
])

interface Meter {
	tokens: number
	read: number
}

/**
 * A count of a request's input tokens without any vocabulary, before calibration. Takes any JSON, since the requests
 * of pass-through upstreams are not validated. Every converted request is measured for its `message_start`: long
 * texts are sampled, so that 150 kB cost less than 0.1 ms.
 */
export function estimateInputTokens(request: unknown): number {
	const meter: Meter = { tokens: perRequest, read: 0 }
	if (!isRecord(request)) return perRequest
	readContent(meter, request.system)
	for (const tool of asList(request.tools)) {
		meter.tokens += perTool
		readValue(meter, tool)
	}
	for (const message of asList(request.messages)) {
		meter.tokens += perMessage
		readContent(meter, isRecord(message) ? message.content : message)
	}
	const format = isRecord(request.output_config) ? request.output_config.format : undefined
	if (isRecord(format)) readValue(meter, format.schema)
	return Math.ceil(meter.tokens)
}

/** A text, or a list of blocks. */
function readContent(meter: Meter, content: unknown): void {
	if (typeof content === 'string') return readText(meter, content)
	for (const block of asList(content)) {
		meter.tokens += perBlock
		if (isRecord(block)) readBlock(meter, block)
	}
}

function readBlock(meter: Meter, block: Record<string, unknown>): void {
	switch (block.type) {
		case 'text':
			return readContent(meter, block.text)
		case 'image':
			meter.tokens += tokensPerImage
			return
		case 'document':
			return readDocument(meter, block)
		case 'tool_result':
			return readContent(meter, block.content)
		default:
			return readValue(meter, block)
	}
}

function readDocument(meter: Meter, { source, title, context }: Record<string, unknown>): void {
	readContent(meter, title)
	readContent(meter, context)
	if (!isRecord(source)) return
	if (source.type === 'text') return readContent(meter, source.data)
	if (source.type === 'content') return readContent(meter, source.content)
	const pages = typeof source.data === 'string' ? Math.ceil(source.data.length / base64PerPage) : unseenPages
	meter.tokens += Math.max(1, pages) * tokensPerPage
}

/** Any JSON, as a model reads it: names and values, and a little for what stands between them. */
function readValue(meter: Meter, value: unknown): void {
	if (typeof value === 'string') return readText(meter, value)
	if (typeof value !== 'object' || value === null) {
		if (value !== undefined) meter.tokens += 1
		return
	}
	if (Array.isArray(value)) {
		for (const item of value) readElement(meter, item)
		return
	}
	for (const name in value) {
		const member = (value as Record<string, unknown>)[name]
		// A schema may describe a property of that name: only its text is silent.
		if (typeof member === 'string' && member.length > shortText && silentMembers.has(name)) continue
		meter.tokens += nameTokens + name.length * nameTokensPerCharacter
		readValue(meter, member)
	}
}

/** Blocks may stand in any list: a picture in it is not its letters. */
function readElement(meter: Meter, item: unknown): void {
	if (isRecord(item) && (item.type === 'image' || item.type === 'document')) readBlock(meter, item)
	else readValue(meter, item)
}

/** Not worth a look at its name. */
const shortText = 24

const nameTokens = 1.5
const nameTokensPerCharacter = 0.1

function readText(meter: Meter, text: string): void {
	const step = meter.read < readWhole ? 1 : meter.read < readByQuarter ? 4 : 24
	meter.tokens += estimateTextTokens(text, step)
	meter.read += text.length / step
}

const asList = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

function isRecord(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value)
}
