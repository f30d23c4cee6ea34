import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import Sqlite from 'libsql'
import { type HranaResult, type PipelineBody, toHranaError } from './protocol.ts'
import { SqlStream, type StreamHooks } from './stream.ts'
import { WriteLock } from './write-lock.ts'

/**
 * What goes wrong with an answer. `hold`: it waits until the switches are set anew, then all is well. `dropAfter`: the
 * work is done, the answer is lost. `401`: the token has been revoked.
 */
export type Fault = 'hang' | 'hold' | 'drop' | '401' | '500' | '502html' | 'readonly' | 'dropAfter'

export interface Knobs {
	latencyMs: number
	jitterMs: number
	fault: Fault | null
	/** Share of the requests that the fault hits. */
	faultRate: number
	/** `batches`: single statements are spared, so that a test can look at what happened. */
	faultScope: 'all' | 'batches'
	/** Some hosted databases report no affected rows, ever. */
	noAffected: boolean
	/** Counts the rows that statements read: SQLite is asked after each, so not while CPU is measured. */
	countReads: boolean
}

export const initialKnobs: Knobs = {
	...{ latencyMs: 0, jitterMs: 0, fault: null, faultRate: 1, faultScope: 'all', noAffected: false },
	countReads: false,
}

export interface ServerStats {
	requests: number
	/** Requests that held a batch: the others only read, or are single statements. */
	batches: number
	statements: number
	/** Rows changed, index entries not counted. */
	changes: number
	/** Rows given back or scanned while `countReads` was on; looking one up by its key to change it is not counted. */
	reads: number
	unauthorized: number
	openStreams: number
	/** Requests that stand at `hold` now. */
	held: number
}

const initialStats: ServerStats = {
	...{ requests: 0, batches: 0, statements: 0, changes: 0, reads: 0 },
	...{ unauthorized: 0, openStreams: 0, held: 0 },
}

export interface HranaServerOptions {
	file: string
	token?: string
	port?: number
	/** A transaction and an idle stream may live this long. */
	transactionMs?: number
	idleMs?: number
}

const IDLE_CONNECTIONS = 8

/** A real database server over one SQLite file: real locks, constraints and errors, and switches for what can fail. */
export class HranaServer {
	readonly knobs: Knobs = { ...initialKnobs }
	readonly stats: ServerStats = { ...initialStats }
	readonly #options: HranaServerOptions
	readonly #server: Server
	readonly #hooks: StreamHooks
	readonly #parked = new Map<string, { stream: SqlStream; timer: NodeJS.Timeout }>()
	#idle: Sqlite.Database[] = []
	#letGo: (() => void)[] = []

