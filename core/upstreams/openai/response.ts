import type { BlockWriter } from '../../messages/block-writer.ts'
import type { ResponseContext } from '../contract.ts'
import { isRecord } from '../shared/failure.ts'
import { createAnswerReader } from './answer.ts'

/** A whole chat completion: https://platform.openai.com/docs/api-reference/chat/object */
export function readResponse(body: unknown, blocks: BlockWriter, context: ResponseContext): boolean {
	if (!isRecord(body)) return false
	const isAnswer = Array.isArray(body.choices) && isRecord(body.choices[0])
	const answer = createAnswerReader(blocks, context)
	if (!answer.read(body) || (!isAnswer && !blocks.over)) return false
	answer.complete()
	return true
}
