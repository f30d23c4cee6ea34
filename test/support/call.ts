import { createParser } from 'eventsource-parser'
import { accessKey, type TestProxy } from './proxy.ts'

/** The smallest request that every upstream type takes. */
export const hello = { model: 'gpt-4o', max_tokens: 50, messages: [{ role: 'user', content: 'Hi' }] }

export interface Called {
	status: number
	headers: Headers
	// biome-ignore lint/suspicious/noExplicitAny: answers of any shape are looked into by the tests
	body: any
	text: string
}

/** Calls `POST /v1/messages` without any SDK in between. */
export async function call(
	proxy: Pick<TestProxy, 'url'>,
	body: unknown = hello,
	init: { headers?: Record<string, string>; path?: string; signal?: AbortSignal } = {},
): Promise<Called> {
	const response = await fetch(`${proxy.url}${init.path ?? '/v1/messages'}`, {
		method: 'POST',
		headers: { 'content-type': 'application/json', 'x-api-key': accessKey, ...init.headers },
		body: typeof body === 'string' || body instanceof Uint8Array ? (body as string) : JSON.stringify(body),
		...(init.signal && { signal: init.signal }),
	})
	const text = await response.text()
	return { status: response.status, headers: response.headers, text, body: parseJson(text) }
}

export interface ClientEvent {
	type: string
	delta?: { text?: string }
	usage?: Record<string, unknown>
	error?: { type: string; message: string }
}

/** The events of an SSE answer: each one's data, parsed. */
export function readEvents(text: string): ClientEvent[] {
	const events: ClientEvent[] = []
	const parser = createParser({ onEvent: event => void events.push(JSON.parse(event.data)) })
	parser.feed(text)
	return events
}

function parseJson(text: string): unknown {
	try {
		return JSON.parse(text)
	} catch {
		return undefined
	}
}
