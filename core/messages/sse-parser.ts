import { createParser, type EventSourceParser } from 'eventsource-parser'

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
export function createSseParser(onEvent: OnEvent, onError: (message: string) => void): SseParser {
	return new StreamParser(onEvent, onError)
}

type OnEvent = (data: string, event: string | undefined) => void

class StreamParser implements SseParser {
	readonly #onEvent: OnEvent
	readonly #onError: (message: string) => void
	// Bytes may split a character: the decoder keeps the rest of it for the next read.
	readonly #decoder = new TextDecoder()
	/** For what is not plain; made when there is some. */
	#parser: EventSourceParser | undefined
	/** Nothing of an event is waiting for its end. */
	#isBetween = true
	#isBroken = false

	constructor(onEvent: OnEvent, onError: (message: string) => void) {
		this.#onEvent = onEvent
		this.#onError = onError
	}

	feed(bytes: Uint8Array): void {
		if (this.#isBroken) return
		const text = this.#decoder.decode(bytes, streaming)
		const rest = this.#isBetween ? this.#readPlain(text) : text
		if (rest === '') return
		this.#parse(rest)
		this.#isBetween = rest.endsWith('\n\n')
	}

	end(): void {
		if (!this.#isBroken) this.#parse(`${this.#decoder.decode()}\n\n`)
	}

	/** Hands out events of one line, with or without a name before it, as all upstreams write them. Returns the rest. */
	#readPlain(text: string): string {
		let at = 0
		while (at < text.length) {
			let event: string | undefined
			let begin = at
			if (text.slice(at, at + 7) === 'event: ') {
				const nameEnd = text.indexOf('\n', at)
				event = text.slice(at + 7, nameEnd)
				begin = nameEnd + 1
				if (nameEnd === -1 || event === '' || event.includes('\r')) break
			}
			const end = text.indexOf('\n', begin)
			if (end === -1 || text[end + 1] !== '\n' || text.slice(begin, begin + 6) !== 'data: ') break
			const data = text.slice(begin + 6, end)
			if (data === '' || data.includes('\r')) break
			at = end + 2
			this.#onEvent(data, event)
		}
		return at === 0 ? text : text.slice(at)
	}

	#parse(text: string): void {
		this.#parser ??= this.#createParser()
		this.#parser.feed(text)
	}

	#createParser(): EventSourceParser {
		const parser = createParser({
			maxBufferSize: maxEventCharacters,
			onEvent: message => this.#onEvent(message.data, message.event),
			onError: error => {
				if (error.type !== 'max-buffer-size-exceeded') return
				this.#isBroken = true
				this.#onError('the upstream sent an event larger than 32 MB')
			},
		})
		// It takes a byte order mark off what comes first: the decoder has done so, and there may have been events before.
		parser.feed('\n')
		return parser
	}
}

const streaming = { stream: true }
