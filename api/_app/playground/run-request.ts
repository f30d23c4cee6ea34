import type { KeyHealth, KeySnapshot, Snapshot, UpstreamSnapshot } from '../../../core/config/snapshot.ts'
import type { KeyHealthSink, ResponseSink } from '../../../core/ports.ts'
import { handleMessages } from '../../../core/proxy/handle-messages.ts'
import { createRequestId } from '../../../core/proxy/request-id.ts'
import type { HeaderMap } from '../../../core/upstreams/contract.ts'
import { createFetchSink } from '../http/fetch-handler.ts'
import type { AppServices } from '../services.ts'
import { wrapSink } from '../wrap-sink.ts'

/** A Messages request that a person sends from the admin. */
export interface PlaygroundRequest {
	body: Uint8Array
	/** As a client would send them. */
	headers: HeaderMap
	query: string
	/** Aborts when the person leaves. */
	signal: AbortSignal
}

/** Whom to ask: as the proxy would, unless told. */
export interface PlaygroundTarget {
	snapshot: Snapshot
	upstream?: UpstreamSnapshot | undefined
	key?: KeySnapshot | undefined
}

/** Names the request in the log; no answer of the admin API itself has it. */
const requestIdHeader = 'x-claude-proxy-request-id'

/**
 * Sends a request the way that clients' requests go, and answers what a client would get, while it comes. It counts for
 * the keys' health like any other; but with a key of the caller's choice, which may be a key that is known to fail,
 * nothing is learnt of keys.
 */
export function runRequest(
	services: AppServices,
	request: PlaygroundRequest,
	target: PlaygroundTarget,
): Promise<Response> {
	const requestId = createRequestId(services.proxy.random, services.proxy.now())
	const gone = new AbortController()
	const leave = () => gone.abort()
	if (request.signal.aborted) leave()
	request.signal.addEventListener('abort', leave, { once: true })
	const { sink, response } = createFetchSink({ [requestIdHeader]: requestId }, leave)
	const incoming = {
		...{ requestId, method: 'POST', path: '/v1/messages', source: 'playground' as const },
		...{ body: request.body, headers: request.headers, query: request.query, signal: gone.signal },
	}
	const proxy = target.key ? { ...services.proxy, keyHealth: indifferent } : services.proxy
	void handleMessages(proxy, incoming, aim(target), endTogether(sink, gone.signal)).finally(() =>
		request.signal.removeEventListener('abort', leave),
	)
	return response
}

/** The configuration with the wanted upstream as the current one; one that is switched off can be tried too. */
function aim({ snapshot, upstream, key }: PlaygroundTarget): Snapshot {
	if (!upstream) return snapshot
	const keys = key ? [{ ...key, enabled: true }] : upstream.keys
	const wanted = { ...upstream, enabled: true, keys }
	return { ...snapshot, currentUpstreamId: upstream.id, upstreams: [wanted] }
}

/** A client that has left gets no answer: without one, whoever waits for it would wait for ever. */
function endTogether(sink: ResponseSink, signal: AbortSignal): ResponseSink {
	let begun = false
	signal.addEventListener('abort', () => {
		if (begun) return
		begun = true
		sink.head(499, {})
		sink.end()
	})
	return wrapSink(sink, {
		head(status, headers) {
			if (begun) return
			begun = true
			sink.head(status, headers)
		},
	})
}

const noHealth: ReadonlyMap<string, KeyHealth> = new Map()

const indifferent: KeyHealthSink = {
	healthOf: () => noHealth,
	failed() {},
	succeeded() {},
	startProbe: () => () => {},
	demoted() {},
}
