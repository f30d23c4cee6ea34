import type { FindSecrets } from '../keys/find-secrets.ts'
import type { Piece, TapeContent } from './tape.ts'

/** A part of a body: when it came, in ms since the request did, and what it says. */
export type TextPiece = [at: number, text: string]

/** A body as text. */
export interface BodyText {
	/** Of the whole. */
	bytes: number
	truncated: boolean
	/** Something secret stood in it. */
	redacted: boolean
	pieces: TextPiece[]
	/** Pieces behind a gap, and how many bytes it has. */
	tail?: { left: number; pieces: TextPiece[] }
}

export interface BodyTextRules {
	maxBytes: number
	find: FindSecrets
	/** How much next to a gap may be a piece of a secret. */
	edge: number
	/** Of a request's body the end says no more than the beginning. */
	onlyHead?: boolean
}

/** Reads what was kept of a body: decoded, without secrets, and not more than is allowed. */
export function readBodyText(content: TapeContent, rules: BodyTextRules): BodyText {
	const { head, tail, left, length: bytes } = content
	const runs = left === 0 ? [[...head, ...tail]] : [head, tail]
	const [first = [], last = []] = runs.map(decode)
	const cleaned = [redact(first, rules.find), redact(last, rules.find)] as const
	const redacted = cleaned.some(run => run.redacted)
	const budget = share(rules)
	const [whole, end] = [cleaned[0].pieces, cleaned[1].pieces]
	if (left === 0 && lengthOf(whole) <= rules.maxBytes) {
		return { bytes, truncated: false, redacted, pieces: whole }
	}
	// Next to a gap, half a secret may stand: nobody could tell.
	const pieces = takeFirst(left === 0 ? whole : dropLast(whole, rules.edge), budget.head)
	const endPieces = takeLast(left === 0 ? whole : dropFirst(end, rules.edge), budget.tail)
	const missing = Math.max(0, bytes - byteLength(pieces) - byteLength(endPieces))
	const common = { bytes, truncated: true, redacted, pieces }
	return endPieces.length === 0 ? common : { ...common, tail: { left: missing, pieces: endPieces } }
}

function share({ maxBytes, onlyHead }: BodyTextRules): { head: number; tail: number } {
	const tail = onlyHead ? 0 : Math.min(32 * 1024, maxBytes / 4)
	return { head: maxBytes - tail, tail }
}

/** A character may be split between chunks. */
function decode(pieces: readonly Piece[]): TextPiece[] {
	const decoder = new TextDecoder()
	return pieces.map(
		({ at, chunk }, index): TextPiece => [at, decoder.decode(chunk, { stream: index < pieces.length - 1 })],
	)
}

/** A secret may be split between pieces: it is looked for in the whole, and shown in the piece where it begins. */
function redact(pieces: readonly TextPiece[], find: FindSecrets): { pieces: TextPiece[]; redacted: boolean } {
	const text = pieces.map(([, part]) => part).join('')
	const found = find(text)
	if (found.length === 0) return { pieces: [...pieces], redacted: false }
	let start = 0
	let next = 0
	const cleaned = pieces.map(([at, part]): TextPiece => {
		const end = start + part.length
		let result = ''
		let position = start
		while (next < found.length) {
			const secret = found[next]
			if (!secret || secret.start >= end) break
			if (secret.start >= start) result += text.slice(position, secret.start) + secret.shown
			position = Math.min(secret.end, end)
			if (secret.end > end) break
			next++
		}
		result += text.slice(position, end)
		start = end
		return [at, result]
	})
	return { pieces: cleaned, redacted: true }
}

const lengthOf = (pieces: readonly TextPiece[]) => pieces.reduce((sum, [, text]) => sum + text.length, 0)

const encoder = new TextEncoder()
const byteLength = (pieces: readonly TextPiece[]) =>
	pieces.reduce((sum, [, text]) => sum + encoder.encode(text).length, 0)

function takeFirst(pieces: readonly TextPiece[], length: number): TextPiece[] {
	const taken: TextPiece[] = []
	let left = length
	for (const [at, text] of pieces) {
		if (left <= 0) break
		taken.push([at, text.slice(0, left)])
		left -= text.length
	}
	return taken
}

function takeLast(pieces: readonly TextPiece[], length: number): TextPiece[] {
	const taken: TextPiece[] = []
	let left = length
	for (const [at, text] of pieces.toReversed()) {
		if (left <= 0) break
		taken.unshift([at, text.slice(-left)])
		left -= text.length
	}
	return taken
}

const dropLast = (pieces: readonly TextPiece[], length: number) =>
	takeFirst(pieces, lengthOf(pieces) - length)
const dropFirst = (pieces: readonly TextPiece[], length: number) =>
	takeLast(pieces, lengthOf(pieces) - length)
