import type { MessageRequest } from './request.ts'

type Fields = Readonly<Record<string, unknown>>

/**
 * Whether a request is one that `messageRequestSchema` takes and returns as it is: what clients send day by day. The
 * schema copies every object and makes one per check, which costs more than parsing the request; this look makes none.
 * False proves nothing: the schema then judges, converts and says what is wrong. A property test holds the two together.
 */
export function isPlainRequest(request: unknown): request is MessageRequest {
	return (
		isFields(request) &&
		isName(request.model) &&
		isLimit(request.max_tokens) &&
		isPlainSettings(request) &&
		isPlainSystem(request.system) &&
		isPlainTools(request.tools) &&
		Array.isArray(request.messages) &&
		request.messages.length > 0 &&
		request.messages.every(isPlainMessage)
	)
}

function isPlainSettings(request: Fields): boolean {
	const { stream, metadata, service_tier: tier } = request
	return (
		(stream == null || typeof stream === 'boolean') &&
		isPlainSampling(request) &&
		(metadata == null || (isFields(metadata) && isTextOrNothing(metadata.user_id))) &&
		isTextOrNothing(tier) &&
		isPlainChoice(request.tool_choice) &&
		isPlainThinking(request.thinking) &&
		isPlainOutput(request.output_config) &&
		// The older name of another field: the schema moves it.
		request.output_format == null
	)
}

function isPlainSampling(request: Fields): boolean {
	const { temperature, top_p: topP, top_k: topK, stop_sequences: stops } = request
	return (
		(temperature == null || isWithin(temperature, 0, 2)) &&
		(topP == null || isWithin(topP, 0, 1)) &&
		(topK == null || (Number.isSafeInteger(topK) && (topK as number) >= 0)) &&
		(stops == null || (Array.isArray(stops) && stops.every(stop => typeof stop === 'string')))
	)
}

function isPlainChoice(choice: unknown): boolean {
	if (choice == null) return true
	if (!isFields(choice)) return false
	const { type, disable_parallel_tool_use: single } = choice
	if (type === 'none') return true
	if (single !== undefined && typeof single !== 'boolean') return false
	return type === 'auto' || type === 'any' || (type === 'tool' && isName(choice.name))
}

function isPlainThinking(thinking: unknown): boolean {
	if (thinking == null) return true
	if (!isFields(thinking) || typeof thinking.type !== 'string') return false
	return thinking.budget_tokens == null || Number.isSafeInteger(thinking.budget_tokens)
}

function isPlainOutput(output: unknown): boolean {
	if (output == null) return true
	if (!isFields(output) || !isTextOrNothing(output.effort)) return false
	const { format } = output
	if (format == null) return true
	if (!isFields(format) || typeof format.type !== 'string') return false
	return format.schema === undefined || isFields(format.schema)
}

function isPlainSystem(system: unknown): boolean {
	if (system == null || typeof system === 'string') return true
	return Array.isArray(system) && system.every(block => isFields(block) && isPlainText(block))
}

/** Tools in Anthropic's shape; those in OpenAI's, and toolsets without a name, are the schema's to convert. */
export function isPlainTools(tools: unknown): boolean {
	return tools == null || (Array.isArray(tools) && tools.every(isPlainTool))
}

function isPlainTool(tool: unknown): boolean {
	if (!isFields(tool) || !isName(tool.name)) return false
	const { type, description, input_schema: schema } = tool
	if (type != null && (typeof type !== 'string' || type.includes('toolset'))) return false
	return isTextOrNothing(description) && (schema == null || isFields(schema))
}

function isPlainMessage(message: unknown): boolean {
	if (!isFields(message)) return false
	const { role, content } = message
	if (role !== 'user' && role !== 'assistant' && role !== 'system') return false
	return typeof content === 'string' || (Array.isArray(content) && content.every(isPlainBlock))
}

function isPlainBlock(block: unknown): boolean {
	if (!isFields(block)) return false
	switch (block.type) {
		case 'text':
			return isPlainText(block)
		case 'tool_use':
			return isName(block.id) && isName(block.name) && isPlainInput(block.input)
		case 'tool_result':
			return isPlainResult(block)
		case 'thinking':
			return typeof block.thinking === 'string' && isTextOrNothing(block.signature)
		case 'image':
			return isPlainImage(block.source)
		case 'redacted_thinking':
			return typeof block.data === 'string'
		case 'tool_reference':
			return typeof block.tool_name === 'string'
		default:
			return isUnread(block.type)
	}
}

/** Documents and search results are rare and nested: the schema reads them. Of a type that it does not know it asks nothing. */
const isUnread = (type: unknown): boolean =>
	typeof type === 'string' && type !== 'document' && type !== 'search_result'

function isPlainText({ text, type, cache_control: cache }: Fields): boolean {
	if (type !== 'text' || typeof text !== 'string') return false
	return cache == null || (isFields(cache) && typeof cache.type === 'string')
}

function isPlainInput(input: unknown): boolean {
	return input == null || typeof input === 'string' || isFields(input)
}

function isPlainResult({ tool_use_id: id, content, is_error: isError }: Fields): boolean {
	if (!isName(id) || (isError != null && typeof isError !== 'boolean')) return false
	if (content == null || typeof content === 'string') return true
	return Array.isArray(content) && content.every(isPlainResultPart)
}

function isPlainResultPart(part: unknown): boolean {
	if (!isFields(part)) return false
	switch (part.type) {
		case 'text':
			return isPlainText(part)
		case 'image':
			return isPlainImage(part.source)
		case 'tool_reference':
			return typeof part.tool_name === 'string'
		default:
			return isUnread(part.type)
	}
}

function isPlainImage(source: unknown): boolean {
	if (!isFields(source)) return false
	if (source.type === 'url') return typeof source.url === 'string'
	return source.type === 'base64' && typeof source.media_type === 'string' && typeof source.data === 'string'
}

/** `__proto__` as a name of JSON is left to the schema. */
function isFields(value: unknown): value is Fields {
	return (
		typeof value === 'object' && value !== null && !Array.isArray(value) && !Object.hasOwn(value, '__proto__')
	)
}

const isName = (value: unknown): boolean => typeof value === 'string' && value !== ''
const isLimit = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 1
const isTextOrNothing = (value: unknown): boolean => value == null || typeof value === 'string'
const isWithin = (value: unknown, least: number, most: number): boolean =>
	typeof value === 'number' && value >= least && value <= most
