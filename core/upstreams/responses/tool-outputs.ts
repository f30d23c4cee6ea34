import { type ContentOptions, type Piece, toPieces } from '../shared/content.ts'
import type { CallPair } from '../shared/tool-pairs.ts'
import { emptyResult, inventResult, markError, resultParts } from '../shared/tool-results.ts'
import { toPart } from './parts.ts'
import type { InputItem, InputPart } from './wire.ts'

/**
 * A call's result: text as a string, anything with images or files as parts, which tools may answer here.
 * Source: https://platform.openai.com/docs/guides/function-calling, formatting results.
 */
export function toOutput({ id, result }: CallPair, options: ContentOptions): InputItem {
	const output = result ? readOutput(result, options) : inventResult(options.notes)
	return { type: 'function_call_output', call_id: id, output }
}

function readOutput(result: NonNullable<CallPair['result']>, options: ContentOptions): string | InputPart[] {
	const pieces = toPieces(resultParts(result), options)
	const texts = pieces.flatMap(piece => (piece.kind === 'text' ? [piece.text] : []))
	if (texts.length === pieces.length) return markError(result, texts.join('\n') || emptyResult)
	const [first] = pieces
	if (!result.is_error) return pieces.map(toPart)
	const lead: Piece = {
		kind: 'text',
		text: markError(result, first?.kind === 'text' ? first.text : '').trim(),
	}
	return [lead, ...pieces.slice(first?.kind === 'text' ? 1 : 0)].map(toPart)
}
