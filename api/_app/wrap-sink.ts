import type { ResponseSink } from '../../core/ports.ts'

/** The sink, with some of its calls in other words. */
export function wrapSink(sink: ResponseSink, changed: Partial<ResponseSink>): ResponseSink {
	return {
		head: (status, headers) => sink.head(status, headers),
		write: (chunk, isSpent) => sink.write(chunk, isSpent),
		end: (chunk, isSpent) => sink.end(chunk, isSpent),
		abort: () => sink.abort(),
		onDrain: run => sink.onDrain(run),
		bytesOut: () => sink.bytesOut?.() ?? 0,
		...changed,
	}
}
