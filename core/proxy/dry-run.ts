import type { LearnedFact } from '../config/learned-facts.ts'
import { hidden, redactUrl } from '../config/redact.ts'
import type { UpstreamSnapshot } from '../config/snapshot.ts'
import { maskInText, maskKey } from '../keys/mask.ts'
import { isUsable } from '../keys/strategy.ts'
import type { Note } from '../messages/notes.ts'
import type { HeaderMap, OutgoingRequest, UpstreamAdapter } from '../upstreams/contract.ts'
import { describeAsCurl, keyVariable, type ShownRequest } from './curl.ts'
import { findCurrentAdapter, type PreparedCall, prepareCall } from './prepare.ts'

/** What a request becomes for an upstream, without being sent. */
export interface DryRun {
	/** As the client asked, and as asked of the upstream. */
	model: string
	upstreamModel: string
	stream: boolean
	/** Byte for byte what would be sent, but for secrets in URL and headers. */
	request: ShownRequest & { body: string }
	notes: Note[]
	/** A command for a POSIX shell; `$UPSTREAM_KEY` stands for the key. */
	curl: string
}

export interface DryRunInput {
	findAdapter(type: string): UpstreamAdapter | undefined
	/** A key need not exist: it is only asked for its looks, by which some types choose their header. */
	upstream: UpstreamSnapshot
	/** The Messages request: its bytes, or JSON to be written out. */
	request: unknown
	/** The client's headers and query: pass-through types forward some. */
	headers?: HeaderMap
	query?: string
	/** What the upstream's refusals taught about a model. */
	factsOf?: (model: string) => readonly LearnedFact[]
	/** The key that would be used; the first usable one unless told. */
	keyId?: string | undefined
}

/**
 * Converts a request as the proxy would, and sends nothing. Pure.
 * @throws ProxyError 400 as the proxy would answer
 */
export function dryRunRequest(input: DryRunInput): DryRun {
	const { upstream, keyId } = input
	const adapter = findCurrentAdapter(input.findAdapter, upstream)
	const call = prepareCall(toIncoming(input), upstream, adapter, input.factsOf)
	const key = upstream.keys.find(one => (keyId === undefined ? isUsable(one) : one.id === keyId))
	const secret = key?.secret ?? ''
	const body = maskInText(textOf(call.outgoing.body), secret.length < 8 ? '' : secret)
	const shown = { ...showOutgoing(adapter, call, upstream, secret, maskKey(secret)), body }
	const pasted = { ...showOutgoing(adapter, call, upstream, secret, `$${keyVariable}`), body }
	return {
		...{ model: call.model, upstreamModel: call.upstreamModel, stream: call.stream },
		request: shown,
		notes: [...call.notes],
		curl: describeAsCurl(pasted, call.stream),
	}
}

const encoder = new TextEncoder()

function toIncoming({ request, headers = {}, query = '' }: DryRunInput) {
	const body = request instanceof Uint8Array ? request : encoder.encode(JSON.stringify(request))
	const signal = new AbortController().signal
	return { method: 'POST', path: '/v1/messages', query, headers, body, signal }
}

/** Of a key that is not there, only its place is known. */
const absentKey = 'absent-key'

function showOutgoing(
	adapter: UpstreamAdapter,
	{ outgoing }: PreparedCall,
	upstream: UpstreamSnapshot,
	secret: string,
	shownAs: string,
): ShownRequest {
	const used = secret === '' ? absentKey : secret
	const auth = Object.entries(adapter.authHeaders(used, upstream)).map(([name, value]): [string, string] => [
		name,
		value.replaceAll(used, shownAs),
	])
	const extra = Object.keys(upstream.extraHeaders).map((name): [string, string] => [name, hidden])
	return {
		method: outgoing.method,
		url: redactUrl(outgoing.url),
		headers: { ...outgoing.headers, ...Object.fromEntries(auth), ...Object.fromEntries(extra) },
	}
}

function textOf(body: OutgoingRequest['body']): string {
	if (body === undefined || typeof body === 'string') return body ?? ''
	return new TextDecoder().decode(body)
}
