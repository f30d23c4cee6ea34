import { proxySignaturePrefix } from './signatures.ts'

/**
 * Finds the top-level members of a JSON object in its bytes, without parsing what is inside them: a pass-through
 * request of 150 kB must not cost a parse. Strings and brackets are followed, so a document that is cut off or
 * unbalanced is noticed; what is wrong deeper inside is for the upstream to refuse.
 */
export interface Value {
	kind: 'string' | 'number' | 'object' | 'array' | 'true' | 'false' | 'null'
	/** Byte range of the value. */
	start: number
	end: number
	/** Which of the `watched` strings stand in an array or object, in bits. Absent: none. */
	met?: number
}

/** What requests are looked through for: strings that are, or begin with, these are noticed in passing. */
export const watched = { functionString: 1, ownSignature: 2 } as const

export interface Member extends Value {
	/** Where the member's name begins. */
	nameStart: number
}

/** Member name -> value; undefined when the bytes are not one JSON object. Of a repeated name the last counts. */
export function scanObject(
	bytes: Uint8Array,
	from = startOfText(bytes),
	to = bytes.length,
): Map<string, Member> | undefined {
	const members = new Map<string, Member>()
	let at = skipBlanks(bytes, from)
	if (bytes[at] !== openBrace) return undefined
	at = skipBlanks(bytes, at + 1)
	if (bytes[at] === closeBrace) return isOver(bytes, at + 1, to) ? members : undefined
	for (;;) {
		if (bytes[at] !== quote) return undefined
		const nameStart = at
		const nameEnd = endOfString(bytes, at)
		const name = parse(bytes, at, nameEnd)
		at = skipBlanks(bytes, nameEnd)
		if (typeof name !== 'string' || bytes[at] !== colon) return undefined
		const value = scanValue(bytes, skipBlanks(bytes, at + 1))
		if (!value) return undefined
		members.set(name, { ...value, nameStart })
		at = skipBlanks(bytes, value.end)
		if (bytes[at] === closeBrace) return isOver(bytes, at + 1, to) ? members : undefined
		if (bytes[at] !== comma) return undefined
		at = skipBlanks(bytes, at + 1)
	}
}

/** The elements of a scanned array; empty when the value is no array. */
export function scanArray(bytes: Uint8Array, array: Value): Value[] {
	const elements: Value[] = []
	if (array.kind !== 'array') return elements
	for (let at = skipBlanks(bytes, array.start + 1); at < array.end - 1; ) {
		const element = scanValue(bytes, at)
		if (!element) return elements
		elements.push(element)
		at = skipBlanks(bytes, element.end)
		if (bytes[at] !== comma) return elements
		at = skipBlanks(bytes, at + 1)
	}
	return elements
}

/** An edit of the document: the byte range to replace. */
export interface Edit {
	start: number
	end: number
	replacement: string
}

/**
 * The edits that take elements (or members) out of their list, commas included.
 *
 * @param ranges all elements of the list, in order
 * @param removed the indexes to take out
 */
export function removeElements(
	ranges: readonly { start: number; end: number }[],
	removed: ReadonlySet<number>,
): Edit[] {
	const edits: Edit[] = []
	let keptBefore = false
	ranges.forEach((range, index) => {
		const previous = ranges[index - 1]
		const next = ranges[index + 1]
		if (!removed.has(index)) keptBefore = true
		else if (keptBefore && previous) edits.push({ start: previous.end, end: range.end, replacement: '' })
		else edits.push({ start: range.start, end: next ? next.start : range.end, replacement: '' })
	})
	return edits
}

/** The value of a scanned member; undefined when its bytes are no JSON. */
export function parse(bytes: Uint8Array, start: number, end: number): unknown {
	try {
		return JSON.parse(decoder.decode(bytes.subarray(start, end)))
	} catch {
		return undefined
	}
}

/** A copy of the bytes with ranges replaced. Edits may touch but not overlap: of overlapping ones the first counts. */
export function applyEdits(bytes: Uint8Array, edits: readonly Edit[]): Uint8Array {
	const pieces: Uint8Array[] = []
	let at = 0
	for (const { start, end, replacement } of edits.toSorted((a, b) => a.start - b.start)) {
		if (end <= at) continue
		if (start > at) pieces.push(bytes.subarray(at, start))
		pieces.push(encoder.encode(replacement))
		at = end
	}
	pieces.push(bytes.subarray(at))
	const result = new Uint8Array(pieces.reduce((length, piece) => length + piece.length, 0))
	let offset = 0
	for (const piece of pieces) {
		result.set(piece, offset)
		offset += piece.length
	}
	return result
}

/**
 * Position of ASCII text in a byte range, or -1. `anchor` is the index of the text's rarest character: that byte
 * is looked for natively, and only its neighbourhood is compared.
 */
export function findText(
	bytes: Uint8Array,
	text: string,
	anchor: number,
	from = 0,
	to = bytes.length,
): number {
	const rare = text.charCodeAt(anchor)
	for (let at = bytes.indexOf(rare, from + anchor); at !== -1 && at < to; at = bytes.indexOf(rare, at + 1)) {
		const start = at - anchor
		let index = 0
		while (index < text.length && bytes[start + index] === text.charCodeAt(index)) index++
		if (index === text.length && start + index <= to) return start
	}
	return -1
}

