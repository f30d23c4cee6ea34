import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { deliver, type Exchange, sendJson } from './deliver.ts'
import { createGate, type Gate } from './gate.ts'
import { createRequestList, readRequest } from './recorder.ts'
import type { Fault, FixedReply, RecordedRequest, Reply } from './script.ts'
import { type Accepted, Refusal, type Vendor, type VendorFaults } from './vendor.ts'

export interface UpstreamOptions {
	/** The API keys that are accepted; any non-empty key when absent. */
	keys?: readonly string[]
	/** Answers what is not scripted; undefined leaves it to the echo. */
	onRequest?: (request: RecordedRequest) => FixedReply | undefined
}

/** A running scripted upstream. Replies go to message requests in order; refused requests take none. */
export interface ScriptedUpstream {
	/** `http://127.0.0.1:<port>`, without a path. */
	url: string
	port: number
	/** Every request, refused ones too, in the order of arrival. */
	requests: RecordedRequest[]
	/** Queues replies for the next accepted message requests. */
	script(...replies: Reply[]): void
	/** Queues replies for the routes that take none otherwise. */
	scriptRoute(route: 'models' | 'countTokens', ...replies: Reply[]): void
	/** How many queued replies were not taken yet. */
	pending(): number
	onRequest: ((request: RecordedRequest) => FixedReply | undefined) | undefined
	/** What a key meets on every route, before any check of the request. */
	keyFaults: Map<string, Fault>
	/** The vendor's own answers to the usual troubles, for `keyFaults` and `script`. */
	faults: VendorFaults
	gate(): Gate
	/** Resolves with the nth request (from 1) once it was read. */
	waitForRequest(count?: number): Promise<RecordedRequest>
	/** Resolves with the nth request (from 1) whose client went away before the answer was complete. */
	waitForAbort(count?: number): Promise<RecordedRequest>
	/** Ends every connection and stops listening. */
	close(): Promise<void>
}

export async function startUpstream(vendor: Vendor, options: UpstreamOptions): Promise<ScriptedUpstream> {
	const queues: Record<Accepted['route'], Reply[]> = { message: [], models: [], countTokens: [] }
	const arrived = createRequestList()
	const abandoned = createRequestList()
	let closing = false

	const upstream: ScriptedUpstream = {
		url: '',
		port: 0,
		requests: arrived.items,
		script: (...replies) => void queues.message.push(...replies),
		scriptRoute: (route, ...replies) => void queues[route].push(...replies),
		pending: () => queues.message.length + queues.models.length + queues.countTokens.length,
		onRequest: options.onRequest,
		keyFaults: new Map(),
		faults: vendor.faults,
		gate: createGate,
		waitForRequest: (count = 1) => arrived.nth(count),
		waitForAbort: (count = 1) => abandoned.nth(count),
		async close() {
			closing = true
			const closed = once(server, 'close')
			server.close()
			server.closeAllConnections()
			await closed
		},
	}

	async function handle(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
		const request = await readRequest(incoming)
		if (!request) return
		request.key = vendor.readKey(request)
		const connection = new AbortController()
		let cutHere = false
		response.once('close', () => {
			request.aborted = !response.writableFinished && !cutHere && !closing
			if (request.aborted) abandoned.add(request)
			connection.abort()
		})
		const cut = () => {
			cutHere = true
			response.socket?.destroy()
		}
		arrived.add(request)
		await answer(request, { response, vendor, signal: connection.signal, cut })
	}

	async function answer(request: RecordedRequest, exchange: Exchange): Promise<void> {
		const fault = upstream.keyFaults.get(request.key ?? '')
		if (fault !== undefined) return deliver(exchange, { fault })
		try {
			const known = options.keys?.includes(request.key ?? '') ?? Boolean(request.key)
			if (!known) throw vendor.refuseKey(request)
			const accepted = vendor.accept(request)
			await deliver({ ...exchange, accepted }, await chooseReply(request, accepted))
		} catch (error) {
			if (!(error instanceof Refusal)) throw error
			request.refused = { status: error.answer.status, message: error.message }
			sendJson(exchange.response, error.answer, vendor.headers())
		}
	}

	async function chooseReply(request: RecordedRequest, accepted: Accepted): Promise<FixedReply> {
		const next = queues[accepted.route].shift()
		if (next !== undefined) return typeof next === 'function' ? next(request) : next
		if (accepted.route !== 'message') return { fault: vendor.answerDirectly(request, accepted) }
		return upstream.onRequest?.(request) ?? { text: `You said: ${accepted.lastUserText}` }
	}

	const server = createServer((incoming, response) => {
		handle(incoming, response).catch(error => {
			if (response.headersSent) response.destroy()
			else
				response
					.writeHead(599, { 'content-type': 'text/plain' })
					.end(`scripted upstream failed: ${error.stack}`)
		})
	})
	server.listen(0, '127.0.0.1')
	await once(server, 'listening')
	upstream.port = (server.address() as AddressInfo).port
	upstream.url = `http://127.0.0.1:${upstream.port}`
	return upstream
}
