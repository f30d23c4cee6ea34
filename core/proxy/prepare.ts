import { mapModel } from '../config/model-map.ts'
import type { Snapshot, UpstreamSnapshot } from '../config/snapshot.ts'
import { isUsable } from '../keys/strategy.ts'
import type { Note } from '../messages/notes.ts'
import { type MessageRequest, messageRequestSchema } from '../messages/request.ts'
import { describeIssues } from '../messages/request-issues.ts'
import { type Member, parse, scanObject } from '../messages/scan.ts'
import type { IncomingMessage } from '../ports.ts'
import {
	type ConvertingAdapter,
	type OutgoingRequest,
	type PassThroughAdapter,
	RequestRefused,
	type UpstreamAdapter,
} from '../upstreams/contract.ts'
import { ProxyError } from './errors.ts'

interface PreparedBase {
	outgoing: OutgoingRequest
	notes: Note[]
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

/**
 * Reads the client's request and builds the upstream's.
 * @throws ProxyError 400 that names the field at fault
 */
export function prepareCall(
	incoming: IncomingMessage,
	upstream: UpstreamSnapshot,
	adapter: UpstreamAdapter,
): PreparedCall {
	try {
		return adapter.mode === 'convert'
			? prepareConverted(incoming, upstream, adapter)
			: preparePassed(incoming, upstream, adapter)
	} catch (error) {
		if (!(error instanceof RequestRefused)) throw error
		throw new ProxyError(400, `${error.field}: ${error.message}`, { details: error.details })
	}
}

function prepareConverted(
	incoming: IncomingMessage,
	upstream: UpstreamSnapshot,
	adapter: ConvertingAdapter,
): ConvertedCall {
	const request = readRequest(incoming.body)
	const stream = request.stream === true
	const model = mapModel(request.model, upstream.modelMap)
	const converted = adapter.buildRequest({ request, model, target: upstream, stream })
	return {
		mode: 'convert',
		adapter,
		request,
		model: request.model,
		upstreamModel: model,
		stream,
		...converted,
	}
}

/** The request, validated whole. @throws ProxyError 400 */
function readRequest(body: Uint8Array): MessageRequest {
	const result = messageRequestSchema.safeParse(parseBody(body))
	if (!result.success) throw new ProxyError(400, describeIssues(result.error))
	return result.data
}

function parseBody(body: Uint8Array): unknown {
	try {
		return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body))
	} catch (error) {
		throw new ProxyError(400, `the request body is not valid JSON${describePosition(error)}`)
	}
}

/** Where the JSON went wrong; the parser's own words would quote the body. */
function describePosition(error: unknown): string {
	if (!(error instanceof SyntaxError)) return ': it is not UTF-8'
	const position = /at position (\d+)/.exec(error.message)?.[1]
	return position === undefined ? ': it ends too early or begins wrongly' : `: see position ${position}`
}

function preparePassed(
	incoming: IncomingMessage,
	upstream: UpstreamSnapshot,
	adapter: PassThroughAdapter,
): PassedCall {
	const { body, headers, query } = incoming
	const members = scanObject(body)
	if (!members) {
		parseBody(body)
		throw new ProxyError(400, 'the request body must be a JSON object')
	}
	checkMembers(members)
	const model = readModel(body, members)
	const upstreamModel = mapModel(model, upstream.modelMap)
	const renamed = upstreamModel === model ? {} : { model: upstreamModel }
	const built = adapter.buildRequest({ body, members, headers, query, target: upstream, ...renamed })
	const stream = members.get('stream')?.kind === 'true'
	return { mode: 'pass-through', adapter, model, upstreamModel, stream, ...built }
}

/** What any Messages request has; the rest of a pass-through request is for its upstream to judge. */
function checkMembers(members: ReadonlyMap<string, Member>): void {
	const expected = [
		['model', 'string', 'a string'],
		['messages', 'array', 'a list'],
		['max_tokens', 'number', 'a number'],
	] as const
	for (const [name, kind, words] of expected) {
		const member = members.get(name)
		if (!member) throw new ProxyError(400, `${name}: Field required`)
		if (member.kind !== kind) throw new ProxyError(400, `${name}: Input should be ${words}`)
	}
	const stream = members.get('stream')?.kind
	if (stream === undefined || stream === 'true' || stream === 'false' || stream === 'null') return
	throw new ProxyError(400, 'stream: Input should be a boolean')
}

function readModel(body: Uint8Array, members: ReadonlyMap<string, Member>): string {
	const member = members.get('model')
	const model = member && parse(body, member.start, member.end)
	if (typeof model !== 'string' || model === '')
		throw new ProxyError(400, 'model: Input should be a non-empty string')
	return model
}
