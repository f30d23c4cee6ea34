import type { RequestMessage, ToolResultBlock } from '../../messages/request.ts'
import { type SentCall, type TurnOptions, toModelTurn } from './model-turn.ts'
import { toParts } from './parts.ts'
import { type Piece, toRuns } from './pieces.ts'
import { toResult, toResultText } from './tool-results.ts'
import type { Content, Part } from './wire.ts'

/**
 * The conversation as Gemini wants it: user and model in turn, the first one the user's, no turn empty, and after
 * a turn with calls one user turn that begins with exactly as many responses, in the calls' order.
 * Source: https://ai.google.dev/gemini-api/docs/function-calling
 */
export function toContents(messages: readonly RequestMessage[], options: TurnOptions): Content[] {
	const contents: Content[] = []
	let calls: SentCall[] = []
	for (const { side, pieces } of toRuns(messages)) {
		if (side === 'model') {
			const turn = toModelTurn(pieces, options)
			calls = turn.calls
			addTurn(contents, 'model', turn.parts)
		} else {
			addTurn(contents, 'user', toUserParts(pieces, calls, options))
			calls = []
		}
	}
	if (calls.length > 0) addTurn(contents, 'user', toUserParts([], calls, options))
	if (contents[0]?.role !== 'user') contents.unshift({ role: 'user', parts: [{ text: '(no message)' }] })
	return contents
}

function addTurn(contents: Content[], role: Content['role'], parts: Part[]): void {
	if (parts.length === 0) return
	const last = contents.at(-1)
	if (last?.role === role) last.parts.push(...parts)
	else contents.push({ role, parts })
}

interface Answer {
	block: ToolResultBlock
	field: string
}

/** Responses first, whatever order the client sent them in; then their media; then everything else in order. */
function toUserParts(pieces: readonly Piece[], calls: readonly SentCall[], options: TurnOptions): Part[] {
	const { notes } = options
	const open = [...calls]
	const answers = new Map<SentCall, Answer>()
	const rest: Part[] = []
	for (const { block, field, role } of pieces) {
		if (block.type === 'tool_result') {
			const at = open.findIndex(call => call.id === block.tool_use_id)
			const [call] = at === -1 ? [] : open.splice(at, 1)
			if (call) answers.set(call, { block, field })
			else {
				notes.push({ field, action: 'replaced', detail: 'the result of an unknown tool call became text' })
				rest.push(...toResultText(block, field, options))
			}
		} else if (!foreign.has(block.type)) {
			const parts = toParts(block, field, options)
			rest.push(...(role === 'system' ? parts.map(toReminder) : parts))
		}
	}
	return [...toResponses(calls, answers, options), ...rest]
}

/** Blocks of the assistant, which mean nothing on the user's side. */
const foreign = new Set(['tool_use', 'thinking', 'redacted_thinking'])

function toResponses(
	calls: readonly SentCall[],
	answers: ReadonlyMap<SentCall, Answer>,
	options: TurnOptions,
): Part[] {
	const { strict, notes } = options
	const media: Part[] = []
	const responses = calls.map((call): Part => {
		const { id, name } = call
		const found = answers.get(call)
		if (!found) notes.push({ field: 'messages', action: 'repaired', detail: 'a tool call had no result' })
		const result = found && toResult(found.block, found.field, options)
		if (result && result.media.length > 0) media.push({ text: `[from ${name}]` }, ...result.media)
		const response = result?.response ?? { result: '(no result)' }
		return { functionResponse: { ...(strict && { id }), name, response } }
	})
	return [...responses, ...media]
}

/** Gemini knows the system role only at the front; moving the text there would spoil the cached prefix (traps A11). */
function toReminder(part: Part): Part {
	if (part.text === undefined || part.text.startsWith('<system-reminder>')) return part
	return { text: `<system-reminder>\n${part.text}\n</system-reminder>` }
}
