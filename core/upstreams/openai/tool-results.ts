import type { ContentBlock, TextBlock, ToolResultBlock, ToolResultPart } from '../../messages/request.ts'
import { toParts } from './content.ts'
import { type ContentOptions, text } from './parts.ts'
import type { CallPair } from './tool-pairs.ts'
import type { ChatMessage, ContentPart } from './wire.ts'

/**
 * Results of one assistant message: a `tool` message for each call, in call order, and after all of them one user
 * message with the images and files, since a `tool` message takes only text.
 */
export function toResultMessages(pairs: readonly CallPair[], options: ContentOptions): ChatMessage[] {
	const messages: ChatMessage[] = []
	const attachments: ContentPart[] = []
	for (const pair of pairs) {
		const { content, files } = readResult(pair, options)
		messages.push({ role: 'tool', tool_call_id: pair.id, content })
		if (files.length === 0) continue
		attachments.push(
			text(`Files from the result of ${options.toolName(pair.call.name)} (${pair.id}):`),
			...files,
		)
	}
	if (attachments.length > 0) messages.push({ role: 'user', content: attachments })
	return messages
}

function readResult(pair: CallPair, options: ContentOptions): { content: string; files: ContentPart[] } {
	const { result } = pair
	if (!result) {
		const detail = 'a tool call without a result was given one that says so'
		options.notes.push({ field: 'messages.tool_use', action: 'repaired', detail })
		return { content: 'No result: this call was not carried out or its result was lost.', files: [] }
	}
	const texts: string[] = []
	const files: ContentPart[] = []
	for (const part of toParts(resultParts(result), options)) {
		if (part.type === 'text') texts.push(part.text)
		else {
			files.push(part)
			texts.push(part.type === 'image_url' ? '[image: see the next message]' : '[file: see the next message]')
		}
	}
	return { content: markError(result, texts.join('\n') || '(no output)'), files }
}

/** A result whose call is not in the conversation, as blocks of the user's turn. */
export function describeOrphan(result: ToolResultBlock): ContentBlock[] {
	const lead = markError(result, `Result of an earlier tool call (${result.tool_use_id}):`)
	return [{ type: 'text', text: lead } as TextBlock, ...(resultParts(result) as ContentBlock[])]
}

function resultParts(result: ToolResultBlock): readonly ToolResultPart[] {
	const content = result.content ?? []
	return typeof content === 'string' ? [{ type: 'text', text: content } as TextBlock] : content
}

/** OpenAI's tool messages have no error flag: the text says it, unless it does already. */
function markError(result: ToolResultBlock, content: string): string {
	if (!result.is_error || /^\W*(?:tool_use_)?error\b/i.test(content)) return content
	return `Error: ${content}`
}
