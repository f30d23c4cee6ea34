import type { KeySnapshot, UpstreamSnapshot } from '../config/snapshot.ts'
import { maskInText } from '../keys/mask.ts'
import type { AttemptRecord, Clock, IncomingMessage, RequestRecord } from '../ports.ts'
import type { AttemptResult } from './attempt.ts'
import { failureRules } from './failure-classes.ts'
import type { PreparedCall } from './prepare.ts'

/** The record of a request in the making: each step adds what it knows, `finish` completes it. */
export interface RequestDraft {
	upstream(upstream: UpstreamSnapshot): void
	call(call: PreparedCall): void
	/** Input tokens by our own estimate, before calibration. */
	estimated(inputTokens: number): void
	firstContent(): void
	attempt(key: KeySnapshot, result: AttemptResult, ms: number, secret: string, repaired: boolean): void
	/** Every key failed. */
	exhausted(): void
	/** The proxy itself refused the request. */
	refuse(status: number, message: string): void
	finish(): RequestRecord
}

/** Status of requests whose client left, as nginx logs it. */
const clientClosedRequest = 499

export function createRequestDraft(
	clock: Clock,
	incoming: IncomingMessage & { requestId: string },
): RequestDraft {
	const started = clock.elapsed()
	const record: RequestRecord = {
		id: incoming.requestId,
		at: clock.now(),
		upstreamId: undefined,
		upstreamName: undefined,
		keyId: undefined,
		keyMask: undefined,
		model: '',
		upstreamModel: '',
		stream: false,
		status: 200,
		outcome: 'ok',
		errorMessage: '',
		stopReason: undefined,
		usage: undefined,
		firstContentMs: undefined,
		totalMs: 0,
		attempts: [],
		notes: [],
		userAgent: (incoming.headers['user-agent'] ?? '').slice(0, 200),
		sessionId: (incoming.headers['x-claude-code-session-id'] ?? '').slice(0, 100),
	}
	return {
		upstream({ id, name }) {
			record.upstreamId = id
			record.upstreamName = name
		},
		call({ model, upstreamModel, stream, notes }) {
			Object.assign(record, { model, upstreamModel, stream, notes })
		},
		estimated(inputTokens) {
			record.estimatedInputTokens = inputTokens
		},
		firstContent() {
			record.firstContentMs ??= clock.elapsed() - started
		},
		attempt(key, result, ms, secret, repaired) {
			const attempt = describeAttempt(key, result, ms, secret)
			if (repaired) attempt.decision = 'repaired'
			record.attempts.push({ ...attempt, upstreamId: record.upstreamId ?? '' })
			record.keyId = key.id
			record.keyMask = key.mask
			record.status = result.kind === 'failed' && result.committed ? 200 : attempt.status
			record.outcome = attempt.outcome
			record.errorMessage = attempt.message
			record.usage = result.reading.usage
			record.stopReason = result.reading.stopReason
		},
		exhausted() {
			const last = record.attempts.at(-1)
			if (last) last.decision = 'gave up'
		},
		refuse(status, message) {
			Object.assign(record, { status, outcome: 'refused', errorMessage: message.slice(0, 500) })
		},
		finish() {
			record.totalMs = clock.elapsed() - started
			return record
		},
	}
}

function describeAttempt(
	key: KeySnapshot,
	result: AttemptResult,
	ms: number,
	secret: string,
): Omit<AttemptRecord, 'upstreamId'> {
	const common = { keyId: key.id, keyMask: key.mask, ms }
	if (result.kind === 'delivered')
		return { ...common, status: 200, outcome: 'ok', decision: 'answered', message: '' }
	if (result.kind === 'cancelled') {
		return {
			...common,
			status: clientClosedRequest,
			outcome: 'cancelled',
			decision: 'cancelled',
			message: '',
		}
	}
	const { failure, committed } = result
	const goesOn = !committed && failureRules[failure.class].nextKey
	const message = maskInText(failure.message, secret).slice(0, 500)
	const decision = goesOn ? 'next key' : 'gave up'
	return { ...common, status: failure.status, outcome: failure.class, decision, message }
}
