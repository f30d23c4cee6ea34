import { readApiError } from '../api/api-error.ts'
import { backendUrl } from '../api/client.ts'
import type { Session } from '../session/session.svelte.ts'
import { readEvent, textOfEvent } from './events.ts'
import { parseJson } from './redact-text.ts'

/** Of the new request; what the API itself refuses has none. */
const requestIdHeader = 'x-claude-proxy-request-id'

/** Sends a recorded request once more and reads the answer as it comes. */
export class Replay {
	running = $state(false)
	error: unknown = $state.raw()
	status: number | undefined = $state()
	/** Of the new request. */
	id: string | undefined = $state()
	text = $state('')
	elapsedMs = $state(0)
	done = $state(false)

	#session: Session
	#asking: AbortController | undefined

	constructor(session: Session) {
		this.#session = session
	}

	stop(): void {
		this.#asking?.abort()
	}

	async run(requestId: string, upstreamId: string): Promise<void> {
		this.stop()
		const asking = new AbortController()
		this.#asking = asking
		Object.assign(this, {
			running: true,
			error: undefined,
			status: undefined,
			id: undefined,
			text: '',
			done: false,
		})
		const started = performance.now()
		try {
			const response = await this.#send(requestId, upstreamId, asking.signal)
			this.status = response.status
			this.id = response.headers.get(requestIdHeader) ?? undefined
			await this.#read(response)
			this.done = true
		} catch (error) {
			if (!asking.signal.aborted) this.error = error
		}
		if (this.#asking !== asking) return
		this.elapsedMs = performance.now() - started
		this.running = false
	}

	/** Not by the fetch of the session: what an upstream refuses is an answer here, and shown as one. */
	async #send(requestId: string, upstreamId: string, signal: AbortSignal): Promise<Response> {
		const response = await fetch(`${backendUrl}/api/requests/${encodeURIComponent(requestId)}/replay`, {
			method: 'POST',
			headers: { 'content-type': 'application/json', 'x-claude-proxy-admin': '1' },
			body: JSON.stringify(upstreamId === '' ? {} : { upstreamId }),
			credentials: backendUrl === '' ? 'same-origin' : 'include',
			signal,
		})
		if (response.ok || response.headers.has(requestIdHeader)) return response
		if (response.status === 401) void this.#session.check()
		throw await readApiError(response)
	}

	async #read(response: Response): Promise<void> {
		const stream = response.body?.pipeThrough(new TextDecoderStream())
		if (stream === undefined) return
		const streamed = response.headers.get('content-type')?.startsWith('text/event-stream') === true
		let rest = ''
		for await (const chunk of readChunks(stream)) {
			rest += chunk
			if (!streamed) continue
			const events = rest.split(/\r?\n\r?\n/)
			rest = events.pop() ?? ''
			this.text += events.map(event => textOfEvent(readEvent(event).data)).join('')
		}
		if (!streamed) this.text = readMessageText(rest)
	}
}

/** Browsers without async iteration of streams are still around. */
async function* readChunks(stream: ReadableStream<string>): AsyncGenerator<string> {
	const reader = stream.getReader()
	for (;;) {
		const { done, value } = await reader.read()
		if (done) return
		yield value
	}
}

/** The text of a message; anything else as it is. */
function readMessageText(body: string): string {
	const message = parseJson(body)
	if (typeof message !== 'object' || message === null || !('content' in message)) return body
	if (!Array.isArray(message.content)) return body
	return message.content
		.map((block: unknown) =>
			typeof block === 'object' && block !== null && 'text' in block ? String(block.text) : '',
		)
		.join('')
}
