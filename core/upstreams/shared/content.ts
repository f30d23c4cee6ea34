import type { Note } from '../../messages/notes.ts'
import type {
	ContentBlock,
	DocumentBlock,
	ImageBlock,
	SearchResultBlock,
	ToolResultPart,
} from '../../messages/request.ts'
import { toDocument } from './documents.ts'
import { isRecord } from './failure.ts'

/** What a turn is made of, before it takes an upstream's words for it. */
export type Piece =
	| { kind: 'text'; text: string }
	/** A web address or a data URL. */
	| { kind: 'image'; url: string }
	/** `data` is a data URL. */
	| { kind: 'file'; filename: string; data: string }
	| { kind: 'file-url'; url: string }

export interface ContentOptions {
	/** Which files the upstream takes: none, those sent along, or also those at a web address. */
	files: 'none' | 'inline' | 'inline-and-url'
	notes: Note[]
	/** The name a tool has upstream, for texts that speak of it. */
	toolName(name: string): string
}

/** Blocks of a user turn or a tool's result as pieces. Empty texts go: several servers refuse them. */
export function toPieces(
	blocks: readonly (ContentBlock | ToolResultPart)[],
	options: ContentOptions,
): Piece[] {
	const pieces: Piece[] = []
	for (const block of blocks) {
		for (const piece of toBlockPieces(block, options)) {
			if (piece.kind !== 'text' || piece.text.trim() !== '') pieces.push(piece)
		}
	}
	return pieces
}

export function text(content: string): Piece {
	return { kind: 'text', text: content }
}

export function toImage(block: ImageBlock, options: ContentOptions): Piece {
	const { source } = block
	if (source.type === 'base64') {
		return { kind: 'image', url: `data:${source.media_type};base64,${source.data}` }
	}
	return source.type === 'url'
		? { kind: 'image', url: source.url }
		: missingFile('image', 'an uploaded file', options)
}

/** Stands where something cannot be sent, so that the model does not make it up. */
export function missingFile(kind: string, what: string, options: ContentOptions): Piece {
	const detail = `a ${kind} that cannot be sent to this upstream was replaced by a text that says so`
	options.notes.push({ field: 'messages', action: 'replaced', detail })
	return text(`[The ${kind} that belongs here could not be shown: it is ${what}.]`)
}

/** Once per request, however many documents ask for it. */
function noteCitations(block: DocumentBlock | SearchResultBlock, { notes }: ContentOptions): void {
	const detail = 'this upstream gives no citations of documents'
	const asked = isRecord(block.citations) && block.citations.enabled === true
	if (asked && !notes.some(note => note.detail === detail))
		notes.push({ field: 'messages', action: 'dropped', detail })
}

function toBlockPieces(block: ContentBlock | ToolResultPart, options: ContentOptions): Piece[] {
	if (block.type === 'document' || block.type === 'search_result') noteCitations(block, options)
	switch (block.type) {
		case 'text':
			return [text(block.text)]
		case 'image':
			return [toImage(block, options)]
		case 'document':
			return toDocument(block, options)
		case 'search_result':
			return [text(describeSearchResult(block))]
		case 'tool_reference':
			return [text(`The tool ${options.toolName(block.tool_name)} is loaded and can be called.`)]
		case 'thinking':
		case 'redacted_thinking':
			return []
		default:
			return [text(describeBlock(block))]
	}
}

function describeSearchResult(block: SearchResultBlock): string {
	const texts = block.content.map(part => part.text)
	return [`Search result: ${block.title} (${block.source})`, ...texts].join('\n')
}

/** What the model need not read of a block it cannot take. */
const opaqueFields = new Set([
	'type',
	'cache_control',
	'data',
	'encrypted_content',
	'encrypted_index',
	'encrypted_stdout',
])

/** Server tools' blocks in history, and types this version does not know: as text. */
export function describeBlock(block: { type: string }): string {
	const fields = JSON.stringify(block, (name, value: unknown) => (opaqueFields.has(name) ? undefined : value))
	return `[${block.type}] ${fields}`
}
