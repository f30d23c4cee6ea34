import type { ContentBlock, RequestMessage } from '../../messages/request.ts'
import { dropBillingLine, isBillingHeader } from '../shared/system.ts'

/** One block of a message, with its path for notes. A message that is a string is one text block. */
export interface Piece {
	block: ContentBlock
	field: string
	role: RequestMessage['role']
}

/** Messages of one side in a row, as blocks; system messages stand on the user's side. */
export interface Run {
	side: 'user' | 'model'
	pieces: Piece[]
}

export function toRuns(messages: readonly RequestMessage[]): Run[] {
	const runs: Run[] = []
	for (const [index, message] of messages.entries()) {
		const side = message.role === 'assistant' ? 'model' : 'user'
		let run = runs.at(-1)
		if (run?.side !== side) {
			run = { side, pieces: [] }
			runs.push(run)
		}
		run.pieces.push(...toPieces(message, index))
	}
	return runs
}

function toPieces({ role, content }: RequestMessage, index: number): Piece[] {
	const field = `messages.${index}.content`
	const isSystem = role === 'system'
	if (typeof content === 'string') {
		const text = isSystem ? dropBillingLine(content) : content
		return [{ block: { type: 'text', text }, field, role }]
	}
	return content.flatMap((block, position) => {
		if (isSystem && block.type === 'text' && isBillingHeader(block.text)) return []
		return [{ block, field: `${field}.${position}`, role }]
	})
}
