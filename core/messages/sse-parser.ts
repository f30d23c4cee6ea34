import { createParser } from 'eventsource-parser'

/** Longest line or event an upstream may send: images and artifacts come in one line. */
const maxEventCharacters = 32 * 1024 * 1024

/** Feeds bytes, as the socket brings them, into complete SSE events. */
export interface SseParser {
	feed(bytes: Uint8Array): void
	/** The stream is over: hands out an event that lacks its blank line. */
	end(): void
}

/**
 * @param onEvent gets each event's data (lines joined by LF) and its event name, in order
 * @param onError gets told once when an event is larger than 32 MB; nothing is parsed after that
 */
export function createSseParser(
	onEvent: (data: string, event: string | undefined) => void,
	onError: (message: string) => void,
): SseParser {
	// Bytes may split a character: the decoder keeps the rest of it for the next read.
	const decoder = new TextDecoder()
	let broken = false
	const parser = createParser({
		maxBufferSize: maxEventCharacters,
		onEvent: message => onEvent(message.data, message.event),
		onError: error => {
			if (error.type !== 'max-buffer-size-exceeded') return
			broken = true
			onError('the upstream sent an event larger than 32 MB')
		},
	})
	return {
		feed(bytes) {
			if (!broken) parser.feed(decoder.decode(bytes, { stream: true }))
		},
		end() {
			if (!broken) parser.feed(`${decoder.decode()}\n\n`)
		},
	}
}
