import type { BlockWriter } from '../../messages/block-writer.ts'
import type { ResponseContext } from '../contract.ts'
import { AnswerReader } from './answer.ts'

/** A GenerateContentResponse, or the array of them that a stream without `alt=sse` is. */
export function readResponse(body: unknown, blocks: BlockWriter, context: ResponseContext): boolean {
	const reader = new AnswerReader(blocks, context)
	if (!reader.read(body)) return false
	reader.end()
	return true
}
