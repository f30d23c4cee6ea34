import { redactUrl } from '../config/redact.ts'
import type { UpstreamSnapshot } from '../config/snapshot.ts'
import { maskInText } from '../keys/mask.ts'
import type { AttemptRecord, IncomingMessage, RequestRecord } from '../ports.ts'
import type { AttemptResult } from './attempt.ts'
import { failureRules } from './failure-classes.ts'
import type { KeyTurn } from './key-reports.ts'
import type { PreparedCall } from './prepare.ts'
import type { ProxyServices } from './request-scope.ts'
import { outOfTime } from './time-limit.ts'

/** The record of a request in the making: each step adds what it knows, `finish` completes it. */
export interface RequestDraft {
	upstream(upstream: UpstreamSnapshot): void
	call(call: PreparedCall): void
	/** Input tokens by our own estimate, before calibration. */
	estimated(inputTokens: number): void
	firstContent(): void
	attempt(turn: KeyTurn, result: AttemptResult, repaired: boolean): void
	/** Every key failed. */
	exhausted(): void
	/** The client left before an attempt was made, or between two. */
	cancel(): void
	/** The proxy itself refused the request. */
	refuse(status: number, message: string): void
	/** @param bytesOut of the answer's body as it was sent to the client */
	finish(bytesOut?: number): RequestRecord
}

/** Status of requests whose client left, as nginx logs it. */
const clientClosedRequest = 499

export function createRequestDraft(
	{ clock, now }: Pick<ProxyServices, 'clock' | 'now'>,
	incoming: IncomingMessage & { requestId: string },
): RequestDraft {
	const started = clock.elapsed()
	const record: RequestRecord = {
		id: incoming.requestId,
		at: Math.round(now()),
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
		...(incoming.traceId && { traceId: incoming.traceId }),
		...(incoming.source && { source: incoming.source }),
		...(incoming.accessKeyId && { accessKeyId: incoming.accessKeyId }),
		queueMs: incoming.queueMs ?? 0,
		toolCalls: 0,
		bytesIn: incoming.body.length,
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
		attempt(turn, result, repaired) {
			const { key } = turn
			const attempt = describeAttempt(turn, result, started, clock.elapsed())
			if (repaired) attempt.decision = 'repaired'
			record.attempts.push({ ...attempt, upstreamId: record.upstreamId ?? '' })
			record.keyId = key.id
			record.keyMask = key.mask
			record.status = 'committed' in result && result.committed ? 200 : attempt.status
			record.outcome = attempt.outcome
			record.errorMessage = attempt.message
			record.usage = result.reading.usage
			record.stopReason = result.reading.stopReason
			record.toolCalls = result.reading.toolCalls ?? 0
			if (result.reading.model !== undefined) record.answeredModel = result.reading.model.slice(0, 200)
		},
		exhausted() {
			const last = record.attempts.at(-1)
			if (last) last.decision = 'gave up'
		},
		cancel() {
			Object.assign(record, { status: clientClosedRequest, outcome: 'cancelled' })
		},
		refuse(status, message) {
			Object.assign(record, { status, outcome: 'refused', errorMessage: message.slice(0, 500) })
		},
		finish(bytesOut = 0) {
			record.bytesOut = bytesOut
			record.totalMs = clock.elapsed() - started
			return record
		},
	}
}

function describeAttempt(
	{ key, secret, url, startedAt, connectedAt, headAt }: KeyTurn,
	result: AttemptResult,
	requestStarted: number,
	now: number,
): Omit<AttemptRecord, 'upstreamId'> {
	const common: Pick<AttemptRecord, 'keyId' | 'keyMask' | 'ms' | 'startMs' | 'connectMs' | 'firstByteMs'> = {
		...{ keyId: key.id, keyMask: key.mask, ms: now - startedAt, startMs: startedAt - requestStarted },
	}
	if (connectedAt !== undefined) common.connectMs = connectedAt - startedAt
	if (headAt !== undefined) common.firstByteMs = headAt - startedAt
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
	const called = { ...common, url: redactUrl(maskInText(url, secret)).slice(0, 500) }
	if (result.kind === 'expired') {
		const { class: outcome, message } = outOfTime
		return { ...called, status: 504, outcome, decision: 'gave up', message }
	}
	const { failure, committed } = result
	const goesOn = !committed && failureRules[failure.class].nextKey
	const message = maskInText(failure.message, secret).slice(0, 500)
	const decision = goesOn ? 'next key' : 'gave up'
	return { ...called, status: failure.status, outcome: failure.class, decision, message }
}
