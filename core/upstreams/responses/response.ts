import type { BlockWriter } from '../../messages/block-writer.ts'
import type { ResponseContext } from '../contract.ts'
import { isRecord } from '../shared/failure.ts'
import { failWithOpenAiError } from '../shared/openai-error.ts'
import { Answer } from './answer.ts'

/** A whole response: https://platform.openai.com/docs/api-reference/responses/object */
export function readResponse(body: unknown, blocks: BlockWriter, context: ResponseContext): boolean {
	if (!isRecord(body)) return false
	if (Array.isArray(body.output) || body.object === 'response') {
		new Answer(blocks, context).finish(body)
		return true
	}
	return failWithOpenAiError(blocks, body)
}
