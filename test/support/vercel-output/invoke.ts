import { AsyncLocalStorage } from 'node:async_hooks'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { BuiltFunction, Handler } from './functions.ts'

/** Largest body that the platform hands to a function. Source: https://vercel.com/docs/functions/limitations */
const maxBodyBytes = 4.5 * 1024 * 1024

interface RequestContext {
	waitUntil(work: Promise<unknown>): void
	deadline: number
	url: string
	headers: IncomingMessage['headers']
}

/** What @vercel/functions reads. */
const contexts = new AsyncLocalStorage<RequestContext>()
Object.assign(globalThis, { [Symbol.for('@vercel/request-context')]: { get: () => contexts.getStore() } })

export interface InvocationStats {
	invocations: number
	/** Requests and deferred work that still run. */
	running: number
	/** Invocations that the platform had to cut off. */
	cutOff: number
	/** Work handed to waitUntil when nothing of its invocation was running any more: it would have been lost. */
	late: number
}

export const stats: InvocationStats = { invocations: 0, running: 0, cutOff: 0, late: 0 }

/** One invocation from the body's last byte to the end of what it deferred, as the platform does it. */
export async function invoke(
	{ config }: BuiltFunction,
	handler: Handler,
	request: IncomingMessage,
	response: ServerResponse,
): Promise<void> {
	const body = await readBody(request)
	if (body === undefined) return refuse(response, 413, 'FUNCTION_PAYLOAD_TOO_LARGE')
	const maxMs = (config.maxDuration ?? 300) * 1000
	const gone = new AbortController()
	const deferred: Promise<unknown>[] = []
	let over = false
	const context: RequestContext = {
		waitUntil(work) {
			if (over) stats.late++
			deferred.push(Promise.resolve(work).catch(() => {}))
		},
		...{ deadline: Date.now() + maxMs, url: request.url ?? '/', headers: request.headers },
	}
	const limit = setTimeout(() => cutOff(response), maxMs)
	response.once('close', () => {
		if (!response.writableFinished && config.supportsCancellation) gone.abort()
	})
	stats.invocations++
	stats.running++
	try {
		await contexts.run(context, async () =>
			send(await handler(toRequest(request, body, gone.signal)), response),
		)
		for (let settled = 0; settled < deferred.length; ) {
			settled = deferred.length
			await Promise.all(deferred)
		}
	} finally {
		over = true
		clearTimeout(limit)
		stats.running--
	}
}

function cutOff(response: ServerResponse): void {
	if (response.writableFinished) return
	stats.cutOff++
	if (response.headersSent) response.destroy()
	else refuse(response, 504, 'FUNCTION_INVOCATION_TIMEOUT')
}

export function refuse(response: ServerResponse, status: number, code: string): void {
	response.writeHead(status, { 'content-type': 'text/plain', 'x-vercel-error': code })
	response.end(`${code}\n`)
}

async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
	const chunks: Buffer[] = []
	let length = 0
	for await (const chunk of request) {
		length += (chunk as Buffer).length
		if (length <= maxBodyBytes) chunks.push(chunk as Buffer)
	}
	return length > maxBodyBytes ? undefined : Buffer.concat(chunks)
}

function toRequest(request: IncomingMessage, body: Buffer, signal: AbortSignal): Request {
	const headers = new Headers()
	for (const [name, value] of Object.entries(request.headers)) {
		for (const each of [value ?? []].flat()) headers.append(name, each)
	}
	// The platform sets these itself, whatever the client sent.
	const address = request.socket.remoteAddress ?? ''
	for (const name of ['x-real-ip', 'x-forwarded-for', 'x-vercel-forwarded-for']) headers.set(name, address)
	const { method = 'GET', url = '/' } = request
	const hasBody = method !== 'GET' && method !== 'HEAD'
	return new Request(new URL(url, `http://${request.headers.host}`), {
		...{ method, headers, signal },
		...(hasBody && { body: new Uint8Array(body) }),
	})
}

async function send(answer: Response, response: ServerResponse): Promise<void> {
	const headers: Record<string, string | string[]> = Object.fromEntries(answer.headers)
	const cookies = answer.headers.getSetCookie()
	if (cookies.length > 0) headers['set-cookie'] = cookies
	response.writeHead(answer.status, headers)
	if (!answer.body) return void response.end()
	response.flushHeaders()
	const reader = answer.body.getReader()
	response.once('close', () => void reader.cancel().catch(() => {}))
	try {
		for (;;) {
			const { done, value } = await reader.read()
			if (done || response.destroyed) break
			if (!response.write(value)) await drained(response)
		}
		response.end()
	} catch {
		response.destroy()
	}
}

function drained(response: ServerResponse): Promise<void> {
	return new Promise(resolve => {
		response.once('drain', resolve)
		response.once('close', resolve)
	})
}
