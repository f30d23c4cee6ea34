import type { Usage } from '../../messages/events.ts'
import { copyBytes, largeBytes } from '../../messages/large-bytes.ts'
import { beginsJson } from '../../messages/other-form.ts'
import { findText, parse, scanObject } from '../../messages/scan.ts'
import { createSseParser } from '../../messages/sse-parser.ts'
import type { PassThroughReading, PassThroughTap } from '../contract.ts'
import { isRecord, parseJson } from '../shared/failure.ts'
import { asText } from '../shared/json-values.ts'

/** Usage stands in the first and in the last events: only so much of both ends is kept and parsed, at the end. */
const keptBytes = 16 * 1024

/** A JSON answer up to this size is parsed whole for its usage. */
const parsedBytes = 64 * 1024

/** See PassThroughAdapter.createTap. */
export function createTap(stream: boolean): PassThroughTap {
	const head: Uint8Array[] = []
	let headBytes = 0
	// Two generations of chunks: together they always hold at least the wanted end, whatever the chunks' size.
	let older: Uint8Array[] = []
	let newer: Uint8Array[] = []
	let newerBytes = 0
	let total = 0
	let toolCalls = 0
	let copied: Uint8Array | undefined
	const tailLimit = stream ? keptBytes : parsedBytes
	const turnOver = () => {
		toolCalls += countToolCalls(older, newer)
		older = newer
		newer = []
		newerBytes = 0
	}
	/** By the end of a large chunk, which is as much as is wanted: the chunk itself is not the tap's to keep. */
	const replaceEnd = (bytes: Uint8Array) => {
		if (newer.length > 0) turnOver()
		toolCalls += countToolCalls(older, [bytes])
		copied ??= new Uint8Array(keptBytes)
		copied.set(bytes.subarray(-keptBytes))
		older = [copied]
	}
	return {
		push(bytes) {
			total += bytes.length
			const isLarge = bytes.length > largeBytes
			if (headBytes < keptBytes) {
				head.push(isLarge ? copyBytes(bytes, 0, keptBytes) : bytes)
				headBytes += bytes.length
			}
			const isWhole = !stream && total <= parsedBytes
			if (isLarge && !isWhole) return replaceEnd(bytes)
			newer.push(isLarge ? copyBytes(bytes, 0) : bytes)
			newerBytes += bytes.length
			if (newerBytes >= tailLimit) turnOver()
		},
		read() {
			const whole = total <= tailLimit
			const end = concatenate([...older, ...newer]).subarray(-tailLimit)
			// Some upstreams answer in the other form than was asked for.
			const reading = !beginsJson(head)
				? readEvents(whole ? [end] : [concatenate(head), end])
				: readJson(end, whole)
			return { ...reading, toolCalls: toolCalls + countToolCalls(older, newer) }
		},
	}
}

/** Room for how a call's block begins: `"type" : "tool_use"`. */
const longestStart = 64
const callName = '"tool_use"'
/** So many are put together after all: each has a seam. */
const manyChunks = 16

/**
 * The calls that begin in `chunks`, or between them and what came before. Looked for once per 16 kB, not per event, and
 * in the bytes as they came: a copy in an array of its own would be searched ten times slower. Inside of strings quotes
 * are escaped: what a text quotes does not count.
 */
function countToolCalls(before: readonly Uint8Array[], chunks: readonly Uint8Array[]): number {
	let count = 0
	let last = before.at(-1)?.subarray(-longestStart) ?? new Uint8Array()
	for (const chunk of chunks.length > manyChunks ? [concatenate([...chunks])] : chunks) {
		// What stands on the seam, and in the chunk where its "type" may be on the other side.
		const seam = concatenate([last, chunk.subarray(0, longestStart)])
		count += countIn(seam, last.length) + countIn(chunk, longestStart)
		last = chunk.length < longestStart ? seam.subarray(-longestStart) : chunk.subarray(-longestStart)
	}
	return count
}

/** The calls whose names end behind the place `from`. */
function countIn(bytes: Uint8Array, from: number): number {
	let count = 0
	const first = Math.max(0, from - callName.length + 1)
	for (let at = findText(bytes, callName, 5, first); at !== -1; at = findText(bytes, callName, 5, at + 1)) {
		if (isType(bytes, at)) count++
	}
	return count
}

/** Whether `"type":` stands before a place. */
function isType(bytes: Uint8Array, at: number): boolean {
	const before = ascii.decode(bytes.subarray(Math.max(0, at - longestStart), at))
	return /"type"\s*:\s*$/.test(before)
}

