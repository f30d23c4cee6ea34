import { statusForErrorType } from '../../messages/errors.ts'
import { createSseParser } from '../../messages/sse-parser.ts'
import type { ErrorResponse, StartVerdict } from '../contract.ts'
import { isRecord, parseJson } from '../shared/failure.ts'
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
		// A whole answer is passed on as it comes; an error object, or JSON in place of a stream, is read first.
		if (!stream && !errorStart.test(text)) return text.length > maxErrorStart || ended ? 'go' : 'wait'
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

/** How an error object begins, and how much of it is needed to tell. */
const errorStart = /^\{\s*"(?:type"\s*:\s*"error"|error"\s*:\s*[{"])/
const maxErrorStart = 64

const decoder = new TextDecoder()

function judgeEvents(bytes: Uint8Array, ended: boolean): StartVerdict | undefined {
	let verdict: StartVerdict | undefined
	const parser = createSseParser(
		data => {
			verdict ??= judgeEvent(data)
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

function judgeEvent(data: string): StartVerdict | undefined {
	const event = parseJson(data)
	if (!isRecord(event)) return 'go'
	if (event.type === 'error' || ('error' in event && !('type' in event)))
		return { failed: errorResponse(event, data) }
	return openingEvents.has(asText(event.type)) ? undefined : 'go'
}

/** JSON where a stream was expected: an error object, or a whole answer that is passed on as it is. */
function judgeJson(text: string): StartVerdict {
	const body = parseJson(text)
	if (isRecord(body) && !('error' in body)) return 'go'
	return {
		failed: isRecord(body)
			? errorResponse(body, text)
			: failedWith(502, 'the upstream answered with broken JSON'),
	}
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
