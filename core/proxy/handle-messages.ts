import type { Snapshot, UpstreamSnapshot } from '../config/snapshot.ts'
import { applyCalibration } from '../messages/token-calibration.ts'
import { estimateInputTokens } from '../messages/token-estimate.ts'
import type { ResponseSink } from '../ports.ts'
import { type CreateAnswerReader, sseHeaders } from './answer-reader.ts'
import { ClientAnswer } from './client-answer.ts'
import { convertAnswer, createMessageStart } from './converted-answer.ts'
import { createConvertedStream } from './converted-stream.ts'
import { answerProxyError, ProxyError } from './errors.ts'
import { tryKeys } from './key-loop.ts'
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
import { createRequestDraft, type RequestDraft } from './request-draft.ts'
import type { ProxyRequest, ProxyServices } from './request-scope.ts'

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
	const client = new ClientAnswer(sink, services.clock)
	const draft = createRequestDraft(services.clock, incoming)
	try {
		const upstream = findCurrentUpstream(snapshot)
		const call = prepare(services, incoming, upstream, draft)
		const inputTokens = call.mode === 'convert' ? estimate(services, upstream, call, draft) : 0
		const createReader = prepareAnswer(services, incoming, call, client, inputTokens)
		await tryKeys({ services, incoming, snapshot, upstream, call, client, createReader, draft })
		if (call.mode === 'pass-through') measurePassed(services, incoming, upstream, draft)
	} catch (error) {
		if (!(error instanceof ProxyError)) services.reportFault(error, incoming.requestId)
		const known =
			error instanceof ProxyError ? error : new ProxyError(500, 'the proxy failed on this request')
		draft.refuse(known.status, known.message)
		client.sendError(answerProxyError(known, incoming.requestId), incoming.requestId)
	}
	services.record(draft.finish())
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
	if (services.tokenRates.wants(upstream.id)) draft.estimated(estimateInputTokens(parseBody(incoming.body)))
}

/** Sets up the way from upstream to client; the reader it returns is made anew for each attempt. */
function prepareAnswer(
	services: ProxyServices,
	incoming: ProxyRequest,
	call: PreparedCall,
	client: ClientAnswer,
	inputTokens: number,
): CreateAnswerReader {
	const headers = { 'request-id': incoming.requestId }
	return call.mode === 'convert'
		? prepareConvertedAnswer(services, call, client, headers, inputTokens)
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

function prepareConvertedAnswer(
	services: ProxyServices,
	call: ConvertedCall,
	client: ClientAnswer,
	headers: Record<string, string>,
	inputTokens: number,
): CreateAnswerReader {
	const message = { messageId: services.random.id('msg'), model: call.model, inputTokens }
	const stream = call.stream
		? createConvertedStream(client, headers, () => createMessageStart(message))
		: undefined
	if (stream) client.keepAlive(stream.open)
	const context = {
		toolNames: call.toolNames,
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
		notes: call.notes,
	})
}
