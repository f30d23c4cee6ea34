import type { Snapshot, UpstreamSnapshot } from '../config/snapshot.ts'
import { maskInText } from '../keys/mask.ts'
import { listSentSecrets } from '../keys/sent-secrets.ts'
import { applyCalibration } from '../messages/token-calibration.ts'
import { estimateInputTokens } from '../messages/token-estimate.ts'
import type { ResponseSink } from '../ports.ts'
import { startRecording } from '../recording/recorder.ts'
import { listCallIds } from '../upstreams/shared/call-ids.ts'
import { type CreateAnswerReader, sseHeaders } from './answer-reader.ts'
import { ClientAnswer } from './client-answer.ts'
import { convertAnswer, createMessageStart } from './converted-answer.ts'
import { createConvertedStream } from './converted-stream.ts'
import { answerProxyError, ProxyError } from './errors.ts'
import { tryKeys } from './key-loop.ts'
import { readOwner } from './owner.ts'
import { passAnswer } from './passed-answer.ts'
import {
	type ConvertedCall,
	findCurrentAdapter,
	findCurrentUpstream,
	type PassedCall,
	type PreparedCall,
	prepareCall,
} from './prepare.ts'
import { parseBody } from './read-request.ts'
import { giveBackBodies } from './release-bodies.ts'
import { RequestDraft } from './request-draft.ts'
import type { ProxyRequest, ProxyServices, RequestScope } from './request-scope.ts'
import { startTimeLimit } from './time-limit.ts'

/**
 * Answers `POST /v1/messages`: reads the request, builds the upstream's, and tries the current upstream's keys
 * until one answers. Never rejects: whatever goes wrong becomes an error in Anthropic's shape, and a record.
 */
export async function handleMessages(
	services: ProxyServices,
	incoming: ProxyRequest,
	snapshot: Snapshot,
	sink: ResponseSink,
): Promise<void> {
	const rule = services.keepRecording && snapshot.recording
	const recording = startRecording(rule, services.clock, incoming)
	const client = new ClientAnswer(sink, services.clock, recording)
	const draft = new RequestDraft(services, incoming)
	const limit = startTimeLimit(services.clock, incoming.endsAt)
	let prepared: PreparedCall | undefined
	try {
		const upstream = findCurrentUpstream(snapshot)
		const call = prepare(services, incoming, upstream, draft)
		prepared = call
		const inputTokens = call.mode === 'convert' ? estimate(services, upstream, call, draft) : 0
		const createReader = prepareAnswer(services, incoming, { upstream, call, client, inputTokens })
		const parts = { services, incoming, snapshot, upstream, call, client, createReader, draft, recording }
		const scope: RequestScope = Object.assign(parts, { timeLimit: limit.signal })
		await withUpstreamSlot(scope, () => tryKeys(scope))
		if (call.mode === 'pass-through') measurePassed(services, incoming, upstream, draft)
	} catch (error) {
		if (!(error instanceof ProxyError)) services.reportFault(error, incoming.requestId, incoming.traceId)
		const known =
			error instanceof ProxyError ? error : new ProxyError(500, 'the proxy failed on this request')
		draft.refuse(known.status, known.message)
		client.sendError(answerProxyError(known, incoming.requestId), incoming.requestId)
	}
	limit.release()
	const record = draft.finish(sink.bytesOut?.())
	incoming.trace?.end(record)
	services.record(record)
	const recorded = recording?.finish(record)
	if (recorded) services.keepRecording?.(recorded)
	else giveBackBodies(incoming, prepared)
}

/** Runs a request when the upstream has a place for it. */
async function withUpstreamSlot(
	{ services, upstream, incoming, client, draft }: RequestScope,
	run: () => Promise<void>,
): Promise<void> {
	const entered = services.slots.enter(upstream, readOwner(incoming.headers), incoming.signal)
	const turn = typeof entered === 'string' ? entered : await entered
	if (turn === 'cancelled') {
		client.abandon()
		return draft.cancel()
	}
	if (turn !== 'entered') {
		const message = `upstream "${upstream.name}" answers ${upstream.maxConcurrent} requests already: try again shortly`
		throw new ProxyError(529, message, { headers: { 'retry-after': '2' } })
	}
	try {
		await run()
	} finally {
		services.slots.leave(upstream)
	}
}

