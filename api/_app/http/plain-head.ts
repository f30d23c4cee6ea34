import { maxHeaderSize } from 'node:http'
import { forbiddenInValue, headerName, sliceTrimmed } from '../header-text.ts'

/** What the head of a plain request says. */
export interface PlainHead {
	method: 'GET' | 'POST'
	path: string
	/** Without `?`. */
	query: string
	/** Lower-case names. */
	headers: Record<string, string>
	/** Of the body, in bytes. */
	length: number
	/** Another request may follow over the connection. */
	keepsAlive: boolean
}

/** Bytes of a head at most, as in node:http: --max-http-header-size. */
const mostBytes = maxHeaderSize

/** Of more than these node:http loses some. */
const mostHeaders = 1000

const blankLine = Buffer.from('\r\n\r\n')
const requestLine = /^(GET|POST) (\/[!-~]*) HTTP\/1\.1$/

/** These change how a request is to be read or answered. */
const special: ReadonlySet<string> = new Set([
	...['transfer-encoding', 'expect', 'upgrade', 'te', 'trailer', 'http2-settings'],
	...['keep-alive', 'proxy-connection'],
])

/**
 * Where the head of a request ends that begins these bytes, its blank line included. -1 where it does not end in them, or is
 * too long.
 */
export function findHeadEnd(bytes: Buffer): number {
	const found = bytes.indexOf(blankLine)
	return found === -1 || found > mostBytes ? -1 : found + blankLine.length
}

/**
 * Reads the head of a request as nearly all clients send it: HTTP/1.1, GET or POST, each header once, a length where there is
 * a body. Undefined for any other, proper or not: node:http knows what to do with those, and what to answer.
 * https://www.rfc-editor.org/rfc/rfc9112
 * @param text with the blank line at its end
 */
export function readPlainHead(text: string): PlainHead | undefined {
	const firstEnd = text.indexOf('\r\n')
	const first = requestLine.exec(text.slice(0, firstEnd))
	if (!first) return undefined
	const headers = readHeaders(text, firstEnd + 2)
	if (headers?.host === undefined) return undefined
	const { 'content-length': declared = '0', connection } = headers
	const length = readLength(declared)
	const keepsAlive = readConnection(connection)
	if (length === undefined || keepsAlive === undefined) return undefined
	const url = first[2] as string
	const mark = url.indexOf('?')
	return {
		method: first[1] as PlainHead['method'],
		path: mark === -1 ? url : url.slice(0, mark),
		query: mark === -1 ? '' : url.slice(mark + 1),
		...{ headers, length, keepsAlive },
	}
}

function readHeaders(text: string, begin: number): Record<string, string> | undefined {
	const headers: Record<string, string> = {}
	const end = text.length - 2
	let count = 0
	for (let at = begin; at < end; ) {
		if (++count > mostHeaders) return undefined
		const lineEnd = text.indexOf('\r\n', at)
		const colon = text.indexOf(':', at)
		if (colon === -1 || colon > lineEnd) return undefined
		const name = readName(text.slice(at, colon))
		const value = sliceTrimmed(text, colon + 1, lineEnd)
		if (name === undefined || name in headers || special.has(name) || forbiddenInValue.test(value))
			return undefined
		headers[name] = value
		at = lineEnd + 2
	}
	return headers
}

/** Clients send the same few names in the same spelling. */
const knownNames = new Map<string, string>()
const mostNames = 200

/** In lower case; undefined for what is no name. */
function readName(written: string): string | undefined {
	const known = knownNames.get(written)
	if (known !== undefined) return known
	const name = written.toLowerCase()
	if (!headerName.test(name)) return undefined
	if (written.length < 50) remember(written, name)
	return name
}

function remember(written: string, name: string): void {
	// Whoever fills it up with names of his own slows nobody down for longer than that.
	if (knownNames.size >= mostNames) knownNames.clear()
	// A part of a text keeps all of it, keys included.
	knownNames.set(copyText(written), copyText(name))
}

const copyText = (text: string) => Buffer.from(text, 'latin1').toString('latin1')

const readLength = (text: string) => (/^\d{1,15}$/.test(text) ? Number(text) : undefined)

function readConnection(text: string | undefined): boolean | undefined {
	if (text === undefined || text === 'keep-alive') return true
	const says = text.toLowerCase()
	if (says === 'keep-alive') return true
	return says === 'close' ? false : undefined
}
