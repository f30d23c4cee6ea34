import type { BlockWriter } from '../../messages/block-writer.ts'
import type { ResponseContext, StreamTransform } from '../contract.ts'
import { createEventReader } from '../shared/learnt-events.ts'
import { AnswerReader } from './answer.ts'

const changing = [
	'candidates.0.content.parts.0.text',
	'usageMetadata.candidatesTokenCount',
	'usageMetadata.thoughtsTokenCount',
	'usageMetadata.totalTokenCount',
]

export function createStreamTransform(blocks: BlockWriter, context: ResponseContext): StreamTransform {
	const reader = new AnswerReader(blocks, context)
	const readEvent = createEventReader(changing)
	return {
		push(data) {
			// Relays add a `[DONE]`; like anything else that is no JSON object, it says nothing.
			if (!blocks.over) reader.read(readEvent(data))
		},
		end() {
			reader.end()
		},
	}
}
