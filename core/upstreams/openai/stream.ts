import type { BlockWriter } from '../../messages/block-writer.ts'
import type { ResponseContext, StreamTransform } from '../contract.ts'
import { isRecord, parseJson } from '../shared/failure.ts'
import { createAnswerReader } from './answer.ts'

/** Chat Completions stream: https://platform.openai.com/docs/api-reference/chat-streaming */
export function createStreamTransform(blocks: BlockWriter, context: ResponseContext): StreamTransform {
	const answer = createAnswerReader(blocks, context)
	return {
		push(data) {
			if (blocks.over) return
			const chunk = parseJson(data)
			if (isRecord(chunk)) answer.read(chunk)
			// The end of the stream; usage has come by now, so the client need not wait for the socket to close.
			else if (data.trim() === '[DONE]') answer.complete()
		},
		end() {
			answer.end()
		},
	}
}
