import { type ContentOptions, type Piece, text, toPieces } from '../shared/content.ts'
import type { CallPair } from '../shared/tool-pairs.ts'
import { emptyResult, inventResult, markError, resultParts } from '../shared/tool-results.ts'
import { toContent } from './parts.ts'
import type { ChatMessage } from './wire.ts'

/**
 * Results of one assistant message: a `tool` message for each call, in call order, and after all of them one user
 * message with the images and files, since a `tool` message takes only text.
 */
export function toResultMessages(pairs: readonly CallPair[], options: ContentOptions): ChatMessage[] {
	const messages: ChatMessage[] = []
	const attachments: Piece[] = []
	for (const pair of pairs) {
		const { content, files } = readResult(pair, options)
		messages.push({ role: 'tool', tool_call_id: pair.id, content })
		if (files.length === 0) continue
		attachments.push(
			text(`Files from the result of ${options.toolName(pair.call.name)} (${pair.id}):`),
			...files,
		)
	}
	if (attachments.length > 0) messages.push({ role: 'user', content: toContent(attachments) })
	return messages
}

function readResult(pair: CallPair, options: ContentOptions): { content: string; files: Piece[] } {
	const { result } = pair
	if (!result) return { content: inventResult(options.notes), files: [] }
	const texts: string[] = []
	const files: Piece[] = []
	for (const piece of toPieces(resultParts(result), options)) {
		if (piece.kind === 'text') texts.push(piece.text)
		else {
			files.push(piece)
			texts.push(piece.kind === 'image' ? '[image: see the next message]' : '[file: see the next message]')
		}
	}
	return { content: markError(result, texts.join('\n') || emptyResult), files }
}
