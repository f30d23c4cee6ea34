import type { Note } from '../../messages/notes.ts'
import type { RequestMessage, ToolResultBlock, ToolUseBlock } from '../../messages/request.ts'
import { hash } from './tool-names.ts'

/** A call of the history and the result that answers it. */
export interface CallPair {
	/** The id sent upstream: unique where it must be, at most 40 characters. */
	id: string
	call: ToolUseBlock
	/** Undefined for a call that was never answered. */
	result: ToolResultBlock | undefined
}

export interface CallPairs {
	/** Calls of each assistant message, in order. */
	byMessage: ReadonlyMap<RequestMessage, CallPair[]>
	/** Results that have a call; the others stay where they are, as text. */
	paired: ReadonlySet<ToolResultBlock>
	/** Repeats of a result that say nothing new. */
	repeated: ReadonlySet<ToolResultBlock>
}

/** Longer ids are refused with "string too long. Expected a string with maximum length 40". */
const maxIdLength = 40

/**
 * Finds for each call its result, wherever in the later messages it stands: Chat Completions wants results right
 * after the message that calls, clients send them in any order and with other messages between.
 *
 * @param uniqueWithin where two calls must not share an id; clients repeat them in later turns
 * Source: https://platform.openai.com/docs/guides/function-calling
 */
export function pairCalls(
	messages: readonly RequestMessage[],
	uniqueWithin: 'message' | 'conversation',
	notes: Note[],
): CallPairs {
	const taken = new Set<string>()
	const byMessage = new Map<RequestMessage, CallPair[]>()
	const paired = new Set<ToolResultBlock>()
	const repeated = new Set<ToolResultBlock>()
	/** The latest calls of each client id; an id used again in a later message means the later call. */
	const latest = new Map<string, CallPair[]>()

	for (const message of messages) {
		if (typeof message.content === 'string') continue
		const pairs: CallPair[] = []
		if (uniqueWithin === 'message') taken.clear()
		for (const block of message.content) {
			if (block.type === 'tool_use' && message.role === 'assistant') {
				pairs.push({ id: uniqueId(block.id, taken), call: block, result: undefined })
			} else if (block.type === 'tool_result' && message.role === 'user') {
				const candidates = latest.get(block.tool_use_id) ?? []
				const open = candidates.find(pair => pair.result === undefined)
				if (open) open.result = block
				if (open) paired.add(block)
				else if (candidates.some(pair => isSameResult(pair.result, block))) repeated.add(block)
				else noteOrphan(notes)
			}
		}
		if (pairs.length > 0) byMessage.set(message, pairs)
		for (const [id, group] of Map.groupBy(pairs, pair => pair.call.id)) latest.set(id, group)
	}
	return { byMessage, paired, repeated }
}

function noteOrphan(notes: Note[]): void {
	const detail = 'a tool result without its call is sent as text'
	notes.push({ field: 'messages.tool_result', action: 'replaced', detail })
}

function isSameResult(one: ToolResultBlock | undefined, other: ToolResultBlock): boolean {
	return JSON.stringify(one?.content) === JSON.stringify(other.content)
}

function uniqueId(id: string, taken: Set<string>): string {
	const short = id.length <= maxIdLength ? id : `${id.slice(0, maxIdLength - 9)}_${hash(id)}`
	let candidate = short
	for (let count = 2; taken.has(candidate); count++) {
		const suffix = `_${count}`
		candidate = `${short.slice(0, maxIdLength - suffix.length)}${suffix}`
	}
	taken.add(candidate)
	return candidate
}
