import { request as httpRequest } from 'node:http'
import { createSseParser } from '../core/messages/sse-parser.ts'
import type { IncomingMessage, ResponseSink } from '../core/ports.ts'
import { handleMessages } from '../core/proxy/handle-messages.ts'
import type { UpstreamAccess } from './upstream-access.ts'

/** A request of the Messages API, and what hears of its answer as it comes. */
export interface MessagesCall {
	body: Readonly<Record<string, unknown>>
	signal: AbortSignal
	onEvent?(event: Record<string, unknown>): void
}

export interface MessagesAnswer {
	/** 0 when there was none. */
	status: number
	headers: Readonly<Record<string, string>>
	/** Of an answer that was no stream. */
	json: unknown
	/** Of a stream, in order. */
	events: Record<string, unknown>[]
}

/** Asks an upstream as the proxy would, in this process: the same conversion, keys, repairs and transport. */
export async function askUpstream(
	access: Pick<UpstreamAccess, 'snapshot' | 'services'>,
	upstreamId: string,
	call: MessagesCall,
): Promise<MessagesAnswer> {
	const { services, snapshot } = access
	const gathered = gatherAnswer(call)
	const sink: ResponseSink = {
		head: gathered.head,
		write(chunk) {
			gathered.data(toBytes(chunk))
			return true
		},
		end(chunk) {
			if (chunk !== undefined) gathered.data(toBytes(chunk))
		},
		abort() {},
		onDrain: run => run(),
	}
	const incoming: IncomingMessage = {
		...{ method: 'POST', path: '/v1/messages', query: '', signal: call.signal },
		headers: { 'user-agent': 'claude-proxy-cli', 'anthropic-version': '2023-06-01' },
		body: new TextEncoder().encode(JSON.stringify(call.body)),
	}
	const requestId = services.random.id('req')
	const chosen = { ...snapshot, currentUpstreamId: upstreamId }
	await handleMessages(services, { ...incoming, requestId }, chosen, sink)
	return gathered.finish()
}

/** Asks a proxy that runs, which keeps its log and its cooldowns. */
export function askProxy(address: string, accessKey: string, call: MessagesCall): Promise<MessagesAnswer> {
	const gathered = gatherAnswer(call)
	const body = JSON.stringify(call.body)
	const headers = {
		...{ 'content-type': 'application/json', 'x-api-key': accessKey, 'user-agent': 'claude-proxy-cli' },
		...{ 'anthropic-version': '2023-06-01', 'content-length': Buffer.byteLength(body) },
	}
	return new Promise((resolve, reject) => {
		const options = { method: 'POST', headers, signal: call.signal }
		const request = httpRequest(`${address}/v1/messages`, options, answer => {
			const pairs = Object.entries(answer.headers).map(([name, value]) => [name, String(value)])
			gathered.head(answer.statusCode ?? 0, Object.fromEntries(pairs))
			answer.on('data', gathered.data)
			answer.on('end', () => resolve(gathered.finish()))
			answer.on('error', fail)
		})
		const fail = (error: Error) => (call.signal.aborted ? resolve(gathered.finish()) : reject(error))
		request.on('error', fail)
		request.end(body)
	})
}

const toBytes = (chunk: string | Uint8Array) =>
	typeof chunk === 'string' ? new TextEncoder().encode(chunk) : chunk

function gatherAnswer({ onEvent }: MessagesCall) {
	const answer: MessagesAnswer = { status: 0, headers: {}, json: undefined, events: [] }
	const chunks: Uint8Array[] = []
	let streams = false
	const parser = createSseParser(
		data => {
			const event = parseObject(data)
			if (event === undefined) return
			answer.events.push(event)
			onEvent?.(event)
		},
		() => {},
	)
	return {
		head(status: number, headers: Record<string, string>) {
			answer.status = status
			answer.headers = headers
			streams = (headers['content-type'] ?? '').startsWith('text/event-stream')
		},
		data(bytes: Uint8Array) {
			if (streams) parser.feed(bytes)
			else chunks.push(bytes)
		},
		finish(): MessagesAnswer {
			if (streams) parser.end()
			else answer.json = parseObject(Buffer.concat(chunks).toString())
			return answer
		},
	}
}

function parseObject(text: string): Record<string, unknown> | undefined {
	try {
		const value: unknown = JSON.parse(text)
		return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined
	} catch {
		return undefined
	}
}
