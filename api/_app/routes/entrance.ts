import type { Snapshot } from '../../../core/config/snapshot.ts'
import type { LeaveSignal, ResponseSink } from '../../../core/ports.ts'
import { answerProxyError, ProxyError } from '../../../core/proxy/errors.ts'
import { readOwner } from '../../../core/proxy/owner.ts'
import { createRequestId } from '../../../core/proxy/request-id.ts'
import type { ProxyRequest } from '../../../core/proxy/request-scope.ts'
import type { HeaderMap } from '../../../core/upstreams/contract.ts'
import { NoSnapshot } from '../../../db/index.ts'
import { isAuthorized } from '../access-key.ts'
import type { BodyResult } from '../http/body.ts'
import { nameRequest } from '../logger.ts'
import type { AppServices } from '../services.ts'
import { readTraceId } from '../telemetry/trace-context.ts'
import type { LogTurnedAway } from './turned-away.ts'

/** A request as both adapters (node:http, fetch) see it. The body is read only when the request may come in. */
export interface HotRequest {
	method: string
	path: string
	/** Without `?`. */
	query: string
	headers: HeaderMap
	signal: LeaveSignal
	readBody(limitBytes: number): Promise<BodyResult>
	/** When the platform cuts the request off, by the monotonic clock, where it says so. */
	endsAt?: number | undefined
	/** How long it waited for its turn, ms; set by `admit`. */
	queueMs?: number
}

/** Answers one request of /v1. Never rejects. */
export type V1Route = (request: HotRequest, sink: ResponseSink) => Promise<void>

export interface AdmitOptions {
	methods: readonly string[]
	run(requestId: string): Promise<void>
	/** Hears of a request that may not come in, or whose client left while it waited. */
	turnedAway?: LogTurnedAway
}

/** Who may come in, how many at once, how large, and in which shape a refusal is told: the same for all of /v1. */
export interface Entrance {
	/** Runs a request that may come in; what it throws becomes an error in Anthropic's shape. */
	admit(request: HotRequest, sink: ResponseSink, options: AdmitOptions): Promise<void>
	/** The configuration and the body, read at the same time. Undefined when the client left. */
	read(
		request: HotRequest,
		requestId: string,
	): Promise<{ incoming: ProxyRequest; snapshot: Snapshot } | undefined>
}

export function createEntrance(services: AppServices): Entrance {
	const { environment, accessKeys, config, proxy, logger } = services
	const limitBytes = environment.MAX_BODY_MB * 1024 * 1024
	const limitMs = environment.MAX_DURATION > 0 ? environment.MAX_DURATION * 1000 : undefined
	const { gate, metrics } = services.observation
	const most = environment.MAX_CONCURRENT_REQUESTS

	const check = ({ method, headers }: HotRequest, methods: readonly string[]): void => {
		if (!methods.includes(method)) {
			const allow = methods.join(', ')
			throw new ProxyError(405, `${method} is not allowed here: use ${methods[0]}`, { headers: { allow } })
		}
		if (!isAuthorized(headers, accessKeys.proxy)) {
			throw new ProxyError(
				401,
				'invalid access key: send the PROXY_ACCESS_KEY as x-api-key or as a Bearer token',
			)
		}
	}

	/** Whether it is its turn now; false: the client left while it waited. */
	const takeTurn = async (request: HotRequest): Promise<boolean> => {
		const since = proxy.clock.elapsed()
		const turn = await gate.wait(readOwner(request.headers), most, request.signal)
		request.queueMs = proxy.clock.elapsed() - since
		if (turn === 'full' || turn === 'too long') {
			const message = `more than ${most} requests at once (MAX_CONCURRENT_REQUESTS): try again shortly`
			throw new ProxyError(529, message, { headers: { 'retry-after': turn === 'full' ? '5' : '2' } })
		}
		return turn === 'entered'
	}

	return {
		async admit(request, sink, { methods, run, turnedAway }) {
			const requestId = createRequestId(proxy.random, proxy.now())
			try {
				check(request, methods)
				if (!gate.tryEnter(most) && !(await takeTurn(request))) {
					return turnedAway?.(request, requestId, undefined)
				}
				try {
					await run(requestId)
				} finally {
					gate.leave()
				}
			} catch (error) {
				const known = toProxyError(error)
				if (known.status === 500)
					logger.error(
						{
							...nameRequest({ id: requestId, traceId: readTraceId(request.headers.traceparent) }),
							err: error,
						},
						'the proxy failed on this request',
					)
				metrics.refused(known.type)
				turnedAway?.(request, requestId, known)
				const { status, headers, body } = answerProxyError(known, requestId)
				sink.head(status, { 'content-type': 'application/json', 'request-id': requestId, ...headers })
				sink.end(JSON.stringify(body))
			}
		},
		async read(request, requestId) {
			const endsAt = request.endsAt ?? (limitMs && proxy.clock.elapsed() + limitMs)
			// The check of the configuration's age runs while the body comes in.
			const snapshot = config.current()
			if (snapshot instanceof Promise) snapshot.catch(() => {})
			const read = await request.readBody(limitBytes)
			if ('problem' in read) {
				if (read.problem === 'aborted') return undefined
				throw new ProxyError(
					413,
					`the request body is larger than ${environment.MAX_BODY_MB} MB (MAX_BODY_MB)`,
				)
			}
			const { method, path, query, headers, signal } = request
			const incoming = {
				...{ method, path, query, headers, signal, body: read.body, requestId },
				...(read.giveBack && { giveBack: read.giveBack }),
				...(endsAt !== undefined && { endsAt }),
				...(request.queueMs !== undefined && { queueMs: request.queueMs }),
			}
			return { incoming, snapshot: snapshot instanceof Promise ? await snapshot : snapshot }
		},
	}
}

function toProxyError(error: unknown): ProxyError {
	if (error instanceof ProxyError) return error
	if (error instanceof NoSnapshot) {
		return new ProxyError(503, error.message, { headers: { 'retry-after': '5' } })
	}
	return new ProxyError(500, 'the proxy failed on this request')
}
