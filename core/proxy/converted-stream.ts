import type { EventOutput, StreamEvent } from '../messages/events.ts'
import { createSseEncoder, encodeEvent } from '../messages/sse-encoder.ts'
import { sseHeaders } from './answer-reader.ts'
import type { ClientAnswer } from './client-answer.ts'

/**
 * A converted stream's way to the client. It outlives attempts: `message_start` is sent once, whichever attempt
 * gets to speak, and nothing of an attempt that said no content is sent at all.
 */
export interface ConvertedStream {
	/** A fresh output for one attempt; what an earlier one left unsent is forgotten. */
	createOutput(): EventOutput
	/** Sends what the current output holds. */
	flush(): void
	/** Commits and sends `message_start` before any content, so that a ping can follow. */
	open(): void
}

/** @param hide takes secrets out of an error's words */
export function createConvertedStream(
	client: ClientAnswer,
	headers: Record<string, string>,
	defaultStart: () => StreamEvent,
	hide: (text: string) => string = text => text,
): ConvertedStream {
	let encoder = createSseEncoder()
	let start: StreamEvent | undefined
	let startSent = false
	const takeStart = (): string => {
		if (startSent) return ''
		startSent = true
		return encodeEvent(start ?? defaultStart())
	}
	const commit = () => client.commit(200, { ...sseHeaders, ...headers })
	return {
		createOutput() {
			encoder = createSseEncoder()
			start = undefined
			const { event, ...deltas } = encoder
			return {
				...deltas,
				event(next) {
					if (next.type === 'message_start') start = next
					else if (next.type === 'error') event(hideInError(next, hide))
					else event(next)
				},
			}
		},
		flush() {
			const events = encoder.take()
			if (events === '') return
			commit()
			client.write(takeStart() + events)
		},
		open() {
			commit()
			client.write(takeStart())
		},
	}
}

function hideInError(
	event: Extract<StreamEvent, { type: 'error' }>,
	hide: (text: string) => string,
): StreamEvent {
	return { ...event, error: { ...event.error, message: hide(event.error.message) } }
}
