import type { KeySnapshot } from '../config/snapshot.ts'
import { selectKey } from '../keys/strategy.ts'
import type { DemotedKey } from '../ports.ts'
import type { UpstreamFailure } from '../upstreams/contract.ts'
import { type AttemptResult, runAttempt } from './attempt.ts'
import { answerExhausted, answerRefusal } from './errors.ts'
import { failureRules } from './failure-classes.ts'
import { type KeyTurn, reportFailure, reportSuccess, startProbes } from './key-reports.ts'
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
	const demotable: DemotedKey[] = []
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
			healthOf: services.keyHealth.healthOf,
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
		hopeless &&= rule.hopeless
		last = { failure, secret: key.secret }
	}
	if (last) sendExhausted(scope, last, tried.size, hopeless)
	draft.exhausted()
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
			const current: KeyTurn = { key, secret, startedAt: clock.elapsed() }
			const result = await sendOnce(scope, turn, current)
			const repaired = result.kind === 'failed' && !result.committed && repairs.repair(result.failure)
			scope.draft.attempt(key, result, clock.elapsed() - current.startedAt, secret, repaired)
			if (repaired) continue
			const demotable = result.kind === 'failed' && reportFailure(scope, current, result.failure)
			if (demotable) turn.demotable.push(demotable)
			return result
		}
	} finally {
		endProbes()
	}
}

function sendOnce(scope: RequestScope, turn: Turn, current: KeyTurn): Promise<AttemptResult> {
	const { secret, demotable, repairs } = turn
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
			reportSuccess(scope, current, demotable)
			repairs.worked()
		},
		onFault: error => services.reportFault(error, scope.incoming.requestId),
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
