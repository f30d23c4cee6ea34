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

/** What node:http is told. */
export function describeRequest({ method, headers, body }: OutgoingRequest, place: Place): RequestOptions {
	const { servername: _, ...plain } = place.options
	const own = {
		'accept-encoding': 'identity',
		...(body !== undefined && { 'content-length': String(Buffer.byteLength(body)) }),
	}
	return { ...plain, method, headers: { ...headers, ...own } }
}

/** Bytes, since node:http writes the head of a text body in the text's encoding. */
export function sendBody(request: ClientRequest, body: OutgoingRequest['body']): void {
	if (body === undefined) return void request.end()
	const bytes = typeof body === 'string' ? Buffer.from(body) : body
	request.end(bytes, holdForWrite(bytes))
}
