import type { KeySnapshot } from '../config/snapshot.ts'
import { maskInText } from '../keys/mask.ts'
import { selectKey } from '../keys/strategy.ts'
import type { UpstreamFailure } from '../upstreams/contract.ts'
import { type AttemptResult, runAttempt } from './attempt.ts'
import { answerExhausted, answerRefusal } from './errors.ts'
import { failureRules } from './failure-classes.ts'
import { createRepairs, type Repairs } from './repair.ts'
import type { RequestScope } from './request-scope.ts'

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
	const demotable: string[] = []
	const repairs = createRepairs(scope)
	let last: LastFailure | undefined
	let hopeless = true

	for (;;) {
		const key = selectKey({
			keys: upstream.keys,
			model: call.upstreamModel,
			tried,
			strategy: snapshot.strategy,
			now: services.now(),
			turn,
			random: snapshot.strategy === 'random' ? services.random.next() : 0,
		})
		if (key?.secret === undefined) break
		tried.add(key.id)
		const result = await tryKey(scope, { key, secret: key.secret, demotable, repairs })
		if (result.kind === 'delivered') return
		if (result.kind === 'cancelled') return scope.client.abandon()
		const { failure } = result
		const rule = failureRules[failure.class]
		if (result.committed) return
		if (!rule.nextKey) return sendRefusal(scope, { failure, secret: key.secret })
		if (rule.demote) demotable.push(key.id)
		hopeless &&= rule.hopeless
		last = { failure, secret: key.secret }
	}
	if (last) sendExhausted(scope, last, tried.size, hopeless)
	draft.exhausted()
}

interface Turn {
	key: KeySnapshot
	secret: string
	demotable: string[]
	repairs: Repairs
}

/** One key's turn: one attempt, and one more after each repair. */
async function tryKey(scope: RequestScope, turn: Turn): Promise<AttemptResult> {
	const { key, secret, repairs } = turn
	const { clock } = scope.services
	for (;;) {
		const started = clock.elapsed()
		const result = await sendOnce(scope, turn, started)
		const repaired = result.kind === 'failed' && !result.committed && repairs.repair(result.failure)
		scope.draft.attempt(key, result, clock.elapsed() - started, secret, repaired)
		if (repaired) continue
		if (result.kind === 'failed') reportFailure(scope, key, secret, result.failure, started)
		return result
	}
}

function sendOnce(scope: RequestScope, turn: Turn, started: number): Promise<AttemptResult> {
	const { key, secret, demotable, repairs } = turn
	const { services, upstream, call, draft } = scope
	const { outgoing, adapter } = call
	const auth = adapter.authHeaders(secret, upstream)
	return runAttempt({
		transport: services.transport,
		adapter,
		outgoing: { ...outgoing, headers: { ...outgoing.headers, ...auth, ...upstream.extraHeaders } },
		route: {
			insecureSkipVerify: upstream.insecureSkipVerify,
			proxyUrl: upstream.proxyUrl,
			silenceMs: upstream.timeoutMs || services.silenceMs,
		},
		client: scope.client,
		createReader: scope.createReader,
		signal: scope.incoming.signal,
		onAccepted: () => {
			draft.firstContent()
			reportSuccess(scope, key, started, demotable)
			repairs.worked()
		},
		onFault: error => services.reportFault(error, scope.incoming.requestId),
	})
}

function reportSuccess(
	{ services, upstream, call }: RequestScope,
	key: KeySnapshot,
	started: number,
	demotable: string[],
) {
	const ageMs = services.clock.elapsed() - started
	for (const scope of ['', call.upstreamModel]) {
		if ((key.health.get(scope)?.streak ?? 0) > 0)
			services.keyHealth.succeeded({ keyId: key.id, scope, ageMs })
	}
	if (demotable.length === 0) return
	services.keyHealth.demoted({ upstreamId: upstream.id, keyIds: [...demotable], workedId: key.id })
}

function reportFailure(
	{ services, call }: RequestScope,
	key: KeySnapshot,
	secret: string,
	failure: UpstreamFailure,
	started: number,
): void {
	const rule = failureRules[failure.class]
	if (!rule.cooldown) return
	services.keyHealth.failed({
		keyId: key.id,
		scope: rule.scope === 'model' ? call.upstreamModel : '',
		status: failure.status,
		failureClass: failure.class,
		message: maskInText(failure.message, secret).slice(0, 500),
		...rule.cooldown,
		retryAfterMs: Math.min(failure.retryAfterMs ?? 0, rule.cooldown.maxMs),
		ageMs: services.clock.elapsed() - started,
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

function sendRefusal(scope: RequestScope, { failure, secret }: LastFailure): void {
	const { requestId } = scope.incoming
	scope.client.sendError(answerRefusal(failure, secret, requestId), requestId)
}
