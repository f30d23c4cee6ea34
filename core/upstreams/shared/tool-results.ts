import type { Note } from '../../messages/notes.ts'
import type { ContentBlock, TextBlock, ToolResultBlock, ToolResultPart } from '../../messages/request.ts'

/** A result's content as blocks. */
export function resultParts(result: ToolResultBlock): readonly ToolResultPart[] {
	const content = result.content ?? []
	return typeof content === 'string' ? [{ type: 'text', text: content } as TextBlock] : content
}

/** OpenAI's tool results have no error flag: the text says it, unless it does already. */
export function markError(result: ToolResultBlock, content: string): string {
	if (!result.is_error || /^\W*(?:tool_use_)?error\b/i.test(content)) return content
	return `Error: ${content}`
}

/** What the model reads where a call has no result. */
export function inventResult(notes: Note[]): string {
	const detail = 'a tool call without a result was given one that says so'
	notes.push({ field: 'messages.tool_use', action: 'repaired', detail })
	return 'No result: this call was not carried out or its result was lost.'
}

/** A result whose call is not in the conversation, as blocks of the user's turn. */
export function describeOrphan(result: ToolResultBlock): ContentBlock[] {
	const lead = markError(result, `Result of an earlier tool call (${result.tool_use_id}):`)
	return [{ type: 'text', text: lead } as TextBlock, ...(resultParts(result) as ContentBlock[])]
}

export const emptyResult = '(no output)'
