import type { KeySnapshot, UpstreamSnapshot } from '../config/snapshot.ts'
import { listSentSecrets } from '../keys/sent-secrets.ts'
import { type KeyChoice, selectFreeKey } from '../keys/strategy.ts'
import type { AttemptTrace, DemotedKey } from '../ports.ts'
import type { UpstreamFailure } from '../upstreams/contract.ts'
import { type AttemptResult, runAttempt } from './attempt.ts'
import { answerExhausted, answerProxyError, answerRefusal, ProxyError } from './errors.ts'
import { failureRules } from './failure-classes.ts'
import { type KeyTurn, reportFailure, reportSuccess, startProbes } from './key-reports.ts'
import { maskFailure } from './mask-failure.ts'
import { releaseBodies } from './release-bodies.ts'
import { createRepairs, type Repairs } from './repair.ts'
import type { RequestScope } from './request-scope.ts'
import { outOfTimeError } from './time-limit.ts'

interface LastFailure {
	failure: UpstreamFailure
	secret: string
}

/**
 * Tries the upstream's keys, each at most once, until one answers or the request turns out to be at fault. A fault
 * that can be repaired is, and the key gets the repaired request; so do the keys after it.
 * Source: the table in docs/keys-and-failover.md.
 */
export async function tryKeys(scope: RequestScope): Promise<void> {
	const { services, snapshot, upstream, call, draft } = scope
	const turn = snapshot.strategy === 'round-robin' ? services.nextTurn(upstream.id) : 0
	const tried = new Set<string>()
	const demotable: DemotedKey[] = []
	const repairs = createRepairs(scope)
	let last: LastFailure | undefined
	let hopeless = true

	for (;;) {
		const taken = takeFreeKey(scope, () => ({
			keys: upstream.keys,
			model: call.upstreamModel,
			tried,
			strategy: snapshot.strategy,
			now: services.now(),
			turn,
			random: snapshot.strategy === 'random' ? services.random.next() : 0,
			healthOf: services.keyHealth.healthOf,
			...(upstream.keyConcurrent > 0 && { isBusy: (id: string) => services.slots.isBusy(upstream, id) }),
		}))
		const key = taken instanceof Promise ? await taken : taken
		if (key === 'gone') return draft.cancel()
		if (key === 'busy' && !last) throw keysAreBusy(upstream)
		if (key === 'busy' || key?.secret === undefined) break
		tried.add(key.id)
		const result = await tryKey(scope, { key, secret: key.secret, demotable, repairs })
		if (result.kind === 'delivered') return
		if (result.kind === 'cancelled') return scope.client.abandon()
		if (result.kind === 'expired') return sendExpired(scope)
		const { failure } = result
		const rule = failureRules[failure.class]
		if (result.committed) return
		if (!rule.nextKey) return sendRefusal(scope, { failure, secret: key.secret })
		hopeless &&= rule.hopeless
		last = { failure, secret: key.secret }
	}
	if (last) sendExhausted(scope, last, tried.size, hopeless)
	draft.exhausted()
}

type TakenKey = KeySnapshot | 'busy' | 'gone' | undefined

/** The next key, which `tryKey` releases: at once, or a busy one that is waited for a short while. */
function takeFreeKey(scope: RequestScope, readChoice: () => KeyChoice): TakenKey | Promise<TakenKey> {
	const key = selectFreeKey(readChoice())
	if (key === 'busy') return waitForKey(scope, readChoice)
	if (key) scope.services.slots.takeKey(scope.upstream, key.id)
	return key
}

async function waitForKey(
	{ services, upstream, incoming: { signal }, client }: RequestScope,
	readChoice: () => KeyChoice,
): Promise<TakenKey> {
	const since = services.clock.elapsed()
	while (await services.slots.keyReleased(upstream, since, signal)) {
		const key = selectFreeKey(readChoice())
		if (key === 'busy') continue
		if (key) services.slots.takeKey(upstream, key.id)
		return key
	}
	if (!signal.aborted) return 'busy'
	client.abandon()
	return 'gone'
}

function keysAreBusy({ name, keyConcurrent }: UpstreamSnapshot): ProxyError {
	const message = `each key of upstream "${name}" answers ${keyConcurrent} requests already: try again shortly`
	return new ProxyError(529, message, { headers: { 'retry-after': '2' } })
}

interface Turn {
	key: KeySnapshot
	secret: string
	demotable: DemotedKey[]
	repairs: Repairs
}

