import type { DocumentBlock } from '../../messages/request.ts'
import { type ContentOptions, missingFile, type Piece, text, toImage } from './content.ts'

/** A document as pieces: text stays text, a PDF becomes a file, what cannot be sent is named in its place. */
export function toDocument(block: DocumentBlock, options: ContentOptions): Piece[] {
	const { source } = block
	if (source.type === 'text') return [text(wrapDocument(block, source.data))]
	if (source.type === 'content') {
		const pieces =
			typeof source.content === 'string'
				? [text(source.content)]
				: source.content.map(part => (part.type === 'text' ? text(part.text) : toImage(part, options)))
		const texts = pieces.flatMap(piece => (piece.kind === 'text' ? [piece.text] : []))
		if (texts.length < pieces.length) return [...heading(block), ...pieces]
		return [text(wrapDocument(block, texts.join('\n\n')))]
	}
	if (source.type === 'base64') return toBase64Document(block, source, options)
	if (source.type === 'url') {
		if (options.files === 'inline-and-url') return [...heading(block), { kind: 'file-url', url: source.url }]
		return [...heading(block), missingFile('document', `a document at ${source.url}`, options)]
	}
	return [...heading(block), missingFile('document', 'an uploaded file', options)]
}

function toBase64Document(
	block: DocumentBlock,
	source: { media_type: string; data: string },
	options: ContentOptions,
): Piece[] {
	const url = `data:${source.media_type};base64,${source.data}`
	if (source.media_type.startsWith('image/')) return [...heading(block), { kind: 'image', url }]
	if (source.media_type.startsWith('text/')) return [text(wrapDocument(block, decodeBase64(source.data)))]
	if (options.files === 'none') {
		return [...heading(block), missingFile('document', `a file of type ${source.media_type}`, options)]
	}
	return [...context(block), { kind: 'file', filename: toFilename(block, source.media_type), data: url }]
}

/**
 * OpenAI tells a file's kind by its extension, which a title lacks: "Expected context stuffing file type to be a
 * supported format … but got none."
 */
function toFilename({ title }: DocumentBlock, mediaType: string): string {
	const name = title?.trim() ? title : 'document'
	return mediaType === 'application/pdf' && !/\.pdf$/i.test(name) ? `${name}.pdf` : name
}

function wrapDocument(block: DocumentBlock, content: string): string {
	const title = block.title ? ` title="${block.title}"` : ''
	const lead = block.context ? `${block.context}\n` : ''
	return `<document${title}>\n${lead}${content}\n</document>`
}

function heading(block: DocumentBlock): Piece[] {
	return [...(block.title ? [text(`Document: ${block.title}`)] : []), ...context(block)]
}

function context(block: DocumentBlock): Piece[] {
	return block.context ? [text(block.context)] : []
}

/** Broken base64 is shown as it came. */
function decodeBase64(data: string): string {
	try {
		return new TextDecoder().decode(Uint8Array.from(atob(data), character => character.charCodeAt(0)))
	} catch {
		return data
	}
}
