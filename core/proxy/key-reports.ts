import type { KeySnapshot } from '../config/snapshot.ts'
import { maskInText } from '../keys/mask.ts'
import { findDueScopes } from '../keys/readiness.ts'
import type { DemotedKey, KeyFailure } from '../ports.ts'
import type { UpstreamFailure } from '../upstreams/contract.ts'
import { failureRules } from './failure-classes.ts'
import type { RequestScope } from './request-scope.ts'

/** One key's turn within a request. */
export interface KeyTurn {
	key: KeySnapshot
	secret: string
	/** What its latest attempt calls. */
	url: string
	/** When that began, by `clock.elapsed()`, and when its connection stood and the head of its answer came. */
	startedAt: number
	connectedAt?: number
	headAt?: number
}

/**
 * Tells the others to leave the key alone if this request is the one that tries it after its cooldown. The returned
 * function ends that.
 */
export function startProbes({ services, call }: RequestScope, keyId: string): () => void {
	const health = services.keyHealth.healthOf(keyId)
	if (health.size === 0) return nothingToEnd
	const scopes = findDueScopes(health, call.upstreamModel, services.now())
	const ends = scopes.map(scope => services.keyHealth.startProbe({ keyId, scope }))
	return () => {
		for (const end of ends) end()
	}
}

const nothingToEnd = () => {}

/** @param demotable keys that failed before it in this request, and belong behind it */
export function reportSuccess(
	{ services, upstream, call }: RequestScope,
	{ key, startedAt }: KeyTurn,
	demotable: readonly DemotedKey[],
): void {
	const { keyHealth, clock } = services
	const ageMs = clock.elapsed() - startedAt
	const health = keyHealth.healthOf(key.id)
	if (health.size > 0) {
		for (const scope of new Set(['', call.upstreamModel])) {
			if ((health.get(scope)?.streak ?? 0) > 0) keyHealth.succeeded({ keyId: key.id, scope, ageMs })
		}
	}
	if (demotable.length === 0) return
	keyHealth.demoted({ upstreamId: upstream.id, keys: [...demotable], workedId: key.id })
}

/** Cools the key as the failure's class demands. Returns what its demotion would tell, where the class asks for one. */
export function reportFailure(
	{ services, call }: RequestScope,
	{ key, secret, startedAt }: KeyTurn,
	failure: UpstreamFailure,
): DemotedKey | undefined {
	const rule = failureRules[failure.class]
	if (!rule.cooldown) return undefined
	const { baseMs, maxMs } = rule.cooldown
	const told: KeyFailure = {
		keyId: key.id,
		scope: rule.scope === 'model' ? call.upstreamModel : '',
		status: failure.status,
		failureClass: failure.class,
		message: maskInText(failure.message, secret).slice(0, 500),
		...{ baseMs, maxMs },
		retryAfterMs: Math.min(failure.retryAfterMs ?? 0, maxMs),
		ageMs: services.clock.elapsed() - startedAt,
	}
	services.keyHealth.failed(told)
	if (!rule.demote) return undefined
	return { keyId: key.id, status: told.status, failureClass: told.failureClass, message: told.message }
}