/** One key's turn: one attempt, and one more after each repair. */
async function tryKey(scope: RequestScope, turn: Turn): Promise<AttemptResult> {
	const { key, secret, repairs } = turn
	const { clock } = scope.services
	const endProbes = startProbes(scope, key.id)
	try {
		for (;;) {
			const { url } = scope.call.outgoing
			const current: KeyTurn = { key, secret, url, startedAt: clock.elapsed() }
			const trace = startTrace(scope)
			const result = hideSecrets(await sendOnce(scope, turn, current, trace?.headers), scope, secret)
			trace?.end(describeResult(result))
			const repaired = result.kind === 'failed' && !result.committed && repairs.repair(result.failure)
			scope.draft.attempt(current, result, repaired)
			if (repaired) continue
			const demotable = result.kind === 'failed' && reportFailure(scope, current, result.failure)
			if (demotable) turn.demotable.push(demotable)
			return result
		}
	} finally {
		endProbes()
		scope.services.slots.releaseKey(scope.upstream, key.id)
	}
}

/** From here on nobody has to think of what an upstream's words may quote. */
function hideSecrets(result: AttemptResult, { upstream }: RequestScope, secret: string): AttemptResult {
	if (result.kind !== 'failed') return result
	return { ...result, failure: maskFailure(result.failure, [secret, ...listSentSecrets(upstream)]) }
}

function startTrace({ incoming, upstream, call }: RequestScope): AttemptTrace | undefined {
	const { name: upstreamName, type: upstreamType } = upstream
	const { outgoing, upstreamModel: model } = call
	return incoming.trace?.startAttempt({ upstreamName, upstreamType, url: outgoing.url, model })
}

function describeResult(result: AttemptResult): Parameters<AttemptTrace['end']>[0] {
	if (result.kind === 'delivered') return { status: 200, outcome: 'ok', ...result.reading }
	if (result.kind === 'failed')
		return { status: result.failure.status, outcome: result.failure.class, ...result.reading }
	return { status: 499, outcome: result.kind === 'expired' ? 'timeout' : 'cancelled', ...result.reading }
}

function sendOnce(
	scope: RequestScope,
	turn: Turn,
	current: KeyTurn,
	traceHeaders: Readonly<Record<string, string>> | undefined,
): Promise<AttemptResult> {
	const { secret, demotable, repairs } = turn
	const { services, upstream, call, draft } = scope
	const { outgoing, adapter } = call
	const firstContentMs = upstream.firstContentMs || services.firstContentMs
	const auth = adapter.authHeaders(secret, upstream)
	const headers = { ...outgoing.headers, ...auth, ...traceHeaders, ...upstream.extraHeaders }
	const request = { ...outgoing, headers }
	const hiddenHeaders = Object.keys(upstream.extraHeaders)
	return runAttempt({
		transport: services.transport,
		adapter,
		outgoing: request,
		tape: scope.recording?.startAttempt({ request, secret, hiddenHeaders }),
		route: {
			insecureSkipVerify: upstream.insecureSkipVerify,
			proxyUrl: upstream.proxyUrl,
			silenceMs: upstream.timeoutMs || services.silenceMs,
		},
		client: scope.client,
		createReader: scope.createReader,
		signal: scope.incoming.signal,
		timeLimit: scope.timeLimit,
		firstContent:
			call.stream && firstContentMs > 0 ? { clock: services.clock, ms: firstContentMs } : undefined,
		onConnected: () => {
			current.connectedAt = services.clock.elapsed()
		},
		onHead: () => {
			current.headAt = services.clock.elapsed()
		},
		onAccepted: () => {
			draft.firstContent()
			reportSuccess(scope, current, demotable)
			repairs.worked()
			releaseBodies(scope, request)
		},
		onFault: error => services.reportFault(error, scope.incoming.requestId, scope.incoming.traceId),
	})
}

function sendExhausted(
	scope: RequestScope,
	{ failure, secret }: LastFailure,
	attempts: number,
	hopeless: boolean,
): void {
	const { requestId } = scope.incoming
	scope.client.sendError(answerExhausted(failure, secret, { requestId, attempts, hopeless }), requestId)
}

function sendExpired({ client, incoming }: RequestScope): void {
	client.sendError(answerProxyError(outOfTimeError(), incoming.requestId), incoming.requestId)
}

function sendRefusal(scope: RequestScope, { failure, secret }: LastFailure): void {
	const { requestId } = scope.incoming
	scope.client.sendError(answerRefusal(failure, secret, requestId), requestId)
}
