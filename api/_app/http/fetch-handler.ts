import type { ResponseSink } from '../../../core/ports.ts'
import { corsHeaders } from '../cors.ts'
import { loadLater } from '../load-later.ts'
import { createV1Routes } from '../routes/v1.ts'
import type { AppServices } from '../services.ts'
import type { BodyResult } from './body.ts'

/** What a serverless platform knows of the request at hand; each is asked for while the request is received. */
export interface Platform {
	/** Keeps the instance alive until the work is done. */
	defer(work: Promise<unknown>): void
	/** Epoch ms when the platform cuts the request off; undefined where that is not known. */
	readDeadline(): number | undefined
}

export type FetchHandler = (request: Request) => Response | Promise<Response>

/** The same proxy as a `fetch` handler, for platforms that speak Request and Response. */
export function createFetchHandler(services: AppServices, platform?: Platform): FetchHandler {
	const findV1Route = createV1Routes(services)
	const loadOthers = loadLater(async () => (await import('../app.ts')).createApp(services))
	const flush = shareWork(services.flush)
	return request => {
		const { pathname, search } = new URL(request.url)
		const route = request.method === 'OPTIONS' ? undefined : findV1Route(pathname)
		if (!route) return loadOthers().then(app => app.fetch(request))
		const headers = Object.fromEntries(request.headers)
		const gone = new AbortController()
		request.signal.addEventListener('abort', () => gone.abort(), { once: true })
		const { sink, response } = createFetchSink(corsHeaders(services.environment, headers), () => gone.abort())
		const hot = {
			...{ method: request.method, path: pathname, query: search.slice(1), headers, signal: gone.signal },
			readBody: (limit: number) => readFetchBody(request, limit),
			endsAt: toElapsed(platform?.readDeadline()),
		}
		// A client that left gets no answer, but the platform waits for one.
		const handled = route(hot, sink).then(() => sink.end())
		// Asked for now: after the answer, or when the client has left, it might be too late to ask.
		platform?.defer(handled.then(flush))
		return Promise.race([response, handled.then(() => new Response(null, { status: clientClosedRequest }))])
	}
}

/** As nginx logs it. */
const clientClosedRequest = 499

/** How long what a request leaves to write waits for that of others, ms: they share a trip to the database. */
const companyMs = 250

/** Does the work once for all who ask within that time; each waits until it is done. */
function shareWork(work: () => Promise<void>): () => Promise<void> {
	let next: Promise<void> | undefined
	return () => {
		next ??= new Promise(resolve => setTimeout(resolve, companyMs)).then(() => {
			next = undefined
			return work()
		})
		return next
	}
}

const toElapsed = (epochMs: number | undefined) =>
	epochMs === undefined ? undefined : performance.now() + epochMs - Date.now()

/** Chunks that may wait in the response before the upstream is held back. */
const waitingChunks = 16

/** A sink whose answer becomes a Response as soon as its head is known. */
export function createFetchSink(
	commonHeaders: Record<string, string>,
	onCancel: () => void,
): { sink: ResponseSink; response: Promise<Response> } {
	const { promise, resolve } = Promise.withResolvers<Response>()
	const encoder = new TextEncoder()
	let controller: ReadableStreamDefaultController<Uint8Array> | undefined
	let drained = () => {}
	let closed = false
	let bytes = 0
	const body = new ReadableStream<Uint8Array>(
		{
			start: started => {
				controller = started
			},
			pull: () => drained(),
			cancel: () => {
				closed = true
				onCancel()
			},
		},
		{ highWaterMark: waitingChunks },
	)
	const write = (chunk: string | Uint8Array) => {
		if (closed) return true
		const encoded = typeof chunk === 'string' ? encoder.encode(chunk) : chunk
		bytes += encoded.length
		controller?.enqueue(encoded)
		return (controller?.desiredSize ?? 1) > 0
	}
	const sink: ResponseSink = {
		head: (status, headers) =>
			resolve(new Response(body, { status, headers: { ...commonHeaders, ...headers } })),
		write,
		end(chunk) {
			if (chunk !== undefined && chunk.length > 0) write(chunk)
			if (!closed) controller?.close()
			closed = true
		},
		abort() {
			if (!closed) controller?.error(new Error('the answer broke off'))
			closed = true
		},
		onDrain(run) {
			drained = () => {
				drained = () => {}
				run()
			}
		},
		bytesOut: () => bytes,
	}
	return { sink, response: promise }
}

async function readFetchBody(request: Request, limit: number): Promise<BodyResult> {
	if (Number(request.headers.get('content-length') ?? 0) > limit) return { problem: 'too-large' }
	const chunks: Uint8Array[] = []
	let length = 0
	try {
		for await (const chunk of request.body ?? []) {
			length += chunk.length
			if (length > limit) return { problem: 'too-large' }
			chunks.push(chunk)
		}
	} catch {
		return { problem: 'aborted' }
	}
	return { body: chunks.length === 1 ? (chunks[0] as Uint8Array) : Buffer.concat(chunks) }
}
