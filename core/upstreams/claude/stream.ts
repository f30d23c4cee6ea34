import { statusForErrorType } from '../../messages/errors.ts'
import { createSseParser } from '../../messages/sse-parser.ts'
import type { ErrorResponse, StartVerdict } from '../contract.ts'
import { findMessage, isRecord, parseJson } from '../shared/failure.ts'
import { asText } from '../shared/json-values.ts'

/** What may come before the first content: until something else is seen, another key can still take over. */
const openingEvents = new Set(['message_start', 'ping'])

/** So much of the start is looked at in one go. */
const sliceBytes = 4096

/** A start longer than this is content, whatever it is. */
const maxStartBytes = 1024 * 1024

/** See PassThroughAdapter.judgeStart. */
export function judgeStart(
	bytes: Uint8Array,
	{ stream, ended }: { stream: boolean; ended: boolean },
): StartVerdict {
	const text = readStart(bytes)
	if (text === '')
		return ended ? { failed: failedWith(502, 'the upstream ended its answer before it began') } : 'wait'
	if (text.startsWith('<')) return { failed: { status: 502, headers: {}, body: text.slice(0, 4096) } }
	if (text.startsWith('{')) {
		// A message is passed on as it comes; what may be none, or came in place of a stream, is read first.
		if (!stream && !errorStart.test(text) && (messageMember.test(text) || bytes.length > sliceBytes))
			return 'go'
		return ended ? judgeJson(decoder.decode(bytes).trimStart()) : 'wait'
	}
	const verdict = judgeEvents(bytes, ended)
	if (verdict) return verdict
	if (ended) return { failed: failedWith(502, 'the upstream ended its answer before it began') }
	return bytes.length > maxStartBytes ? 'go' : 'wait'
}

/** Enough to tell what the answer is: its beginning, or all of it when that is blank. */
function readStart(bytes: Uint8Array): string {
	return decoder.decode(bytes.subarray(0, sliceBytes)).trimStart() || decoder.decode(bytes).trimStart()
}

/** How an error object begins. */
const errorStart = /^\{\s*"(?:type"\s*:\s*"error"|error"\s*:\s*[{"])/

/** What a message says at its beginning and no other dialect's answer does. */
const messageMember = /"(?:type"\s*:\s*"message"|content"\s*:\s*\[)/

const decoder = new TextDecoder()

function judgeEvents(bytes: Uint8Array, ended: boolean): StartVerdict | undefined {
	let verdict: StartVerdict | undefined
	const parser = createSseParser(
		(data, name) => {
			verdict ??= judgeEvent(data, name)
		},
		() => {
			verdict ??= 'go'
		},
	)
	// The first events decide: what came with them need not be read.
	for (let at = 0; at < bytes.length && !verdict; at += sliceBytes) {
		parser.feed(bytes.subarray(at, at + sliceBytes))
	}
	if (ended && !verdict) parser.end()
	return verdict
}

/** What is no event of the dialect (`[DONE]`) says nothing; what has no type is another dialect's. */
function judgeEvent(data: string, name: string | undefined): StartVerdict | undefined {
	const event = parseJson(data)
	if (!isRecord(event)) return undefined
	const type = asText(event.type) || (name ?? '')
	if (type === 'error' || (event.error != null && type === '')) return { failed: errorResponse(event, data) }
	if (type === '') return { failed: foreign(event) }
	return openingEvents.has(type) ? undefined : 'go'
}

/** A whole JSON answer: a message is passed on as it is, anything else is a failure that another key may not have. */
function judgeJson(text: string): StartVerdict {
	const body = parseJson(text)
	if (!isRecord(body)) return { failed: failedWith(502, 'the upstream answered with broken JSON') }
	if (body.type === 'error' || body.error != null) return { failed: errorResponse(body, text) }
	const isMessage = body.type === 'message' || Array.isArray(body.content) || 'stop_reason' in body
	return isMessage ? 'go' : { failed: foreign(body) }
}

/** What a relay says of its trouble is told; the words of another dialect's answer are the model's. */
function foreign(body: Record<string, unknown>): ErrorResponse {
	return failedWith(502, findMessage(body) ?? 'the upstream answered with foreign JSON')
}

/** An error object inside a 200, with the status that its type stands for. */
function errorResponse(body: Record<string, unknown>, text: string): ErrorResponse {
	const type = isRecord(body.error) && typeof body.error.type === 'string' ? body.error.type : ''
	return { status: statusForErrorType(type), headers: {}, body: text }
}

function failedWith(status: number, message: string): ErrorResponse {
	return {
		status,
		headers: {},
		body: JSON.stringify({ type: 'error', error: { type: 'api_error', message } }),
	}
}
