import type { LearnedFact } from '../config/learned-facts.ts'
import { mapModel } from '../config/model-map.ts'
import type { Snapshot, UpstreamSnapshot } from '../config/snapshot.ts'
import { type CountTokensRequest, countTokensRequestSchema } from '../messages/request.ts'
import { applyCalibration } from '../messages/token-calibration.ts'
import { estimateInputTokens } from '../messages/token-estimate.ts'
import {
	type ConvertingAdapter,
	type OutgoingRequest,
	type PassThroughAdapter,
	RequestRefused,
} from '../upstreams/contract.ts'
import { answerRefusal, ProxyError } from './errors.ts'
import { findCurrentAdapter, findCurrentUpstream } from './prepare.ts'
import { callQuietly, type QuietAnswer, type QuietResult, readJson } from './quiet-call.ts'
import { parseBody, readRequest, scanRequest } from './read-request.ts'
import type { ProxyRequest, ProxyServices } from './request-scope.ts'

/** A whole answer; undefined where the client left before there was one. */
export interface SmallAnswer {
	status: number
	headers: Record<string, string>
	body: string | Uint8Array
}

/** Longest that an upstream may take to count: an estimate at once serves better than a count too late. */
const patienceMs = 10_000

interface Counting {
	services: ProxyServices
	incoming: ProxyRequest
	snapshot: Snapshot
	upstream: UpstreamSnapshot
}

/**
 * Answers `POST /v1/messages/count_tokens`: by the upstream's own counter where it has one that answers, else by an
 * estimate in the model's own tokens. Never changes what is known of a key.
 * @throws ProxyError for what is wrong with the request, or with the configuration
 */
export async function countTokens(
	services: ProxyServices,
	incoming: ProxyRequest,
	snapshot: Snapshot,
): Promise<SmallAnswer | undefined> {
	const upstream = findCurrentUpstream(snapshot)
	const adapter = findCurrentAdapter(services.findAdapter, upstream)
	const counting = { services, incoming, snapshot, upstream }
	return adapter.mode === 'convert' ? countConverted(counting, adapter) : countPassed(counting, adapter)
}

async function countConverted(
	counting: Counting,
	adapter: ConvertingAdapter,
): Promise<SmallAnswer | undefined> {
	const { incoming, upstream } = counting
	const request = readRequest(incoming.body, countTokensRequestSchema)
	const model = mapModel(request.model, upstream.modelMap)
	const outgoing = buildCount(adapter, request, model, upstream)
	if (outgoing === undefined) return estimate(counting, request, model)
	const result = await call(counting, adapter, outgoing, model)
	if (result.kind === 'cancelled') return undefined
	const tokens =
		result.kind === 'answered' ? adapter.countTokens?.readResponse(readJson(result.answer)) : undefined
	return tokens === undefined ? estimate(counting, request, model) : answer(tokens, 'upstream')
}

/** What the upstream could not be asked is still of some size. */
function buildCount(
	adapter: ConvertingAdapter,
	request: CountTokensRequest,
	model: string,
	target: UpstreamSnapshot,
): OutgoingRequest | undefined {
	try {
		return adapter.countTokens?.buildRequest({ request, model, target })
	} catch (error) {
		if (error instanceof RequestRefused) return undefined
		throw error
	}
}

async function countPassed(
	counting: Counting,
	adapter: PassThroughAdapter,
): Promise<SmallAnswer | undefined> {
	const { services, incoming, upstream } = counting
	const { body, headers, query } = incoming
	const { members, model } = scanRequest(body, ['model', 'messages'])
	const upstreamModel = mapModel(model, upstream.modelMap)
	const renamed = upstreamModel === model ? {} : { model: upstreamModel }
	const input = { body, members, headers, query, target: upstream, ...renamed, endpoint } as const
	const ask = async (facts: readonly LearnedFact[]) => {
		const { outgoing } = adapter.buildRequest({ ...input, facts })
		return { outgoing, result: await call(counting, adapter, outgoing, upstreamModel) }
	}
	const facts = services.learnedFacts.of(upstream.id, upstreamModel)
	const { outgoing, result: first } = await ask(facts)
	const lessons = first.kind === 'failed' ? (adapter.learn?.(first.failure, outgoing) ?? []) : []
	const again = lessons.length > 0 ? await ask([...facts, ...lessons.map(({ fact }) => fact)]) : undefined
	return answerPassed(counting, again?.result ?? first, upstreamModel)
}

const endpoint = 'count_tokens'

async function answerPassed(
	counting: Counting,
	result: QuietResult,
	model: string,
): Promise<SmallAnswer | undefined> {
	const { body, requestId } = counting.incoming
	if (result.kind === 'cancelled') return undefined
	if (result.kind === 'answered' && isCount(readJson(result.answer))) {
		return { status: 200, headers: passHeaders(result.answer), body: result.answer.body }
	}
	if (result.kind === 'failed' && isAboutRequest(result)) {
		const refusal = answerRefusal(result.failure, result.secret, requestId)
		return { status: refusal.status, headers: jsonHeaders, body: JSON.stringify(refusal.body) }
	}
	return estimate(counting, parseBody(body), model)
}

/** Relays without a counter answer 404, and some a 400 that says which endpoint is missing. */
function isAboutRequest({ failure }: Extract<QuietResult, { kind: 'failed' }>): boolean {
	if (failure.class !== 'client' || (failure.status !== 400 && failure.status !== 413)) return false
	return !/count[_ -]?tokens|token[_ -]?count/i.test(failure.message)
}

function call(
	{ services, incoming, snapshot, upstream }: Counting,
	adapter: ConvertingAdapter | PassThroughAdapter,
	outgoing: OutgoingRequest,
	model: string,
): Promise<QuietResult> {
	const deadline = services.clock.elapsed() + patienceMs
	const { signal } = incoming
	return callQuietly({ services, snapshot, upstream, adapter, outgoing, model, deadline, signal })
}

async function estimate(
	{ services, upstream }: Counting,
	request: unknown,
	model: string,
): Promise<SmallAnswer> {
	if (typeof request !== 'object' || request === null)
		throw new ProxyError(400, 'body: Input should be an object')
	await services.tokenRates.ready()
	const factor = services.tokenRates.factor(upstream.id, model)
	return answer(applyCalibration(estimateInputTokens(request), factor), 'estimate')
}

const jsonHeaders = { 'content-type': 'application/json' }

/** Tells a count from an estimate. */
const sourceHeader = 'x-claude-proxy-token-count'

function answer(tokens: number, source: 'upstream' | 'estimate'): SmallAnswer {
	return {
		status: 200,
		headers: { ...jsonHeaders, [sourceHeader]: source },
		body: JSON.stringify({ input_tokens: tokens }),
	}
}

function passHeaders({ headers }: QuietAnswer): Record<string, string> {
	const passed = Object.entries(headers).filter(([name]) => name.startsWith('anthropic-'))
	const id = headers['request-id']
	return {
		...Object.fromEntries(passed),
		...(id !== undefined && { 'x-upstream-request-id': id }),
		...jsonHeaders,
		[sourceHeader]: 'upstream',
	}
}

function isCount(json: unknown): boolean {
	if (typeof json !== 'object' || json === null || !('input_tokens' in json)) return false
	const { input_tokens: tokens } = json
	return typeof tokens === 'number' && Number.isSafeInteger(tokens) && tokens >= 0
}
