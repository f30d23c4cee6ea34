import type { Snapshot, UpstreamSnapshot } from '../config/snapshot.ts'
import { listSentSecrets } from '../keys/sent-secrets.ts'
import { isUsable, selectKey } from '../keys/strategy.ts'
import type { AnswerHandler, Exchange, LeaveSignal } from '../ports.ts'
import type {
	FailureClass,
	HeaderMap,
	OutgoingRequest,
	UpstreamAdapter,
	UpstreamFailure,
} from '../upstreams/contract.ts'
import { concatenate } from './answer-reader.ts'
import { maskFailure } from './mask-failure.ts'
import type { ProxyServices } from './request-scope.ts'

/** A small call beside the messages: it counts tokens or lists models, and never changes what is known of a key. */
export interface QuietCall {
	services: ProxyServices
	snapshot: Snapshot
	upstream: UpstreamSnapshot
	adapter: UpstreamAdapter
	outgoing: OutgoingRequest
	/** The model it is about: a key may cool for one model only. */
	model: string
	/** When to give up, by `clock.elapsed()`. */
	deadline: number
	/** Aborts when the client leaves. */
	signal?: LeaveSignal
}

export interface QuietAnswer {
	headers: HeaderMap
	body: Uint8Array
}

export type QuietResult =
	| { kind: 'answered'; answer: QuietAnswer }
	| { kind: 'failed'; failure: UpstreamFailure; secret: string }
	| { kind: 'cancelled' }

/** Failures for which another key may do better. What is the upstream's own trouble is not worth a second try here. */
const keyFailures: ReadonlySet<FailureClass> = new Set(['auth', 'quota', 'rate_limit'])

/** Lists of relays with thousands of models stay below. */
const maxAnswerBytes = 16 * 1024 * 1024
const maxErrorBytes = 64 * 1024

/** Tries the keys in the order that messages would, each at most once. Never rejects. */
export async function callQuietly(call: QuietCall): Promise<QuietResult> {
	const { services, snapshot, upstream } = call
	const turn = snapshot.strategy === 'round-robin' ? services.nextTurn(upstream.id) : 0
	const tried = new Set<string>()
	let last: QuietResult = { kind: 'failed', failure: noKey, secret: '' }
	for (;;) {
		const key = selectKey({
			keys: upstream.keys,
			model: call.model,
			tried,
			strategy: snapshot.strategy,
			now: services.now(),
			turn,
			random: snapshot.strategy === 'random' ? services.random.next() : 0,
		})
		if (!key || !isUsable(key)) return last
		tried.add(key.id)
		last = await callWithKey(call, key.secret)
		if (last.kind !== 'failed' || !keyFailures.has(last.failure.class)) return last
	}
}

const noKey: UpstreamFailure = { class: 'auth', status: 503, message: 'the upstream has no usable key' }

/** A quiet call that is made once, with a key of the caller's choice. */
export type KeyedCall = Pick<QuietCall, 'upstream' | 'adapter' | 'outgoing' | 'deadline' | 'signal'> & {
	services: Pick<ProxyServices, 'clock' | 'transport' | 'silenceMs'>
}

/** Never rejects. */
export function callWithKey(call: KeyedCall, secret: string): Promise<QuietResult> {
	const { services, upstream, adapter, outgoing, signal } = call
	const left = call.deadline - services.clock.elapsed()
	return new Promise(resolve => {
		let exchange: Exchange | undefined
		let over = false
		const settle = (result: QuietResult) => {
			if (over) return
			over = true
			stopTimer()
			signal?.removeEventListener('abort', cancel)
			if (result.kind !== 'answered') exchange?.abort()
			resolve(result)
		}
		const fail = (failure: UpstreamFailure) => {
			const masked = maskFailure(failure, [secret, ...listSentSecrets(upstream)])
			settle({ kind: 'failed', failure: masked, secret })
		}
		const cancel = () => settle({ kind: 'cancelled' })
		const giveUp = () => fail({ class: 'timeout', status: 504, message: 'the upstream took too long' })
		const stopTimer = services.clock.after(Math.max(0, left), giveUp)
		if (signal?.aborted) return cancel()
		if (left <= 0) return giveUp()
		signal?.addEventListener('abort', cancel)
		const auth = adapter.authHeaders(secret, upstream)
		exchange = services.transport(
			{ ...outgoing, headers: { ...outgoing.headers, ...auth, ...upstream.extraHeaders } },
			{
				insecureSkipVerify: upstream.insecureSkipVerify,
				proxyUrl: upstream.proxyUrl,
				silenceMs: Math.min(left, upstream.timeoutMs || services.silenceMs),
			},
			gatherAnswer(adapter, answer => settle({ kind: 'answered', answer }), fail),
		)
		if (over) exchange.abort()
	})
}

function gatherAnswer(
	adapter: UpstreamAdapter,
	answered: (answer: QuietAnswer) => void,
	fail: (failure: UpstreamFailure) => void,
): AnswerHandler {
	let status = 0
	let headers: HeaderMap = {}
	const chunks: Uint8Array[] = []
	let bytes = 0
	const isOk = () => status >= 200 && status < 300
	const refuse = () => {
		const body = new TextDecoder().decode(concatenate(chunks).subarray(0, maxErrorBytes))
		fail(adapter.readFailure({ status: status >= 400 ? status : 502, headers, body }))
	}
	return {
		head(newStatus, newHeaders) {
			status = newStatus
			headers = newHeaders
		},
		data(chunk) {
			chunks.push(chunk)
			bytes += chunk.length
			if (isOk() && bytes > maxAnswerBytes) {
				fail({ class: 'server', status: 502, message: 'the upstream answered with more than can be held' })
			} else if (!isOk() && bytes > maxErrorBytes) refuse()
		},
		ended() {
			if (isOk()) answered({ headers, body: concatenate(chunks) })
			else refuse()
		},
		failed(fault) {
			fail({ ...fault, status: fault.class === 'timeout' ? 504 : 502 })
		},
	}
}

/** The answer as JSON; undefined when it is none. */
export function readJson({ body }: QuietAnswer): unknown {
	try {
		return JSON.parse(new TextDecoder().decode(body))
	} catch {
		return undefined
	}
}
