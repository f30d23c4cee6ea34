import { redactUrl } from '../config/redact.ts'
import type { UpstreamSnapshot } from '../config/snapshot.ts'
import { maskInText } from '../keys/mask.ts'
import type { AttemptRecord, Clock, IncomingMessage, RequestRecord } from '../ports.ts'
import type { AttemptResult } from './attempt.ts'
import { failureRules } from './failure-classes.ts'
import type { KeyTurn } from './key-reports.ts'
import type { PreparedCall } from './prepare.ts'
import type { ProxyServices } from './request-scope.ts'
import { outOfTime } from './time-limit.ts'

/** Status of requests whose client left, as nginx logs it. */
const clientClosedRequest = 499

/** The record of a request in the making: each step adds what it knows, `finish` completes it. */
export class RequestDraft {
	readonly #clock: Pick<Clock, 'elapsed'>
	readonly #started: number
	readonly #record: RequestRecord

	constructor(
		{ clock, now }: Pick<ProxyServices, 'clock' | 'now'>,
		incoming: IncomingMessage & { requestId: string },
	) {
		this.#clock = clock
		this.#started = clock.elapsed()
		this.#record = beginRecord(incoming, Math.round(now()))
	}

	upstream({ id, name }: UpstreamSnapshot): void {
		this.#record.upstreamId = id
		this.#record.upstreamName = name
	}

	call({ model, upstreamModel, stream, notes }: PreparedCall): void {
		const record = this.#record
		record.model = model
		record.upstreamModel = upstreamModel
		record.stream = stream
		record.notes = notes
	}

	/** Input tokens by our own estimate, before calibration. */
	estimated(inputTokens: number): void {
		this.#record.estimatedInputTokens = inputTokens
	}

	firstContent(): void {
		this.#record.firstContentMs ??= this.#clock.elapsed() - this.#started
	}

	attempt(turn: KeyTurn, result: AttemptResult, repaired: boolean): void {
		const { key } = turn
		const record = this.#record
		const upstreamId = record.upstreamId ?? ''
		const attempt = describeAttempt({ turn, upstreamId }, result, this.#started, this.#clock.elapsed())
		if (repaired) attempt.decision = 'repaired'
		record.attempts.push(attempt)
		record.keyId = key.id
		record.keyMask = key.mask
		record.status = 'committed' in result && result.committed ? 200 : attempt.status
		record.outcome = attempt.outcome
		record.errorMessage = attempt.message
		record.usage = result.reading.usage
		record.stopReason = result.reading.stopReason
		record.toolCalls = result.reading.toolCalls ?? 0
		if (result.reading.model !== undefined) record.answeredModel = result.reading.model.slice(0, 200)
	}

	/** Every key failed. */
	exhausted(): void {
		const last = this.#record.attempts.at(-1)
		if (last) last.decision = 'gave up'
	}

	/** The client left before an attempt was made, or between two. */
	cancel(): void {
		this.#record.status = clientClosedRequest
		this.#record.outcome = 'cancelled'
	}

	/** The proxy itself refused the request. */
	refuse(status: number, message: string): void {
		this.#record.status = status
		this.#record.outcome = 'refused'
		this.#record.errorMessage = message.slice(0, 500)
	}

	/** @param bytesOut of the answer's body as it was sent to the client */
	finish(bytesOut = 0): RequestRecord {
		this.#record.bytesOut = bytesOut
		this.#record.totalMs = this.#clock.elapsed() - this.#started
		return this.#record
	}
}

function beginRecord(incoming: IncomingMessage & { requestId: string }, at: number): RequestRecord {
	const record: RequestRecord = {
		id: incoming.requestId,
		at,
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
		queueMs: incoming.queueMs ?? 0,
		toolCalls: 0,
		bytesIn: incoming.body.length,
	}
	if (incoming.traceId) record.traceId = incoming.traceId
	if (incoming.source) record.source = incoming.source
	if (incoming.accessKeyId) record.accessKeyId = incoming.accessKeyId
	return record
}

function describeAttempt(
	{ turn, upstreamId }: { turn: KeyTurn; upstreamId: string },
	result: AttemptResult,
	requestStarted: number,
	now: number,
): AttemptRecord {
	const { key, secret, url, startedAt, connectedAt, headAt } = turn
	const common: AttemptRecord = {
		upstreamId,
		keyId: key.id,
		keyMask: key.mask,
		ms: now - startedAt,
		startMs: startedAt - requestStarted,
		status: 200,
		outcome: 'ok',
		decision: 'answered',
		message: '',
	}
	if (connectedAt !== undefined) common.connectMs = connectedAt - startedAt
	if (headAt !== undefined) common.firstByteMs = headAt - startedAt
	if (result.kind === 'delivered') return common
	if (result.kind === 'cancelled') {
		return { ...common, status: clientClosedRequest, outcome: 'cancelled', decision: 'cancelled' }
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