function prepare(
	services: ProxyServices,
	incoming: ProxyRequest,
	upstream: UpstreamSnapshot,
	draft: RequestDraft,
): PreparedCall {
	draft.upstream(upstream)
	const adapter = findCurrentAdapter(services.findAdapter, upstream)
	const factsOf = (model: string) => services.learnedFacts.of(upstream.id, model)
	const call = prepareCall(incoming, upstream, adapter, factsOf)
	draft.call(call)
	return call
}

/** Input tokens for `message_start`, in the model's own tokens as far as those are known. */
function estimate(
	services: ProxyServices,
	upstream: UpstreamSnapshot,
	{ request, upstreamModel }: ConvertedCall,
	draft: RequestDraft,
): number {
	const estimated = estimateInputTokens(request)
	draft.estimated(estimated)
	return applyCalibration(estimated, services.tokenRates.factor(upstream.id, upstreamModel))
}

/**
 * A pass-through request is parsed for its size only where count_tokens has to estimate, and once its answer is over.
 */
function measurePassed(
	services: ProxyServices,
	incoming: ProxyRequest,
	upstream: UpstreamSnapshot,
	draft: RequestDraft,
): void {
	// Whoever did not want it when the answer began has let the body go.
	if (incoming.body.length === 0 || !services.tokenRates.wants(upstream.id)) return
	draft.estimated(estimateInputTokens(parseBody(incoming.body)))
}

/** Sets up the way from upstream to client; the reader it returns is made anew for each attempt. */
function prepareAnswer(
	services: ProxyServices,
	incoming: ProxyRequest,
	parts: { upstream: UpstreamSnapshot; call: PreparedCall; client: ClientAnswer; inputTokens: number },
): CreateAnswerReader {
	const { call, client } = parts
	const headers = { 'request-id': incoming.requestId }
	return call.mode === 'convert'
		? prepareConvertedAnswer(services, { ...parts, call, headers, giveBack: incoming.giveBack })
		: preparePassedAnswer(call, client, headers)
}

function preparePassedAnswer(
	call: PassedCall,
	client: ClientAnswer,
	headers: Record<string, string>,
): CreateAnswerReader {
	// The upstream's own message_start is still to come: only the status goes before a ping.
	if (call.stream) client.keepAlive(() => client.commit(200, { ...sseHeaders, ...headers }))
	return passAnswer(call.adapter, client, { stream: call.stream, headers })
}

interface ConvertedParts {
	upstream: UpstreamSnapshot
	call: ConvertedCall
	client: ClientAnswer
	headers: Record<string, string>
	inputTokens: number
	giveBack: ProxyRequest['giveBack']
}

function prepareConvertedAnswer(
	services: ProxyServices,
	{ upstream, call, client, headers, inputTokens, giveBack }: ConvertedParts,
): CreateAnswerReader {
	const message = { messageId: services.random.id('msg'), model: call.model, inputTokens }
	const stream = call.stream
		? createConvertedStream(
				client,
				headers,
				() => createMessageStart(message),
				text => hideIn(text, upstream),
			)
		: undefined
	if (stream) client.keepAlive(stream.open)
	const context = {
		toolNames: call.toolNames,
		usedIds: listCallIds(call.request.messages),
		upstreamModel: call.upstreamModel,
		stopSequences: call.request.stop_sequences ?? [],
		newToolId: () => services.random.id('toolu'),
	}
	return convertAnswer({
		adapter: call.adapter,
		client,
		context,
		stream,
		message,
		headers,
		giveBack,
		notes: call.notes,
	})
}

/** Of an error in the middle of a stream nobody knows any more with which key it was asked: none of them is shown. */
function hideIn(text: string, upstream: UpstreamSnapshot): string {
	const secrets = [...upstream.keys.map(({ secret = '' }) => secret), ...listSentSecrets(upstream)]
	return secrets.reduce(maskInText, text)
}