const decoder = new TextDecoder('utf-8', { fatal: true })
const encoder = new TextEncoder()

const quote = 0x22
const backslash = 0x5c
const comma = 0x2c
const colon = 0x3a
const openBrace = 0x7b
const closeBrace = 0x7d
const openBracket = 0x5b
const closeBracket = 0x5d

/** Some clients send a byte order mark. */
function startOfText(bytes: Uint8Array): number {
	return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0
}

function isBlank(byte: number | undefined): boolean {
	return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09
}

function skipBlanks(bytes: Uint8Array, from: number): number {
	let at = from
	while (isBlank(bytes[at])) at++
	return at
}

/** Nothing but blanks is left of the range; those behind it belong to what is around. */
function isOver(bytes: Uint8Array, at: number, to: number): boolean {
	return at <= to && skipBlanks(bytes, at) >= to
}

function scanValue(bytes: Uint8Array, start: number): Value | undefined {
	const kind = kindAt(bytes[start])
	const end = kind && endOfValue(bytes, start)
	if (!kind || !end) return undefined
	const isNested = kind === 'array' || kind === 'object'
	return isNested && met !== 0 ? { kind, start, end, met } : { kind, start, end }
}

function kindAt(byte: number | undefined): Value['kind'] | undefined {
	if (byte === quote) return 'string'
	if (byte === openBrace) return 'object'
	if (byte === openBracket) return 'array'
	if (byte === 0x74) return 'true'
	if (byte === 0x66) return 'false'
	if (byte === 0x6e) return 'null'
	const digit = byte !== undefined && byte >= 0x30 && byte <= 0x39
	return digit || byte === 0x2d ? 'number' : undefined
}

/** Short strings are followed byte by byte; in longer ones the next quote is looked for natively. */
const shortString = 8

/** Index after the closing quote; past the end of the bytes when there is none. */
function endOfString(bytes: Uint8Array, start: number): number {
	const { length } = bytes
	let at = start + 1
	while (at < length) {
		const near = Math.min(length, at + shortString)
		while (at < near) {
			const byte = bytes[at]
			if (byte === quote) return at + 1
			at += byte === backslash ? 2 : 1
		}
		const end = bytes.indexOf(quote, at)
		if (end === -1) break
		let escapes = end
		while (escapes > at && bytes[escapes - 1] === backslash) escapes--
		if ((end - escapes) % 2 === 0) return end + 1
		at = end + 1
	}
	return length + 1
}

/** Index after the value; undefined when it does not end well. */
function endOfValue(bytes: Uint8Array, start: number): number | undefined {
	const first = bytes[start]
	if (first === quote) {
		const end = endOfString(bytes, start)
		return end <= bytes.length ? end : undefined
	}
	if (first === openBrace || first === openBracket) return endOfNested(bytes, start)
	let at = start
	while (at < bytes.length && isScalarByte(bytes[at] as number)) at++
	return parse(bytes, start, at) === undefined ? undefined : at
}

function isScalarByte(byte: number): boolean {
	return byte !== comma && byte !== closeBrace && byte !== closeBracket && byte > 0x20
}

/** Deeper documents are refused: real requests stay far below, and the stack of brackets is bounded. */
const maxDepth = 512
const open = new Uint8Array(maxDepth)

/** What lies inside strings is passed over, and every other byte that means nothing here. */
const meaning = new Uint8Array(256)
const [begins, opens, closes] = [1, 2, 3]
meaning[quote] = begins
meaning[openBrace] = meaning[openBracket] = opens
meaning[closeBrace] = meaning[closeBracket] = closes

/** Index after the closing bracket; what it met on the way is in `met`. */
function endOfNested(bytes: Uint8Array, start: number): number | undefined {
	const { length } = bytes
	let depth = 0
	let at = start
	met = 0
	while (at < length) {
		const byte = bytes[at] as number
		const means = meaning[byte]
		if (means === begins) {
			notice(bytes, at)
			at = endOfString(bytes, at)
			continue
		}
		if (means === opens) {
			if (depth === maxDepth) return undefined
			open[depth++] = byte
		} else if (means === closes) {
			// In ASCII each closing bracket stands two after its opening one.
			if (open[--depth] !== byte - 2) return undefined
			if (depth === 0) return at + 1
		}
		at++
	}
	return undefined
}

let met = 0

/** Strings that begin like this are rare, and what requests are looked through for anyway. */
function notice(bytes: Uint8Array, at: number): void {
	const first = bytes[at + 1]
	if (first === letterF) met |= beginsWith(bytes, at, functionString) ? watched.functionString : 0
	else if (first === letterC) met |= beginsWith(bytes, at, ownSignature) ? watched.ownSignature : 0
}

const [letterC, letterF] = [0x63, 0x66]
const functionString = '"function"'
const ownSignature = `"${proxySignaturePrefix}`

function beginsWith(bytes: Uint8Array, at: number, text: string): boolean {
	let index = 1
	while (index < text.length && bytes[at + index] === text.charCodeAt(index)) index++
	return index === text.length
}
