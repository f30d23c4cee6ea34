import type { BlockWriter } from '../../messages/block-writer.ts'
import type { ResponseContext, StreamTransform } from '../contract.ts'
import { parseJson } from '../shared/failure.ts'
import { AnswerReader } from './answer.ts'

export function createStreamTransform(blocks: BlockWriter, context: ResponseContext): StreamTransform {
	const reader = new AnswerReader(blocks, context)
	return {
		push(data) {
			// Relays add a `[DONE]`; like anything else that is no JSON object, it says nothing.
			if (!blocks.over) reader.read(parseJson(data))
		},
		end() {
			reader.end()
		},
	}
}
