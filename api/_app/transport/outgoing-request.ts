import type { ClientRequest, RequestOptions } from 'node:http'
import { isIP } from 'node:net'
import { urlToHttpOptions } from 'node:url'
import type { OutgoingRequest } from '../../../core/upstreams/contract.ts'

/** Where requests go, as node:http wants to be told. */
export interface Place {
	url: URL
	secure: boolean
	host: string
	options: RequestOptions & { servername: string }
}

/** A process talks to few URLs; with models in their paths they are some dozens. */
const mostPlaces = 200
const places = new Map<string, Place>()

/** Reading a URL anew for each request would cost as much as sending it. Undefined when it is none. */
export function readPlace(text: string): Place | undefined {
	const known = places.get(text)
	if (known) return known
	const url = URL.parse(text)
	if (!url) return undefined
	const { protocol, hostname, port, path, auth } = urlToHttpOptions(url)
	// What Node would work out for each request: https://www.rfc-editor.org/rfc/rfc6066#section-3
	const servername = hostname && isIP(hostname) === 0 ? hostname : ''
	const options = { protocol, hostname, port, path, servername, ...(auth && { auth }) }
	const place = { url, secure: protocol === 'https:', host: url.host, options }
	if (places.size >= mostPlaces) places.clear()
	places.set(text, place)
	return place
}

/** Bytes up to this many leave as a string, in one piece with the head; a longer text is encoded once. */
const smallBody = 8 * 1024

interface OutgoingBody {
	data: string | Uint8Array
	encoding: BufferEncoding
}

/**
 * What node:http is told. Headers go as a list where that means the same: Node then writes them down as they are, and
 * keeps no second copy of each. It adds neither host nor credentials of its own to a list, and no header of a proxy's.
 */
export function describeRequest(
	{ method, headers, body: content }: OutgoingRequest,
	place: Place,
	isDirect: boolean,
): { options: RequestOptions; body: OutgoingBody | undefined } {
	const length = content === undefined ? undefined : Buffer.byteLength(content)
	const body = content === undefined ? undefined : toBody(content, length ?? 0)
	const { servername, ...plain } = place.options
	const own = {
		'accept-encoding': 'identity',
		...(length !== undefined && { 'content-length': String(length) }),
	}
	const list = isDirect && plain.auth === undefined ? listHeaders(headers, place.host, own) : undefined
	if (!list) return { options: { ...plain, method, headers: { ...headers, ...own } }, body }
	return { options: { ...place.options, method, headers: list }, body }
}

/** Undefined when two names may differ in case only: of those the last one counts, which a list does not know. */
function listHeaders(
	headers: OutgoingRequest['headers'],
	host: string,
	own: Readonly<Record<string, string>>,
): string[] | undefined {
	const list = ['host', host]
	for (const name in headers) {
		if (name === 'host' || name !== name.toLowerCase()) return undefined
		const value = headers[name]
		if (!Object.hasOwn(own, name) && value !== undefined) list.push(name, value)
	}
	for (const name in own) list.push(name, own[name] as string)
	return list
}

function toBody(content: string | Uint8Array, length: number): OutgoingBody {
	if (typeof content === 'string') {
		// What has as many bytes as characters is ASCII.
		if (content.length === length) return { data: content, encoding: 'latin1' }
		return { data: length > smallBody ? Buffer.from(content) : content, encoding: 'utf8' }
	}
	if (length > smallBody) return { data: content, encoding: 'utf8' }
	const bytes = Buffer.from(content.buffer, content.byteOffset, content.length)
	return { data: bytes.toString('latin1'), encoding: 'latin1' }
}

/** Ends the request once its body has left: a request that still holds something costs one more, empty write. */
export function sendBody(request: ClientRequest, body: OutgoingBody | undefined): void {
	if (body === undefined || body.data.length === 0) return void request.end()
	request.write(body.data, body.encoding)
	request.once('socket', () => process.nextTick(endRequest, request))
}

const endRequest = (request: ClientRequest) => void request.end()
