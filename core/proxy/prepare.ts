import type { LearnedFact } from '../config/learned-facts.ts'
import { mapModel } from '../config/model-map.ts'
import type { Snapshot, UpstreamSnapshot } from '../config/snapshot.ts'
import { isUsable } from '../keys/strategy.ts'
import type { Note } from '../messages/notes.ts'
import type { MessageRequest } from '../messages/request.ts'
import type { Member } from '../messages/scan.ts'
import type { IncomingMessage } from '../ports.ts'
import {
	type ConvertingAdapter,
	type OutgoingRequest,
	type PassThroughAdapter,
	RequestRefused,
	type UpstreamAdapter,
} from '../upstreams/contract.ts'
import { ProxyError } from './errors.ts'
import { readMessageRequest, scanRequest } from './read-request.ts'

interface PreparedBase {
	outgoing: OutgoingRequest
	notes: Note[]
	/** What the outgoing request respects: remembered of the model, or learned by this request. */
	facts: readonly LearnedFact[]
	/** The outgoing request as it would be with other facts. */
	rebuild(facts: readonly LearnedFact[]): { outgoing: OutgoingRequest; notes: Note[] }
	/** As the client asked, and as sent upstream. */
	model: string
	upstreamModel: string
	stream: boolean
}

export interface ConvertedCall extends PreparedBase {
	mode: 'convert'
	adapter: ConvertingAdapter
	request: MessageRequest
	toolNames: ReadonlyMap<string, string>
}

export interface PassedCall extends PreparedBase {
	mode: 'pass-through'
	adapter: PassThroughAdapter
}

/** A request read, checked and converted once; it is sent with as many keys as it takes. */
export type PreparedCall = ConvertedCall | PassedCall

/** The upstream that answers; a 503 that says what to do when there is none. */
export function findCurrentUpstream(snapshot: Snapshot): UpstreamSnapshot {
	const upstream = snapshot.upstreams.find(({ id }) => id === snapshot.currentUpstreamId)
	if (!upstream) {
		const remedy =
			snapshot.upstreams.length === 0
				? 'no upstream is configured: add one in the admin or with `npm run config -- add <name> <type> <url>`'
				: 'no upstream is current: choose one in the admin or with `npm run config -- use <name>`'
		throw new ProxyError(503, remedy)
	}
	if (!upstream.enabled) throw new ProxyError(503, `the current upstream "${upstream.name}" is switched off`)
	if (!upstream.keys.some(isUsable)) {
		const unreadable = upstream.keys.some(key => key.enabled && key.secret === undefined)
		const remedy = unreadable
			? 'its keys cannot be opened with this ENCRYPTION_KEY'
			: `add one with \`npm run config -- key ${upstream.name} add <key>\``
		throw new ProxyError(503, `the current upstream "${upstream.name}" has no usable key: ${remedy}`)
	}
	return upstream
}

/** @throws ProxyError 400 when this version does not know the upstream's type */
export function findCurrentAdapter(
	findAdapter: (type: string) => UpstreamAdapter | undefined,
	{ name, type }: UpstreamSnapshot,
): UpstreamAdapter {
	const adapter = findAdapter(type)
	if (!adapter) throw new ProxyError(400, `upstream "${name}" has the unknown type "${type}"`)
	return adapter
}

type FactsOfModel = (model: string) => readonly LearnedFact[]

/**
 * Reads the client's request and builds the upstream's.
 * @throws ProxyError 400 that names the field at fault
 */
export function prepareCall(
	incoming: IncomingMessage,
	upstream: UpstreamSnapshot,
	adapter: UpstreamAdapter,
	factsOf: FactsOfModel = () => [],
): PreparedCall {
	try {
		return adapter.mode === 'convert'
			? prepareConverted(incoming, upstream, adapter, factsOf)
			: preparePassed(incoming, upstream, adapter, factsOf)
	} catch (error) {
		if (!(error instanceof RequestRefused)) throw error
		throw new ProxyError(400, `${error.field}: ${error.message}`, { details: error.details })
	}
}

function prepareConverted(
	incoming: IncomingMessage,
	upstream: UpstreamSnapshot,
	adapter: ConvertingAdapter,
	factsOf: FactsOfModel,
): ConvertedCall {
	const request = readMessageRequest(incoming.body)
	const stream = request.stream === true
	const model = mapModel(request.model, upstream.modelMap)
	const facts = factsOf(model)
	const rebuild = (respected: readonly LearnedFact[]) =>
		adapter.buildRequest({ request, model, target: upstream, stream, facts: respected })
	return {
		mode: 'convert',
		adapter,
		request,
		model: request.model,
		upstreamModel: model,
		stream,
		facts,
		rebuild,
		...rebuild(facts),
	}
}

function preparePassed(
	incoming: IncomingMessage,
	upstream: UpstreamSnapshot,
	adapter: PassThroughAdapter,
	factsOf: FactsOfModel,
): PassedCall {
	const { body, headers, query } = incoming
	const { members, model } = scanRequest(body, ['model', 'messages', 'max_tokens'])
	checkStream(members)
	const upstreamModel = mapModel(model, upstream.modelMap)
	const renamed = upstreamModel === model ? {} : { model: upstreamModel }
	const facts = factsOf(upstreamModel)
	const rebuild = (respected: readonly LearnedFact[]) =>
		adapter.buildRequest({ body, members, headers, query, target: upstream, ...renamed, facts: respected })
	const stream = members.get('stream')?.kind === 'true'
	return {
		...{ mode: 'pass-through', adapter, model, upstreamModel, stream },
		...{ facts, rebuild },
		...rebuild(facts),
	}
}

function checkStream(members: ReadonlyMap<string, Member>): void {
	const stream = members.get('stream')?.kind
	if (stream === undefined || stream === 'true' || stream === 'false' || stream === 'null') return
	throw new ProxyError(400, 'stream: Input should be a boolean')
}
