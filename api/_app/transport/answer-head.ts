import { maxHeaderSize } from 'node:http'
import { forbiddenInValue, headerName, sliceTrimmed } from '../header-text.ts'

/** The answer breaks the rules of HTTP/1.1, or exceeds our bounds. */
export class AnswerFault extends Error {
	readonly code = 'ERR_BAD_ANSWER'

	constructor(what: string) {
		super(`the answer is not proper HTTP/1.1: ${what}`)
	}
}

/** Bytes of a head at most, as in node:http: --max-http-header-size. */
export const mostHeadBytes = maxHeaderSize

/** What the head of an answer says. */
export interface AnswerHead {
	status: number
	headers: Record<string, string>
	/** Where the body ends: there is none, after `length` bytes, with the last chunk, or with the connection. */
	body: 'none' | 'length' | 'chunks' | 'rest'
	length: number
	/** Another request may go over the connection afterwards. */
	keepsAlive: boolean
	/** How long the server keeps an idle connection, ms, where it says so. */
	idleMs: number | undefined
}

const statusLine = /^HTTP\/1\.([01]) ([1-9]\d\d)(?: [\t\x20-\x7e\x80-\xff]*)?$/

/**
 * Reads the head of an answer, without the blank line at its end.
 * @throws AnswerFault
 */
export function readAnswerHead(text: string): AnswerHead {
	const firstEnd = text.indexOf('\r\n')
	const first = statusLine.exec(firstEnd === -1 ? text : text.slice(0, firstEnd))
	if (!first) throw new AnswerFault('it does not begin with a status')
	const status = Number(first[2])
	const headers = firstEnd === -1 ? {} : readHeaders(text, firstEnd + 2)
	const length = readLength(headers)
	const body = findBody(status, headers, length)
	return { status, headers, body, length: length ?? 0, ...readConnection(first[1] === '1', body, headers) }
}

/** Of these the first counts, as in node:http; others are put together. */
const onlyOnce: ReadonlySet<string> = new Set([
	...['age', 'authorization', 'content-type', 'etag', 'expires', 'from', 'host', 'if-modified-since'],
	...['if-unmodified-since', 'last-modified', 'location', 'max-forwards', 'proxy-authorization', 'referer'],
	...['retry-after', 'server', 'user-agent'],
])

function readHeaders(text: string, begin: number): Record<string, string> {
	const headers: Record<string, string> = {}
	for (let at = begin; at < text.length; ) {
		const found = text.indexOf('\r\n', at)
		const end = found === -1 ? text.length : found
		const colon = text.indexOf(':', at)
		const name = colon === -1 || colon > end ? '' : text.slice(at, colon).toLowerCase()
		if (!headerName.test(name)) throw new AnswerFault('one of its headers has no proper name')
		const value = sliceTrimmed(text, colon + 1, end)
		if (forbiddenInValue.test(value)) throw new AnswerFault('one of its headers has control characters')
		if (!Object.hasOwn(headers, name)) headers[name] = value
		else if (name === 'content-length') throw new AnswerFault('it tells its length twice')
		else if (!onlyOnce.has(name)) headers[name] += `, ${value}`
		at = end + 2
	}
	return headers
}

function readLength({ 'content-length': length }: AnswerHead['headers']): number | undefined {
	if (length === undefined) return undefined
	if (!/^\d{1,15}$/.test(length)) throw new AnswerFault('its length is not a number')
	return Number(length)
}

/** https://www.rfc-editor.org/rfc/rfc9112#section-6.3 */
function findBody(
	status: number,
	{ 'transfer-encoding': coding }: AnswerHead['headers'],
	length: number | undefined,
): AnswerHead['body'] {
	if (coding !== undefined && length !== undefined) throw new AnswerFault('it tells its length twice')
	if (status < 200 || status === 204 || status === 304) return 'none'
	if (coding !== undefined) return /(?:^|,)[\t ]*chunked$/i.test(coding) ? 'chunks' : 'rest'
	if (length === undefined) return 'rest'
	return length === 0 ? 'none' : 'length'
}

/** https://www.rfc-editor.org/rfc/rfc9112#section-9.3 */
function readConnection(
	isModern: boolean,
	body: AnswerHead['body'],
	headers: AnswerHead['headers'],
): Pick<AnswerHead, 'keepsAlive' | 'idleMs'> {
	const { connection = '', 'keep-alive': hint, 'content-length': length } = headers
	const says = (word: RegExp) => connection !== '' && word.test(connection)
	const keeps =
		!says(/(?:^|,)[\t ]*close[\t ]*(?:,|$)/i) && (isModern || says(/(?:^|,)[\t ]*keep-alive[\t ]*(?:,|$)/i))
	// An answer that may not have a body and tells of one may bring it all the same, as if it were the next answer.
	const isDoubtful =
		body === 'none' && ((length ?? '0') !== '0' || headers['transfer-encoding'] !== undefined)
	const seconds = hint === undefined ? undefined : /(?:^|[,\t ])timeout=(\d{1,9})/i.exec(hint)?.[1]
	return {
		keepsAlive: keeps && body !== 'rest' && !isDoubtful,
		idleMs: seconds === undefined ? undefined : Number(seconds) * 1000,
	}
}
