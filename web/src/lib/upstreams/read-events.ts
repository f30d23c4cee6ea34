import { EventSourceParserStream } from 'eventsource-parser/stream'

export interface StreamedEvent {
	event: string
	/** Parsed JSON. */
	data: unknown
}

/** The events of a streamed answer as they come; ends with the stream. */
export async function* readEvents(response: Response): AsyncGenerator<StreamedEvent> {
	if (response.body === null) return
	const text = response.body.pipeThrough(new TextDecoderStream())
	const reader = text.pipeThrough(new EventSourceParserStream()).getReader()
	try {
		for (;;) {
			const { done, value } = await reader.read()
			if (done) return
			yield { event: value.event ?? 'message', data: JSON.parse(value.data) }
		}
	} finally {
		await reader.cancel().catch(() => {})
	}
}
