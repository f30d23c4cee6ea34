import { refuse } from './errors.ts'
import type { ChatRequest } from './schema.ts'

type Message = ChatRequest['messages'][number]

/** The order of messages and the contents that the schema cannot judge. */
export function checkMessages(messages: readonly Message[]): void {
	checkToolOrder(messages)
	for (const [index, message] of messages.entries()) {
		if (message.role === 'assistant') checkAssistant(message, index)
		if (message.role === 'user' && Array.isArray(message.content)) {
			for (const [part, content] of message.content.entries()) {
				checkPart(content, `messages[${index}].content[${part}]`)
			}
		}
	}
}

/**
 * Every tool call of an assistant message is answered by `tool` messages directly behind it, and by nothing else.
 * https://platform.openai.com/docs/guides/function-calling
 */
function checkToolOrder(messages: readonly Message[]): void {
	let open: string[] = []
	let callerIndex = -1
	for (const [index, message] of messages.entries()) {
		if (message.role === 'tool') {
			if (callerIndex < 0) {
				const message =
					"Invalid parameter: messages with role 'tool' must be a response to a preceeding message with 'tool_calls'."
				throw refuse(message, `messages.[${index}].role`)
			}
			if (!open.includes(message.tool_call_id)) {
				const text = `Invalid parameter: 'tool_call_id' of '${message.tool_call_id}' not found in 'tool_calls' of previous message.`
				throw refuse(text, `messages.[${index}].tool_call_id`)
			}
			open = open.filter(id => id !== message.tool_call_id)
			continue
		}
		if (open.length > 0) throw refuseUnanswered(open, index)
		callerIndex = -1
		if (message.role === 'assistant' && message.tool_calls) {
			open = message.tool_calls.map(call => call.id)
			callerIndex = index
			const twice = open.find((id, place) => open.indexOf(id) !== place)
			if (twice !== undefined) {
				throw refuse(
					`Invalid parameter: Duplicate value for 'tool_call_id' of '${twice}' in message with role 'assistant'.`,
				)
			}
		}
	}
	if (open.length > 0) throw refuseUnanswered(open, messages.length)
}

function refuseUnanswered(ids: readonly string[], index: number) {
	const message = `An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. The following tool_call_ids did not have response messages: ${ids.join(', ')}`
	return refuse(message, `messages.[${index}].role`)
}

function checkAssistant(message: Message & { role: 'assistant' }, index: number): void {
	const hasMore = message.tool_calls || message.function_call || message.refusal || message.audio
	if (message.content == null && !hasMore) {
		throw refuse("Invalid value for 'content': expected a string, got null.", `messages.[${index}].content`)
	}
}

interface Part {
	type: string
	image_url?: { url: string }
	file?: { file_data?: string; file_id?: string; filename?: string }
}

function checkPart(part: Part, path: string): void {
	if (part.image_url) checkImage(part.image_url.url, `${path}.image_url.url`)
	if (!part.file) return
	const { file_data: data, file_id: id, filename } = part.file
	if ((data === undefined) === (id === undefined)) {
		throw refuse(
			`Missing mutually exclusive parameters: '${path}.file'. Ensure you are providing exactly one of: 'file_id' or 'file_data'.`,
			`${path}.file`,
			'missing_mutually_exclusive_parameters',
		)
	}
	if (data !== undefined) checkFileData(data, filename, `${path}.file`)
}

/** A file sent along has a name, and is a data URL. */
export function checkFileData(data: string, filename: string | undefined, path: string): void {
	if (filename === undefined) {
		throw refuse(
			`Missing required parameter: '${path}.filename'.`,
			`${path}.filename`,
			'missing_required_parameter',
		)
	}
	if (!/^data:[a-z]+\/[-+.\w]+;base64,[A-Za-z0-9+/]+={0,2}$/i.test(data)) {
		const message = `Invalid '${path}.file_data': Expected a base64-encoded data URL with a MIME type.`
		throw refuse(message, `${path}.file_data`, 'invalid_value')
	}
}

/** https://platform.openai.com/docs/guides/images-vision: a web address, or a data URL of png, jpeg, gif or webp. */
export function checkImage(url: string, path: string): void {
	if (/^https?:\/\/[^\s/]+/.test(url)) return
	const data = /^data:([^;,]+)(;base64)?,(.*)$/s.exec(url)
	if (!data) {
		const message = `Invalid '${path}'. Expected a valid URL, but got a value with an invalid format.`
		throw refuse(message, path, 'invalid_value')
	}
	if (!/^image\/(png|jpe?g|gif|webp)$/.test(data[1]!)) {
		const message = `Invalid MIME type. Only image types are supported.`
		throw refuse(message, path, 'invalid_image_format')
	}
	if (!data[2] || !/^[A-Za-z0-9+/]+={0,2}$/.test(data[3]!)) {
		throw refuse(`Invalid base64 image_url.`, path, 'invalid_base64')
	}
}
