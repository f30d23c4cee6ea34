import { PieceQueue } from '../../messages/byte-queue.ts'
import { concatenate } from '../../messages/concatenate.ts'
import type { Usage } from '../../messages/events.ts'
import { largeBytes } from '../../messages/large-bytes.ts'
import { beginsJson } from '../../messages/other-form.ts'
import { findText, parse, scanObject } from '../../messages/scan.ts'
import { createSseParser } from '../../messages/sse-parser.ts'
import type { PassThroughReading, PassThroughTap } from '../contract.ts'
import { isRecord, parseJson } from '../shared/failure.ts'
import { asNumber, asText } from '../shared/json-values.ts'

/** Usage stands in the first and in the last events: only so much of both ends is kept and parsed, at the end. */
const keptBytes = 16 * 1024

/** A JSON answer up to this size is parsed whole for its usage. */
const parsedBytes = 64 * 1024

/** Of a stream's end less is enough, as long as its last reads are whole: the events with the usage are short. */
const streamEndBytes = 8 * 1024
const lastReads = 4

/** Most JSON answers and short streams have no more chunks: those are held on to as they are. */
const fewChunks = 4

/** Ends the part of a stream in which the first events stand. */
const contentDelta = 'content_block_delta'

/** See PassThroughAdapter.createTap. */
export function createTap(stream: boolean): PassThroughTap {
	let few: Uint8Array[] | undefined = []
	let ends: KeptEnds | undefined
	return {
		push(bytes) {
			if (few && few.length < fewChunks && bytes.length <= largeBytes) return void few.push(bytes)
			ends ??= new KeptEnds(stream)
			for (const chunk of few ?? []) ends.push(chunk)
			few = undefined
			ends.push(bytes)
		},
		read() {
			if (!few) return readEnds(ends as KeptEnds)
			const whole = concatenate(few)
			return { ...readAnswer([whole], whole, true), toolCalls: countToolCalls(nothing, whole) }
		},
	}
}

const nothing = new Uint8Array()

/** The beginning and the end of an answer that goes by, and how many tools it calls. */
class KeptEnds {
	readonly head = new PieceQueue()
	readonly end = new PieceQueue()
	/** Nothing is left out between the two. */
	isWhole = true
	readonly #stream: boolean
	#total = 0
	#isContent = false
	#toolCalls = 0
	/** So many bytes at the end have not been searched for calls: that is done now and then, not per event. */
	#unsearched = 0

	constructor(stream: boolean) {
		this.#stream = stream
	}

	push(bytes: Uint8Array): void {
		this.#total += bytes.length
		this.isWhole = this.#total <= (this.#stream ? streamEndBytes : parsedBytes)
		this.#pushHead(bytes)
		const isLarge = bytes.length > largeBytes
		if (isLarge || this.#unsearched + bytes.length > streamEndBytes) this.#search()
		// A large one where it lies: a copy in an array of its own is searched ten times slower.
		if (isLarge) this.#toolCalls += countToolCalls(this.#readSeam(), bytes)
		else this.#unsearched += bytes.length
		this.end.push(bytes.length > keptBytes && !this.isWhole ? bytes.subarray(-keptBytes) : bytes)
		while (this.#isSpare()) this.end.dropFirst()
	}

	/** Whether the oldest piece of the end is not needed. */
	#isSpare(): boolean {
		const { count, firstLength, length } = this.end
		if (this.isWhole || count === 1) return false
		// The seam to what was searched is needed as well.
		const least = (this.#stream ? streamEndBytes : keptBytes) + longestStart
		return length > 2 * keptBytes || (count > lastReads && length - firstLength >= least)
	}

	#search(): void {
		this.#toolCalls = this.toolCalls()
		this.#unsearched = 0
	}

	#readSeam(to = this.end.length): Uint8Array {
		return this.end.read(Math.max(0, to - longestStart), to)
	}

	/** Up to the first content: what comes after it says nothing of usage before the end. */
	#pushHead(bytes: Uint8Array): void {
		if (this.#isContent || this.head.length >= keptBytes) return
		const room = keptBytes - this.head.length
		const part = bytes.length > room ? bytes.subarray(0, room) : bytes
		this.head.push(part)
		this.#isContent = findText(part, contentDelta, rarePlace) !== -1
	}

	toolCalls(): number {
		const from = this.end.length - this.#unsearched
		return this.#toolCalls + countToolCalls(this.#readSeam(from), this.end.read(from))
	}
}

/** Of the underline in `content_block_delta`. */
const rarePlace = contentDelta.indexOf('_')

function readEnds(ends: KeptEnds): PassThroughReading {
	const { end, isWhole } = ends
	const last = end.read()
	const reading = readAnswer(isWhole ? [last] : [ends.head.read(), last], last, isWhole)
	return { ...reading, toolCalls: ends.toolCalls() }
}

/** @param parts without what lies between them */
function readAnswer(parts: Uint8Array[], end: Uint8Array, isWhole: boolean): PassThroughReading {
	// Some upstreams answer in the other form than was asked for.
	return beginsJson(parts) ? readJson(end, isWhole) : readEvents(parts)
}

/** Room for how a call's block begins: `"type" : "tool_use"`. */
const longestStart = 64
const callName = '"tool_use"'

/**
 * The calls that begin in `bytes`, or between them and what came before. Inside of strings quotes are escaped: what a
 * text quotes does not count.
 */
function countToolCalls(before: Uint8Array, bytes: Uint8Array): number {
	// What stands on the seam, and in the bytes where its "type" may be on the other side.
	const last = before.subarray(-longestStart)
	const seam = concatenate([last, bytes.subarray(0, longestStart)])
	return countIn(seam, last.length) + countIn(bytes, longestStart)
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

const inputFields = ['input_tokens', 'cache_read_input_tokens', 'cache_creation_input_tokens'] as const
const countedFields = ['output_tokens', ...inputFields] as const

/**
 * Later counts replace earlier ones; null and absent ones do not (relays send `input_tokens: null`), nor do zeros that
 * leave nothing of the input.
 */
function toUsage(usage: unknown, previous?: Usage): Usage | undefined {
	if (!isRecord(usage)) return previous
	const result: Usage = previous ?? { input_tokens: 0, output_tokens: 0 }
	const tellsInput = inputFields.some(field => asNumber(usage[field]) > 0)
	for (const field of countedFields) {
		const count = usage[field]
		const isTold = field === 'output_tokens' || tellsInput || result[field] === undefined
		if (typeof count === 'number' && isTold) result[field] = count
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
