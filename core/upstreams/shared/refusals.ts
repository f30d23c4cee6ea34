import type { MessageRequest } from '../../messages/request.ts'
import { RequestRefused } from '../contract.ts'

/** Threads keep history at the server. The SDK goes on without them when it gets exactly this error code. */
export function refuseThread(request: MessageRequest): void {
	if (request.thread == null) return
	throw new RequestRefused('thread', 'this upstream keeps no message threads: send the whole conversation', {
		error_code: 'thread_unsupported_request',
		unsupported: [],
	})
}

/** Every upstream refuses a conversation without any content. */
export function refuseEmptyConversation(messages: readonly unknown[]): void {
	if (messages.length > 0) return
	throw new RequestRefused('messages', 'no message has any content: send at least one text')
}
