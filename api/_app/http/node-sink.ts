import type { ServerResponse } from 'node:http'
import { largeBytes } from '../../../core/messages/large-bytes.ts'
import type { ResponseSink } from '../../../core/ports.ts'
import { giveBack } from '../memory/give-back.ts'
import { frame, lengthOf, toText } from './framing.ts'

/**
 * A sink over node:http's response. Chunks are framed here and not by Node, which would hand the socket four pieces for
 * each; an answer in one piece leaves with its length and in one write with its head.
 */
export function nodeSink(response: ServerResponse, commonHeaders: Record<string, string>): ResponseSink {
	let bytes = 0
	let head: { status: number; headers: Record<string, string> } | undefined
	let framed = false
	let isBegun = false
	let isOver = false

	/** @param length of the body, where it is known */
	const sendHead = (length?: number) => {
		if (!head) return
		const headers = { ...commonHeaders, ...head.headers }
		if (headers['content-length'] === undefined) {
			if (length !== undefined) headers['content-length'] = String(length)
			// HTTP/1.0 knows no chunks: there the end of the connection is the end of the answer.
			else if (response.useChunkedEncodingByDefault) {
				headers['transfer-encoding'] = 'chunked'
				framed = true
			}
		}
		response.writeHead(head.status, headers)
		if (framed) response.chunkedEncoding = false
		head = undefined
	}

	const send = (chunk: string | Uint8Array, length: number, isSpent: boolean): boolean => {
		bytes += length
		if (typeof chunk !== 'string' && length > largeBytes) return sendLarge(chunk, length, isSpent)
		const { text, encoding } = toText(chunk, length)
		const sent = framed && length > 0 ? frame(text, length) : text
		// Node sends its head in the encoding of what comes with it; bytes it sends apart from it.
		const isFirst = !isBegun
		isBegun = true
		return isFirst && encoding === 'utf8' ? response.write(Buffer.from(sent)) : response.write(sent, encoding)
	}

	const sendLarge = (chunk: Uint8Array, length: number, isSpent: boolean): boolean => {
		// Called when the system has the bytes, or never will.
		const left = isSpent ? () => giveBack(chunk) : undefined
		if (!framed) return response.write(chunk, left)
		response.write(`${length.toString(16)}\r\n`, 'latin1')
		response.write(chunk, left)
		return response.write('\r\n', 'latin1')
	}

	return {
		// Content always follows at once, and the head leaves with it in one write.
		head(status, headers) {
			head = { status, headers }
		},
		write(chunk, isSpent = false) {
			if (isOver) return true
			sendHead()
			return send(chunk, lengthOf(chunk), isSpent)
		},
		end(chunk = '', isSpent = false) {
			if (isOver) return
			const length = lengthOf(chunk)
			sendHead(length)
			isOver = true
			if (length > 0) send(chunk, length, isSpent)
			if (framed) response.write('0\r\n\r\n', 'latin1')
			// After what was written has left: ending a response that still holds something costs one more, empty write.
			process.nextTick(endResponse, response)
		},
		abort() {
			if (!isOver) response.destroy()
			isOver = true
		},
		onDrain: run => void response.once('drain', run),
		bytesOut: () => bytes,
	}
}

const endResponse = (response: ServerResponse) => void response.end()
