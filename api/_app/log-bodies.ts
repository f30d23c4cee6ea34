import type { ResponseSink } from '../../core/ports.ts'
import { type Logger, nameRequest } from './logger.ts'
import { wrapSink } from './wrap-sink.ts'

/** What is logged of a body, in characters. */
const longest = 4000
/** Pictures and documents say nothing in a log. */
const base64 = /[A-Za-z0-9+/]{200,}={0,2}/g

type Named = { requestId: string; traceId?: string }

/** For LOG_LEVEL=debug only: bodies hold what people wrote. Keys are taken out as from any other line. */
export function logRequestBody(logger: Logger, { requestId, traceId, body }: Named & { body: Uint8Array }) {
	const text = new TextDecoder().decode(body.subarray(0, longest))
	const fields = { ...nameRequest({ id: requestId, traceId }), bytes: body.length, body: shorten(text) }
	logger.debug(fields, 'request body')
}

/** The sink, with the beginning of what it is given logged at its end. */
export function logAnswerBody(logger: Logger, sink: ResponseSink, named: Named): ResponseSink {
	let text = ''
	let bytes = 0
	const keep = (chunk: string | Uint8Array | undefined) => {
		if (chunk === undefined) return
		bytes += typeof chunk === 'string' ? Buffer.byteLength(chunk) : chunk.length
		if (text.length < longest) text += typeof chunk === 'string' ? chunk : new TextDecoder().decode(chunk)
	}
	const log = () => {
		const fields = { ...nameRequest({ id: named.requestId, traceId: named.traceId }), bytes }
		logger.debug({ ...fields, body: shorten(text.slice(0, longest)) }, 'answer body')
	}
	return wrapSink(sink, {
		write(chunk) {
			keep(chunk)
			return sink.write(chunk)
		},
		end(chunk) {
			keep(chunk)
			log()
			sink.end(chunk)
		},
		abort() {
			log()
			sink.abort()
		},
	})
}

const shorten = (text: string) => text.replace(base64, found => `(${found.length} characters of base64)`)
