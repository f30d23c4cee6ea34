import type { DocumentBlock } from '../../messages/request.ts'
import { type ContentOptions, imageAt, missingFile, text, toContent, toImage } from './parts.ts'
import type { ContentPart } from './wire.ts'

/** A document as parts: text stays text, a PDF becomes a file, what cannot be sent is named in its place. */
export function toDocument(block: DocumentBlock, options: ContentOptions): ContentPart[] {
	const { source } = block
	if (source.type === 'text') return [text(wrapDocument(block, source.data))]
	if (source.type === 'content') {
		const blocks = typeof source.content === 'string' ? [text(source.content)] : source.content
		const parts = blocks.map(part => (part.type === 'text' ? text(part.text) : toImage(part, options)))
		const whole = toContent(parts)
		if (typeof whole === 'string') return [text(wrapDocument(block, whole))]
		return [...heading(block), ...whole]
	}
	if (source.type === 'base64') return toBase64Document(block, source, options)
	if (source.type === 'url') {
		return [...heading(block), missingFile('document', `a document at ${source.url}`, options)]
	}
	return [...heading(block), missingFile('document', 'an uploaded file', options)]
}

function toBase64Document(
	block: DocumentBlock,
	source: { media_type: string; data: string },
	options: ContentOptions,
): ContentPart[] {
	const url = `data:${source.media_type};base64,${source.data}`
	if (source.media_type.startsWith('image/')) return [...heading(block), imageAt(url)]
	if (source.media_type.startsWith('text/')) return [text(wrapDocument(block, decodeBase64(source.data)))]
	// `file` parts are newer than tools: https://platform.openai.com/docs/guides/pdf-files
	if (options.dialect === 'openaiold') {
		return [...heading(block), missingFile('document', `a file of type ${source.media_type}`, options)]
	}
	const filename = block.title || (source.media_type === 'application/pdf' ? 'document.pdf' : 'document')
	return [...context(block), { type: 'file', file: { filename, file_data: url } }]
}

function wrapDocument(block: DocumentBlock, content: string): string {
	const title = block.title ? ` title="${block.title}"` : ''
	const lead = block.context ? `${block.context}\n` : ''
	return `<document${title}>\n${lead}${content}\n</document>`
}

function heading(block: DocumentBlock): ContentPart[] {
	return [...(block.title ? [text(`Document: ${block.title}`)] : []), ...context(block)]
}

function context(block: DocumentBlock): ContentPart[] {
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
