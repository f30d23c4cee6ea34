import { ClientAnswer } from '../../core/proxy/client-answer.ts'
import { convertAnswer, createMessageStart } from '../../core/proxy/converted-answer.ts'
import { createConvertedStream } from '../../core/proxy/converted-stream.ts'
import { passAnswer } from '../../core/proxy/passed-answer.ts'
import { findAdapter } from '../../core/upstreams/registry.ts'

export interface Sent {
	text: string
	/** Writes to the client, the last one included when it carries something. */
	writes: number
	/** Events that were handed to the type's transform. */
	events: number
}

const encoder = new TextEncoder()
const decoder = new TextDecoder()

/** Takes an upstream's stream, read by read, to a client that only counts. */
export function sendStream(type: string, reads: readonly string[]): Sent {
	const adapter = findAdapter(type)
	if (!adapter) throw new Error(`no upstream type ${type}`)
	const sent: Sent = { text: '', writes: 0, events: 0 }
	const take = (chunk: string | Uint8Array | undefined) => {
		if (chunk === undefined) return
		sent.writes++
		sent.text += typeof chunk === 'string' ? chunk : decoder.decode(chunk)
	}
	const write = (chunk: string | Uint8Array) => {
		take(chunk)
		return true
	}
	const sink = { head() {}, write, end: take, abort() {}, onDrain() {} }
	const client = new ClientAnswer(sink, { now: () => 0, elapsed: () => 0, after: () => () => {} })
	const message = { messageId: 'msg_1', model: 'm', inputTokens: 1 }
	const events = { accepted() {}, settled() {} }
	const context = {
		...{ toolNames: new Map<string, string>(), upstreamModel: 'm', stopSequences: [] },
		newToolId: () => 'toolu_1',
	}
	const reader =
		adapter.mode === 'pass-through'
			? passAnswer(adapter, client, { stream: true, headers: {} })(events)
			: convertAnswer({
					adapter: {
						...adapter,
						createStreamTransform(blocks, given) {
							const transform = adapter.createStreamTransform(blocks, given)
							const push = (data: string) => {
								sent.events++
								transform.push(data)
							}
							return { push, end: () => transform.end() }
						},
					},
					stream: createConvertedStream(client, {}, () => createMessageStart(message)),
					...{ client, context, message, headers: {}, notes: [] },
				})(events)
	reader.head(200, { 'content-type': 'text/event-stream' })
	for (const read of reads) reader.data(encoder.encode(read))
	reader.ended()
	return sent
}
