import type { BlockWriter } from '../../messages/block-writer.ts'
import type { ResponseContext, StreamTransform } from '../contract.ts'
import { isRecord } from '../shared/failure.ts'
import { createEventReader } from '../shared/learnt-events.ts'
import { createAnswerReader } from './answer.ts'

/** `obfuscation` is noise of changing length: https://platform.openai.com/docs/api-reference/chat-streaming */
const changing = [
	'choices.0.delta.content',
	'choices.0.delta.reasoning_content',
	'choices.0.delta.reasoning',
	'choices.0.delta.tool_calls.0.function.arguments',
	'obfuscation',
]

/** Chat Completions stream: https://platform.openai.com/docs/api-reference/chat-streaming */
export function createStreamTransform(blocks: BlockWriter, context: ResponseContext): StreamTransform {
	const answer = createAnswerReader(blocks, context)
	const readEvent = createEventReader(changing)
	return {
		push(data) {
			if (blocks.over) return
			const chunk = readEvent(data)
			if (isRecord(chunk)) answer.read(chunk)
			// The end of the stream; usage has come by now, so the client need not wait for the socket to close.
			else if (data.trim() === '[DONE]') answer.complete()
		},
		end() {
			answer.end()
		},
	}
}
