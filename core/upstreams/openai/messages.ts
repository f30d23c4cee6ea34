import type { Note } from '../../messages/notes.ts'
import type { ContentBlock, RequestMessage } from '../../messages/request.ts'
import { type ContentOptions, toPieces } from '../shared/content.ts'
import { joinAnswerTexts, notePrefill, toArguments, toBlocks, userBlocks } from '../shared/history.ts'
import { messageText } from '../shared/system.ts'
import type { ToolNames } from '../shared/tool-names.ts'
import { type CallPair, type CallPairs, pairCalls } from '../shared/tool-pairs.ts'
import { toContent } from './parts.ts'
import { restoreTags } from './think-tags.ts'
import { type ExtraContent, readDetails, readThoughtSignatures, skippedDetail } from './thought-signature.ts'
import { toResultMessages } from './tool-results.ts'
import type { AssistantMessage, ChatMessage, Dialect, ToolCall } from './wire.ts'

export interface MessageOptions {
	dialect: Dialect
	model: string
	/** Who says what the client says with role `system` in the middle of a conversation. */
	reminderRole: 'developer' | 'user'
	/** The upstream wants thinking back. */
	keepsReasoning: boolean
	/** And what it put beside its calls. */
	keepsSignatures: boolean
	/** It is OpenRouter, which wants some beside every call. */
	demandsDetails: boolean
	toolNames: ToolNames
	notes: Note[]
}

/**
 * The conversation in OpenAI's order: every call directly followed by its results, everything else at its place,
 * so that the next turn's request begins with the same bytes and hits the prompt cache.
 */
export function toMessages(messages: readonly RequestMessage[], options: MessageOptions): ChatMessage[] {
	const { dialect, notes, toolNames } = options
	const pairs = pairCalls(messages, 'message', notes)
	// `file` parts are newer than tools: https://platform.openai.com/docs/guides/pdf-files
	const files = dialect === 'openai' ? 'inline' : 'none'
	const content: ContentOptions = { files, notes, toolName: toolNames.toUpstream }
	const converted: ChatMessage[] = []
	for (const message of messages) {
		if (message.role === 'system') converted.push(...toReminder(message, options))
		else if (message.role === 'user') converted.push(...toUserMessages(message, pairs, content))
		else converted.push(...toAssistantMessages(message, pairs, options, content))
	}
	notePrefill(messages, pairs, notes)
	return converted
}

/**
 * Only OpenAI itself takes `developer` anywhere. Others refuse system messages in the middle, and moving them to the
 * front would change the bytes that every later turn begins with.
 */
function toReminder(message: RequestMessage, options: MessageOptions): ChatMessage[] {
	const text = messageText(message.content)
	if (text.trim() === '') return []
	if (options.reminderRole === 'developer') return [{ role: 'developer', content: text }]
	return [{ role: 'user', content: `<system-reminder>\n${text}\n</system-reminder>` }]
}

function toUserMessages(message: RequestMessage, pairs: CallPairs, options: ContentOptions): ChatMessage[] {
	const pieces = toPieces(userBlocks(message, pairs), options)
	return pieces.length === 0 ? [] : [{ role: 'user', content: toContent(pieces) }]
}

function toAssistantMessages(
	message: RequestMessage,
	pairs: CallPairs,
	options: MessageOptions,
	content: ContentOptions,
): ChatMessage[] {
	const calls = pairs.byMessage.get(message) ?? []
	const blocks = toBlocks(message.content)
	const text = (options.keepsReasoning ? '' : joinTagged(blocks, options.model)) + joinAnswerTexts(blocks)
	if (text === '' && calls.length === 0) return []
	const converted: AssistantMessage = { role: 'assistant', content: text === '' ? null : text }
	if (options.keepsReasoning) {
		const reasoning = joinThinking(blocks)
		// A call without any is refused as well; a blank is accepted in its place: BerriAI/litellm#31439
		if (reasoning !== '' || calls.length > 0) converted.reasoning_content = reasoning || ' '
	}
	if (options.keepsSignatures) {
		const details = readDetails(blocks, calls)
		const [first] = calls
		if (details.length === 0 && first && options.demandsDetails) details.push(skippedDetail(first.id))
		if (details.length > 0) converted.reasoning_details = details
	}
	if (calls.length === 0) return [converted]
	const signatures = options.keepsSignatures ? readThoughtSignatures(blocks) : undefined
	converted.tool_calls = calls.map(pair => toToolCall(pair, options, signatures?.get(pair.call)))
	return [converted, ...toResultMessages(calls, content)]
}

function toToolCall({ id, call }: CallPair, options: MessageOptions, extra?: ExtraContent): ToolCall {
	const name = options.toolNames.toUpstream(call.name)
	const called = { name, arguments: toArguments(call.input) }
	return { id, type: 'function', function: called, ...(extra && { extra_content: extra }) }
}

/** What the model itself said between tags at the beginning of its text. */
function joinTagged(blocks: readonly ContentBlock[], model: string): string {
	let tagged = ''
	for (const block of blocks) {
		if (block.type === 'thinking') tagged += restoreTags(block.thinking, block.signature, model)
	}
	return tagged
}

function joinThinking(blocks: readonly ContentBlock[]): string {
	return blocks.flatMap(block => (block.type === 'thinking' ? [block.thinking] : [])).join('\n')
}