const ascii = new TextDecoder('latin1')
const utf8 = new TextDecoder()

function emptyReading(): PassThroughReading {
	const nothing = { usage: undefined, stopReason: undefined, model: undefined, error: undefined }
	return { ...nothing, toolCalls: 0, complete: false }
}

function readJson(bytes: Uint8Array, whole: boolean): PassThroughReading {
	const reading = emptyReading()
	const body = whole ? parseJson(decode(bytes)) : { usage: findUsage(bytes) }
	if (!isRecord(body)) return reading
	reading.complete = true
	reading.usage = toUsage(body.usage)
	if (typeof body.stop_reason === 'string') reading.stopReason = body.stop_reason
	if (typeof body.model === 'string') reading.model = body.model
	return reading
}

/** The usage object in the end of a large answer. */
function findUsage(bytes: Uint8Array): unknown {
	const text = decode(bytes)
	const at = text.lastIndexOf('"usage"')
	if (at === -1) return undefined
	const tail = encoder.encode(`{${text.slice(at).trimEnd()}`)
	const member = scanObject(tail)?.get('usage')
	return member && parse(tail, member.start, member.end)
}

const contentEvent = '{"type":"content_block_'

/**
 * The events before the first content and from the first `message_delta` on: what is between says nothing of usage. All
 * of the text where the events cannot be told so easily.
 */
function withoutContent(text: string): string {
	const content = startOfEvent(text, text.indexOf('content_block_delta'))
	const ending = startOfEvent(text, text.indexOf('message_delta'))
	return content === -1 || ending <= content ? text : text.slice(0, content) + text.slice(ending)
}

/** Index after the blank line before; -1 when there is none. */
function startOfEvent(text: string, at: number): number {
	const blank = at === -1 ? -1 : text.lastIndexOf('\n\n', at)
	return blank === -1 ? -1 : blank + 2
}

function readEvents(parts: Uint8Array[]): PassThroughReading {
	const reading = emptyReading()
	for (const part of parts) {
		const parser = createSseParser(
			data => {
				// The bulk of what is kept: it says nothing of usage, and is not worth a parse.
				if (!data.startsWith(contentEvent)) readEvent(reading, parseJson(data))
			},
			() => {},
		)
		parser.feed(encoder.encode(withoutContent(decode(part))))
		parser.end()
	}
	return reading
}

function readEvent(reading: PassThroughReading, event: unknown): void {
	if (!isRecord(event)) return
	if (event.type === 'message_start' && isRecord(event.message)) {
		reading.usage = toUsage(event.message.usage, reading.usage)
		if (typeof event.message.model === 'string') reading.model = event.message.model
	}
	if (event.type === 'message_delta') {
		reading.usage = toUsage(event.usage, reading.usage)
		if (isRecord(event.delta) && typeof event.delta.stop_reason === 'string') {
			reading.stopReason = event.delta.stop_reason
		}
	}
	if (event.type === 'message_stop') reading.complete = true
	if (event.type === 'error' && isRecord(event.error)) {
		const { type, message } = event.error
		reading.error = { type: asText(type), message: asText(message) }
	}
}

const countedFields = [
	'input_tokens',
	'output_tokens',
	'cache_read_input_tokens',
	'cache_creation_input_tokens',
] as const

/** Later counts replace earlier ones; null and absent ones do not (relays send `input_tokens: null`). */
function toUsage(usage: unknown, previous?: Usage): Usage | undefined {
	if (!isRecord(usage)) return previous
	const result: Usage = previous ?? { input_tokens: 0, output_tokens: 0 }
	for (const field of countedFields) {
		const count = usage[field]
		if (typeof count === 'number') result[field] = count
	}
	const details = usage.output_tokens_details
	if (isRecord(details) && typeof details.thinking_tokens === 'number') {
		result.output_tokens_details = { thinking_tokens: details.thinking_tokens }
	}
	return result
}

const encoder = new TextEncoder()

function decode(bytes: Uint8Array): string {
	return utf8.decode(bytes)
}

function concatenate(chunks: Uint8Array[]): Uint8Array {
	if (chunks.length === 1) return chunks[0] as Uint8Array
	const result = new Uint8Array(chunks.reduce((length, chunk) => length + chunk.length, 0))
	let offset = 0
	for (const chunk of chunks) {
		result.set(chunk, offset)
		offset += chunk.length
	}
	return result
}
