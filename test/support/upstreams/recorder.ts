import type { IncomingMessage } from 'node:http'
import type { RecordedRequest } from './script.ts'

/** A list of requests that tests can wait for. */
export interface RequestList {
	items: RecordedRequest[]
	add(request: RecordedRequest): void
	/** Resolves with the nth request, counted from 1. */
	nth(count: number): Promise<RecordedRequest>
}

export function createRequestList(): RequestList {
	const items: RecordedRequest[] = []
	const waiting: { count: number; resolve(request: RecordedRequest): void }[] = []
	return {
		items,
		add(request) {
			items.push(request)
			for (const waiter of waiting.filter(one => one.count === items.length)) waiter.resolve(request)
		},
		nth(count) {
			const there = items[count - 1]
			if (there) return Promise.resolve(there)
			return new Promise(resolve => waiting.push({ count, resolve }))
		},
	}
}

/** Reads a whole request. Undefined when the client went away while it was sending. */
export async function readRequest(incoming: IncomingMessage): Promise<RecordedRequest | undefined> {
	const chunks: Buffer[] = []
	try {
		for await (const chunk of incoming) chunks.push(chunk as Buffer)
	} catch {
		return undefined
	}
	const url = new URL(incoming.url ?? '/', 'http://upstream')
	const rawBody = Buffer.concat(chunks)
	const headers: Record<string, string> = {}
	for (const [name, value] of Object.entries(incoming.headers)) {
		if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value
	}
	return {
		method: incoming.method ?? 'GET',
		path: decodeURI(url.pathname),
		query: Object.fromEntries(url.searchParams),
		headers,
		body: parseJson(rawBody),
		rawBody,
		key: undefined,
		aborted: false,
	}
}

function parseJson(bytes: Buffer): unknown {
	try {
		return JSON.parse(bytes.toString('utf8'))
	} catch {
		return undefined
	}
}
