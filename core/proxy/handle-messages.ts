import type { Snapshot, UpstreamSnapshot } from '../config/snapshot.ts'
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
	findCurrentUpstream,
	type PassedCall,
	type PreparedCall,
	prepareCall,
} from './prepare.ts'
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
		const createReader = prepareAnswer(services, incoming, call, client)
		await tryKeys({ services, incoming, snapshot, upstream, call, client, createReader, draft })
	} catch (error) {
		const known =
			error instanceof ProxyError ? error : new ProxyError(500, 'the proxy failed on this request')
		draft.refuse(known.status, error instanceof Error ? error.message : String(error))
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
	const adapter = services.findAdapter(upstream.type)
	if (!adapter)
		throw new ProxyError(400, `upstream "${upstream.name}" has the unknown type "${upstream.type}"`)
	const call = prepareCall(incoming, upstream, adapter)
	draft.call(call)
	return call
}

/** Sets up the way from upstream to client; the reader it returns is made anew for each attempt. */
function prepareAnswer(
	services: ProxyServices,
	incoming: ProxyRequest,
	call: PreparedCall,
	client: ClientAnswer,
): CreateAnswerReader {
	const headers = { 'request-id': incoming.requestId }
	return call.mode === 'convert'
		? prepareConvertedAnswer(services, incoming, call, client, headers)
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
	incoming: ProxyRequest,
	call: ConvertedCall,
	client: ClientAnswer,
	headers: Record<string, string>,
): CreateAnswerReader {
	const message = {
		messageId: services.random.id('msg'),
		model: call.model,
		inputTokens: estimateInputTokens(call.request, incoming.body.length),
	}
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
