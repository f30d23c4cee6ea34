import type { Note } from '../../messages/notes.ts'
import type { ContentBlock, RequestMessage, TextBlock } from '../../messages/request.ts'
import type { ToolNames } from '../shared/tool-names.ts'
import { describeBlock, toParts } from './content.ts'
import { type ContentOptions, toContent } from './parts.ts'
import { messageText } from './system.ts'
import { type CallPair, type CallPairs, pairCalls } from './tool-pairs.ts'
import { describeOrphan, toResultMessages } from './tool-results.ts'
import type { AssistantMessage, ChatMessage, Dialect, ToolCall } from './wire.ts'

export interface MessageOptions {
	dialect: Dialect
	/** Who says what the client says with role `system` in the middle of a conversation. */
	reminderRole: 'developer' | 'user'
	/** The upstream wants thinking back. */
	keepsReasoning: boolean
	toolNames: ToolNames
	notes: Note[]
}

/**
 * The conversation in OpenAI's order: every call directly followed by its results, everything else at its place,
 * so that the next turn's request begins with the same bytes and hits the prompt cache.
 */
export function toMessages(messages: readonly RequestMessage[], options: MessageOptions): ChatMessage[] {
	const pairs = pairCalls(messages, options.notes)
	const content: ContentOptions = { ...options, toolName: options.toolNames.toUpstream }
	const converted: ChatMessage[] = []
	for (const message of messages) {
		if (message.role === 'system') converted.push(...toReminder(message, options))
		else if (message.role === 'user') converted.push(...toUserMessages(message, pairs, content))
		else converted.push(...toAssistantMessages(message, pairs, options, content))
	}
	const last = messages.at(-1)
	if (last?.role === 'assistant' && !pairs.byMessage.has(last)) {
		const detail =
			'OpenAI-compatible models answer after a trailing assistant message, they do not continue it'
		options.notes.push({ field: 'messages', action: 'replaced', detail })
	}
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
	const blocks = toBlocks(message.content).flatMap((block): ContentBlock[] => {
		if (block.type !== 'tool_result') return [block]
		if (pairs.paired.has(block) || pairs.repeated.has(block)) return []
		return describeOrphan(block)
	})
	const parts = toParts(blocks, options)
	return parts.length === 0 ? [] : [{ role: 'user', content: toContent(parts) }]
}

function toAssistantMessages(
	message: RequestMessage,
	pairs: CallPairs,
	options: MessageOptions,
	content: ContentOptions,
): ChatMessage[] {
	const calls = pairs.byMessage.get(message) ?? []
	const blocks = toBlocks(message.content)
	const text = joinAnswerTexts(blocks)
	if (text === '' && calls.length === 0) return []
	const converted: AssistantMessage = { role: 'assistant', content: text === '' ? null : text }
	if (options.keepsReasoning) {
		const reasoning = joinThinking(blocks)
		// A call without any is refused as well; a blank is accepted in its place: BerriAI/litellm#31439
		if (reasoning !== '' || calls.length > 0) converted.reasoning_content = reasoning || ' '
	}
	if (calls.length === 0) return [converted]
	converted.tool_calls = calls.map(pair => toToolCall(pair, options))
	return [converted, ...toResultMessages(calls, content)]
}

function toToolCall({ id, call }: CallPair, options: MessageOptions): ToolCall {
	const name = options.toolNames.toUpstream(call.name)
	return { id, type: 'function', function: { name, arguments: JSON.stringify(repairInput(call.input)) } }
}

/** Input that a broken model produced and the client replays: an object in any case. */
function repairInput(input: unknown): unknown {
	if (typeof input !== 'string') return input ?? {}
	if (input.trim() === '') return {}
	try {
		const parsed: unknown = JSON.parse(input)
		if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return parsed
	} catch {
		return { _raw: input }
	}
	return { _raw: input }
}

function toBlocks(content: RequestMessage['content']): readonly ContentBlock[] {
	return typeof content === 'string' ? [{ type: 'text', text: content } as TextBlock] : content
}

/** An answer's texts; citations split one sentence into several blocks, which then have no gap between them. */
function joinAnswerTexts(blocks: readonly ContentBlock[]): string {
	let joined = ''
	let cited = false
	for (const block of blocks) {
		if (block.type === 'thinking' || block.type === 'redacted_thinking' || block.type === 'tool_use') continue
		const text = block.type === 'text' ? block.text : describeBlock(block)
		if (text.trim() === '') continue
		const isCited = block.type === 'text' && Array.isArray(block.citations)
		joined += joined === '' || cited || isCited ? text : `\n\n${text}`
		cited = isCited
	}
	return joined
}

function joinThinking(blocks: readonly ContentBlock[]): string {
	return blocks.flatMap(block => (block.type === 'thinking' ? [block.thinking] : [])).join('\n')
}
