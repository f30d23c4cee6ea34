import type { ClientRequest, RequestOptions } from 'node:http'
import { isIP } from 'node:net'
import { urlToHttpOptions } from 'node:url'
import type { OutgoingRequest } from '../../../core/upstreams/contract.ts'
import { holdForWrite } from '../memory/give-back.ts'

/** Where requests go, as node:http and node:tls want to be told. */
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

/** What node:http is told. */
export function describeRequest(
	{ method, headers, body: content }: OutgoingRequest,
	place: Place,
): { options: RequestOptions; body: OutgoingBody | undefined } {
	const length = content === undefined ? undefined : Buffer.byteLength(content)
	const body = content === undefined ? undefined : toBody(content, length ?? 0)
	const { servername: _, ...plain } = place.options
	const own = {
		'accept-encoding': 'identity',
		...(length !== undefined && { 'content-length': String(length) }),
	}
	return { options: { ...plain, method, headers: { ...headers, ...own } }, body }
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
	const { data, encoding } = body
	request.write(data, encoding, typeof data === 'string' ? undefined : holdForWrite(data))
	request.once('socket', () => process.nextTick(endRequest, request))
}

const endRequest = (request: ClientRequest) => void request.end()