	constructor(options: HranaServerOptions) {
		this.#options = options
		this.#hooks = {
			lock: new WriteLock(5000),
			transactionMs: options.transactionMs ?? 5000,
			writesBlocked: () => this.#hits('readonly'),
			countStatement: () => {
				this.stats.statements++
			},
			countChanges: rows => {
				this.stats.changes += rows
			},
			countsReads: () => this.knobs.countReads,
			countReads: rows => {
				this.stats.reads += rows
			},
		}
		this.#server = createServer((request, response) => {
			this.#answer(request, response).catch(error => {
				if (!response.headersSent) sendJson(response, 500, { message: String(error), code: 'INTERNAL' })
			})
		})
	}

	/** Returns the URL. */
	listen(): Promise<string> {
		const first = this.#connect()
		first.pragma('journal_mode = WAL')
		this.#idle.push(first)
		return new Promise((resolve, reject) => {
			this.#server.once('error', reject)
			this.#server.listen(this.#options.port ?? 0, '127.0.0.1', () => {
				resolve(`http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`)
			})
		})
	}

	async close(): Promise<void> {
		this.#server.closeAllConnections()
		await new Promise(resolve => this.#server.close(resolve))
		for (const { stream, timer } of this.#parked.values()) {
			clearTimeout(timer)
			stream.release()?.close()
		}
		this.#parked.clear()
		for (const connection of this.#idle) connection.close()
		this.#idle = []
	}

	async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
		const chunks: Buffer[] = []
		for await (const chunk of request) chunks.push(chunk as Buffer)
		const body = Buffer.concat(chunks).toString()
		const path = request.url?.split('?')[0]
		if (path === '/__test') return this.#control(body, response)
		this.stats.requests++
		if (body.includes('"type":"batch"')) this.stats.batches++
		const latency = this.knobs.latencyMs + Math.random() * this.knobs.jitterMs
		if (latency > 0) await sleep(latency / 2)
		const spared = this.knobs.faultScope === 'batches' && !body.includes('"type":"batch"')
		if (!spared && this.#fail(request, response)) return
		if (!spared && this.#hits('hold')) await this.#hold()
		if (!this.#isAuthorized(request) || (!spared && this.#hits('401'))) {
			this.stats.unauthorized++
			return sendJson(response, 401, { error: 'Unauthorized: the token is not valid' })
		}
		if (request.method === 'GET' && (path === '/health' || path === '/v2')) return void response.end()
		if (request.method !== 'POST' || path !== '/v2/pipeline') return void response.writeHead(404).end()
		const answer = await this.#pipeline(JSON.parse(body) as PipelineBody)
		if (latency > 0) await sleep(latency / 2)
		if (!spared && this.#hits('dropAfter')) return void request.socket.destroy()
		sendJson(response, answer === undefined ? 400 : 200, answer ?? expiredStream)
	}

	async #pipeline(body: PipelineBody): Promise<unknown> {
		const stream = this.#takeStream(body.baton ?? undefined)
		if (stream === undefined) return undefined
		const results: unknown[] = []
		let closed = false
		for (const request of body.requests) {
			try {
				const answer = await stream.handle(request)
				if (this.knobs.noAffected) forgetAffected(answer)
				results.push({ type: 'ok', response: answer })
			} catch (error) {
				const { message, code } = toHranaError(error)
				results.push({ type: 'error', error: { message, code } })
			}
			closed ||= request.type === 'close'
		}
		return { baton: closed ? this.#closeStream(stream) : this.#park(stream), base_url: null, results }
	}

	#takeStream(baton: string | undefined): SqlStream | undefined {
		if (baton === undefined) {
			this.stats.openStreams++
			return new SqlStream(this.#idle.pop() ?? this.#connect(), this.#hooks)
		}
		const parked = this.#parked.get(baton)
		clearTimeout(parked?.timer)
		this.#parked.delete(baton)
		return parked?.stream
	}

	#park(stream: SqlStream): string {
		const baton = randomBytes(18).toString('base64url')
		const expire = () => {
			this.#parked.delete(baton)
			this.#closeStream(stream)
		}
		this.#parked.set(baton, { stream, timer: setTimeout(expire, this.#options.idleMs ?? 10_000) })
		return baton
	}

	#closeStream(stream: SqlStream): null {
		this.stats.openStreams--
		const connection = stream.release()
		if (connection === undefined) return null
		if (this.#idle.length < IDLE_CONNECTIONS) this.#idle.push(connection)
		else connection.close()
		return null
	}

	#connect(): Sqlite.Database {
		const connection = new Sqlite(this.#options.file, { timeout: 1000 })
		// Tests need no durability against power cuts.
		connection.exec('PRAGMA synchronous = OFF')
		return connection
	}

	#hits(fault: Fault): boolean {
		return this.knobs.fault === fault && Math.random() < this.knobs.faultRate
	}

	async #hold(): Promise<void> {
		this.stats.held++
		await new Promise<void>(resolve => this.#letGo.push(resolve))
		this.stats.held--
	}

	#fail(request: IncomingMessage, response: ServerResponse): boolean {
		if (this.#hits('hang')) return true
		if (this.#hits('drop')) request.socket.destroy()
		else if (this.#hits('500')) sendJson(response, 500, { error: 'Internal error' })
		else if (this.#hits('502html')) {
			response.writeHead(502, { 'content-type': 'text/html' }).end('<html>bad gateway</html>')
		} else return false
		return true
	}

	#control(body: string, response: ServerResponse): void {
		if (body !== '') {
			Object.assign(this.knobs, JSON.parse(body))
			for (const letGo of this.#letGo.splice(0)) letGo()
		}
		sendJson(response, 200, { knobs: this.knobs, stats: this.stats })
	}

	#isAuthorized(request: IncomingMessage): boolean {
		if (this.#options.token === undefined) return true
		const given = (request.headers.authorization ?? '').replace(/^Bearer /i, '')
		return timingSafeEqual(digest(given), digest(this.#options.token))
	}
}

const expiredStream = { message: 'The stream has expired due to inactivity', code: 'STREAM_EXPIRED' }

function digest(text: string): Buffer {
	return createHash('sha256').update(text).digest()
}

function forgetAffected(answer: Record<string, unknown>): void {
	const result = answer.result as HranaResult & { step_results?: (HranaResult | null)[] }
	for (const one of result?.step_results ?? [result]) if (one) one.affected_row_count = 0
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
	response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}
