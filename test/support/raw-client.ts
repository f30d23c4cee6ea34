import { once } from 'node:events'
import { connect } from 'node:net'
import { setImmediate } from 'node:timers/promises'

export interface RawAnswer {
	status: number
	/** Lower-case names. */
	headers: Record<string, string>
	body: string
}

/** The text of a request. */
export const get = (path: string, ...lines: string[]) =>
	`${[`GET ${path} HTTP/1.1`, 'Host: a', ...lines].join('\r\n')}\r\n\r\n`

/** The text of a request with a body. */
export const post = (path: string, body: string, ...lines: string[]) =>
	`${[`POST ${path} HTTP/1.1`, 'Host: a', `Content-Length: ${body.length}`, ...lines].join('\r\n')}\r\n\r\n${body}`

/** A client that sends what a test says, byte by byte, and takes what comes. */
export async function openRawClient(port: number) {
	const socket = connect({ port, host: '127.0.0.1', noDelay: true, allowHalfOpen: true })
	await once(socket, 'connect')
	let text = ''
	let isOver = false
	let changed = () => {}
	const finish = () => {
		isOver = true
		changed()
	}
	socket.setEncoding('latin1')
	socket.on('error', () => {})
	socket.on('close', finish).on('end', finish)
	socket.on('data', piece => {
		text += piece
		changed()
	})
	const wait = async (isEnough: () => boolean) => {
		while (!isEnough() && !isOver) {
			await new Promise<void>(resolve => {
				changed = resolve
			})
		}
		return text
	}
	const client = {
		socket,
		/** Sends one piece after the other, each in a packet of its own. */
		async send(...pieces: (string | Uint8Array)[]) {
			for (const piece of pieces) {
				if (piece.length > 0) socket.write(piece as string, 'latin1')
				// The server runs in this process: by then it has read the piece.
				for (let turn = 0; turn < 3; turn++) await setImmediate()
			}
			return client
		},
		/** All that came so far. */
		text: () => text,
		/** All that came, once it contains the text or the server has ended. */
		until: (wanted: string) => wait(() => text.includes(wanted)),
		/** All that comes until the server ends. */
		rest: () => wait(() => false),
		/** The answers, once there are so many or the server has ended. */
		async answers(count: number) {
			await wait(() => readAnswers(text).length >= count)
			return readAnswers(text)
		},
		get isOver() {
			return isOver
		},
	}
	return client
}

/** The complete answers that a text begins with. */
export function readAnswers(text: string): RawAnswer[] {
	const answers: RawAnswer[] = []
	for (let at = 0; at < text.length; ) {
		const headEnd = text.indexOf('\r\n\r\n', at)
		if (headEnd === -1) break
		const [first = '', ...lines] = text.slice(at, headEnd).split('\r\n')
		const headers = Object.fromEntries(lines.map(splitHeader))
		const read =
			headers['transfer-encoding'] === 'chunked'
				? readChunks(text, headEnd + 4)
				: readLength(text, headEnd + 4, headers)
		if (!read) break
		answers.push({ status: Number(first.split(' ')[1]), headers, body: read.body })
		at = read.end
	}
	return answers
}

function splitHeader(line: string): [string, string] {
	const colon = line.indexOf(':')
	return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()]
}

function readLength(text: string, from: number, headers: Record<string, string>) {
	const end = from + Number(headers['content-length'] ?? 0)
	return end > text.length ? undefined : { body: text.slice(from, end), end }
}

function readChunks(text: string, from: number) {
	let body = ''
	for (let at = from; ; ) {
		const lineEnd = text.indexOf('\r\n', at)
		const length = Number.parseInt(text.slice(at, lineEnd), 16)
		const end = lineEnd + 2 + length
		if (lineEnd === -1 || end + 2 > text.length) return undefined
		if (text.slice(end, end + 2) !== '\r\n') throw new Error(`a chunk of ${length} bytes has no end`)
		if (length === 0) return { body, end: end + 2 }
		body += text.slice(lineEnd + 2, end)
		at = end + 2
	}
}
