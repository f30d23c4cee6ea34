import type { ContentBlock, ToolUseBlock } from '../../messages/request.ts'
import { unwrapSignature } from '../../messages/signatures.ts'
import { isRecord, parseJson } from '../shared/failure.ts'
import { type PartOptions, toParts } from './parts.ts'
import type { Piece } from './pieces.ts'
import { readSignature, skipValidation } from './thought-signature.ts'
import type { Part } from './wire.ts'

/** A tool call of a model turn, in the order in which Gemini wants the responses. */
export interface SentCall {
	/** The client's id. */
	id: string
	/** The name as sent. */
	name: string
}

export interface ModelTurn {
	parts: Part[]
	calls: SentCall[]
}

export interface TurnOptions extends PartOptions {
	/** Gemini 3 and later: calls carry ids, and the first call of a turn must carry a thought signature. */
	strict: boolean
}

/** Assistant messages in a row are one turn. Thinking is not sent back; its signature moves to the part it belongs to. */
export function toModelTurn(pieces: readonly Piece[], options: TurnOptions): ModelTurn {
	const turn: ModelTurn = { parts: [], calls: [] }
	let waiting: string | undefined
	for (const [index, { block, field }] of pieces.entries()) {
		if (block.type === 'thinking') {
			const found = readSignature(unwrapSignature('gemini', block.signature))
			const last = turn.parts.at(-1)
			// Without a thought and right after a text, it is that text's: see AnswerReader. Otherwise the next part's.
			const isLate = block.thinking === '' && pieces[index - 1]?.block.type === 'text'
			if (found?.of === 'text' && isLate && last?.text !== undefined && !last.thoughtSignature) {
				last.thoughtSignature = found.value
			} else if (found) waiting = found.value
			continue
		}
		const parts = toModelParts(block, field, turn.calls, options)
		const [first] = parts
		if (first && waiting !== undefined) {
			first.thoughtSignature = waiting
			waiting = undefined
		}
		turn.parts.push(...parts)
	}
	// Without it: "Function call is missing a thought_signature", https://ai.google.dev/gemini-api/docs/thought-signatures
	const firstCall = turn.parts.find(part => part.functionCall)
	if (options.strict && firstCall) firstCall.thoughtSignature ??= skipValidation
	return turn
}

function toModelParts(block: ContentBlock, field: string, calls: SentCall[], options: TurnOptions): Part[] {
	if (block.type === 'tool_use') return [toCall(block, calls, options)]
	if (block.type === 'redacted_thinking' || block.type === 'tool_result') return []
	return toParts(block, field, options)
}

function toCall(block: ToolUseBlock, calls: SentCall[], { names, strict }: TurnOptions): Part {
	const name = names.toUpstream(block.name)
	calls.push({ id: block.id, name })
	return { functionCall: { ...(strict && { id: block.id }), name, args: toArguments(block.input) } }
}

/** Clients replay what a broken model produced; Gemini takes nothing but an object. */
function toArguments(input: ToolUseBlock['input']): Record<string, unknown> {
	if (typeof input !== 'string') return input ?? {}
	if (input.trim() === '') return {}
	const parsed = parseJson(input)
	return isRecord(parsed) ? parsed : { _raw: input }
}
