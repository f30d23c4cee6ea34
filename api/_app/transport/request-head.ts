import type { Socket } from 'node:net'
import type { OutgoingRequest } from '../../../core/upstreams/contract.ts'
import { forbiddenInValue, headerName } from '../header-text.ts'
import { giveBack, holdForWrite } from '../memory/give-back.ts'
import type { Place } from './outgoing-request.ts'

/** Of the connection, not of the request: whoever sets one of them wants what node:http makes of it. */
const ofConnection: ReadonlySet<string> = new Set([
	...['host', 'connection', 'keep-alive', 'proxy-connection'],
	...['te', 'trailer', 'transfer-encoding', 'upgrade', 'expect'],
])
const own: ReadonlySet<string> = new Set(['accept-encoding', 'content-length'])

/**
 * The head of a request as node:http would write it. Undefined for one that only node:http knows how to: with names in
 * capitals, of which two may be the same, with a header of the connection, with a password in its URL.
 */
export function writeHead({ method, headers, body }: OutgoingRequest, place: Place): string | undefined {
	const { protocol, path, auth } = place.options
	if (auth !== undefined || (protocol !== 'http:' && protocol !== 'https:')) return undefined
	let head = `${method} ${path} HTTP/1.1\r\nhost: ${place.host}\r\n`
	for (const name in headers) {
		const value = headers[name]
		if (value === undefined || own.has(name)) continue
		if (ofConnection.has(name) || !headerName.test(name) || forbiddenInValue.test(value)) return undefined
		head += `${name}: ${value}\r\n`
	}
	head += 'accept-encoding: identity\r\n'
	if (method !== 'GET' || body !== undefined) head += `content-length: ${Buffer.byteLength(body ?? '')}\r\n`
	return `${head}Connection: keep-alive\r\n\r\n`
}

/** Bytes up to this many leave as a string, in one piece with the head. */
const smallBody = 8 * 1024

/** Sends it in one write, or two pieces at once: a socket that does not stand yet keeps them. */
export function sendRequest(socket: Socket, head: string, body: OutgoingRequest['body']): void {
	if (body === undefined || body.length === 0) return void socket.write(head, 'latin1')
	// What has as many bytes as characters is ASCII.
	if (typeof body === 'string' && Buffer.byteLength(body) === body.length)
		return void socket.write(head + body, 'latin1')
	const bytes =
		typeof body === 'string' ? Buffer.from(body) : Buffer.from(body.buffer, body.byteOffset, body.length)
	if (bytes.length <= smallBody) return void socket.write(head + bytes.toString('latin1'), 'latin1')
	socket.cork()
	socket.write(head, 'latin1')
	// A text's bytes are ours alone.
	socket.write(bytes, typeof body === 'string' ? () => giveBack(bytes) : holdForWrite(bytes))
	socket.uncork()
}
