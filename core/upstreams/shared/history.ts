import type { Note } from '../../messages/notes.ts'
import type { ContentBlock, RequestMessage, TextBlock } from '../../messages/request.ts'
import { describeBlock } from './content.ts'
import type { CallPairs } from './tool-pairs.ts'
import { describeOrphan } from './tool-results.ts'

export function toBlocks(content: RequestMessage['content']): readonly ContentBlock[] {
	return typeof content === 'string' ? [{ type: 'text', text: content } as TextBlock] : content
}

/** A user turn without the results that have their place elsewhere. */
export function userBlocks(message: RequestMessage, pairs: CallPairs): ContentBlock[] {
	return toBlocks(message.content).flatMap((block): ContentBlock[] => {
		if (block.type !== 'tool_result') return [block]
		if (pairs.paired.has(block) || pairs.repeated.has(block)) return []
		return describeOrphan(block)
	})
}

/** A call's arguments as JSON text: an object in any case, whatever a broken model produced and the client replays. */
export function toArguments(input: unknown): string {
	return JSON.stringify(repairInput(input))
}

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

/** An answer's texts; citations split one sentence into several blocks, which then have no gap between them. */
export function joinAnswerTexts(blocks: readonly ContentBlock[]): string {
	let joined = ''
	let last: 'cited' | 'text' | 'other' = 'other'
	for (const block of blocks) {
		if (block.type === 'thinking' || block.type === 'redacted_thinking' || block.type === 'tool_use') continue
		const text = block.type === 'text' ? block.text : describeBlock(block)
		if (text.trim() === '') continue
		const kind = block.type !== 'text' ? 'other' : Array.isArray(block.citations) ? 'cited' : 'text'
		const goesOn = last !== 'other' && kind !== 'other' && (last === 'cited' || kind === 'cited')
		joined += joined === '' || goesOn ? text : `\n\n${text}`
		last = kind
	}
	return joined
}

/** Claude goes on where a trailing assistant message ends; other models begin anew. */
export function notePrefill(messages: readonly RequestMessage[], pairs: CallPairs, notes: Note[]): void {
	const last = messages.at(-1)
	if (last?.role !== 'assistant' || pairs.byMessage.has(last)) return
	const detail = 'OpenAI-compatible models answer after a trailing assistant message, they do not continue it'
	notes.push({ field: 'messages', action: 'replaced', detail })
}
