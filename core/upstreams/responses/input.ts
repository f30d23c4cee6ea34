import type { Note } from '../../messages/notes.ts'
import type { ContentBlock, RequestMessage } from '../../messages/request.ts'
import { type ContentOptions, toPieces } from '../shared/content.ts'
import { joinAnswerTexts, notePrefill, toArguments, toBlocks, userBlocks } from '../shared/history.ts'
import { messageText } from '../shared/system.ts'
import type { ToolNames } from '../shared/tool-names.ts'
import { type CallPairs, pairCalls } from '../shared/tool-pairs.ts'
import { toPart } from './parts.ts'
import { readReasoningSignature } from './reasoning-signature.ts'
import { toOutput } from './tool-outputs.ts'
import { isOwnSearchResult, toWebSearchCall } from './web-search.ts'
import type { InputItem, InputMessage, ReasoningItem } from './wire.ts'

type ThinkingBlock = Extract<ContentBlock, { type: 'thinking' }>

export interface InputOptions {
	/** Who says what the client says with role `system` in the middle of a conversation. */
	reminderRole: 'developer' | 'system'
	/** Reasoning the upstream takes back: only what it encrypted itself, or also what it showed openly. */
	reasoning: 'none' | 'encrypted' | 'any'
	/** Texts are marked as commentary or final answer. */
	phases: boolean
	toolNames: ToolNames
	notes: Note[]
}

/**
 * The conversation as input items, calls directly followed by their results, everything else at its place, so that
 * the next turn's request begins with the same bytes and hits the prompt cache.
 * Source: https://platform.openai.com/docs/guides/conversation-state
 */
export function toInput(messages: readonly RequestMessage[], options: InputOptions): InputItem[] {
	return new InputBuilder(messages, options).build()
}

class InputBuilder {
	readonly #messages: readonly RequestMessage[]
	readonly #options: InputOptions
	readonly #content: ContentOptions
	readonly #pairs: CallPairs
	readonly #items: InputItem[] = []
	/** Reasoning that waits for the item it led to: alone it is a 400, "without its required following item". */
	#reasoning: ReasoningItem[] = []
	readonly #reasoningIds = new Set<string>()
	#droppedThinking = false

	constructor(messages: readonly RequestMessage[], options: InputOptions) {
		const { notes, toolNames } = options
		this.#messages = messages
		this.#options = options
		this.#content = { files: 'inline-and-url', notes, toolName: toolNames.toUpstream }
		this.#pairs = pairCalls(messages, 'conversation', notes)
	}

	build(): InputItem[] {
		for (const message of this.#messages) {
			if (message.role === 'assistant') this.#addAnswer(message)
			else this.#addInput(message)
		}
		notePrefill(this.#messages, this.#pairs, this.#options.notes)
		if (this.#droppedThinking) {
			const detail = 'thinking that this upstream did not make, or that led to nothing, was left out'
			this.#options.notes.push({ field: 'messages.thinking', action: 'dropped', detail })
		}
		return this.#items
	}

	#addInput(message: RequestMessage): void {
		if (message.role === 'system') {
			const text = messageText(message.content)
			if (text.trim() === '') return
			const content = [{ type: 'input_text', text } as const]
			this.#items.push({ type: 'message', role: this.#options.reminderRole, content })
			return
		}
		const pieces = toPieces(userBlocks(message, this.#pairs), this.#content)
		if (pieces.length === 0) return
		this.#items.push({ type: 'message', role: 'user', content: pieces.map(toPart) })
	}

	/** An assistant turn, item by item in its own order, and then the results of its calls. */
	#addAnswer(message: RequestMessage): void {
		const calls = this.#pairs.byMessage.get(message) ?? []
		let texts: ContentBlock[] = []
		let called = 0
		const flush = () => {
			this.#addText(texts, called < calls.length ? 'commentary' : 'final_answer')
			texts = []
		}
		for (const block of toBlocks(message.content)) {
			if (block.type === 'redacted_thinking') this.#droppedThinking = true
			if (isOwnSearchResult(block) || block.type === 'redacted_thinking') continue
			const search = toWebSearchCall(block)
			if (block.type !== 'thinking' && block.type !== 'tool_use' && !search) {
				texts.push(block)
				continue
			}
			flush()
			if (search) this.#addOutput(search)
			else if (block.type === 'thinking') this.#keepReasoning(block)
			else if (block.type === 'tool_use') {
				const id = calls[called++]?.id ?? block.id
				const name = this.#options.toolNames.toUpstream(block.name)
				this.#addOutput({ type: 'function_call', call_id: id, name, arguments: toArguments(block.input) })
			}
		}
		flush()
		if (this.#reasoning.length > 0) this.#droppedThinking = true
		this.#reasoning = []
		for (const pair of calls) this.#items.push(toOutput(pair, this.#content))
	}

	#addText(blocks: readonly ContentBlock[], phase: 'commentary' | 'final_answer'): void {
		const content = joinAnswerTexts(blocks)
		if (content === '') return
		const message: InputMessage = { type: 'message', role: 'assistant', content }
		this.#addOutput(this.#options.phases ? { ...message, phase } : message)
	}

	#addOutput(item: InputItem): void {
		this.#items.push(...this.#reasoning, item)
		this.#reasoning = []
	}

	#keepReasoning(block: ThinkingBlock): void {
		const item = toReasoningItem(block, this.#options.reasoning)
		// The same id twice is a 400.
		if (item && !this.#reasoningIds.has(item.id)) {
			this.#reasoningIds.add(item.id)
			this.#reasoning.push(item)
		} else this.#droppedThinking = true
	}
}

function toReasoningItem(
	{ thinking, signature }: ThinkingBlock,
	taken: InputOptions['reasoning'],
): ReasoningItem | undefined {
	const carried = taken === 'none' ? undefined : readReasoningSignature(signature)
	if (!carried) return undefined
	const { id, encrypted_content } = carried
	if (encrypted_content !== undefined) {
		const summary: ReasoningItem['summary'] =
			thinking === '' ? [] : [{ type: 'summary_text', text: thinking }]
		return { type: 'reasoning', id, summary, encrypted_content }
	}
	if (taken !== 'any' || thinking === '') return undefined
	return { type: 'reasoning', id, summary: [], content: [{ type: 'reasoning_text', text: thinking }] }
}
