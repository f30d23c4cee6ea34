import type { Note } from '../../messages/notes.ts'
import type { ImageBlock } from '../../messages/request.ts'
import type { ContentPart, Dialect, TextPart } from './wire.ts'

export interface ContentOptions {
	dialect: Dialect
	notes: Note[]
	/** The name a tool has upstream, for texts that speak of it. */
	toolName(name: string): string
}

export function text(content: string): TextPart {
	return { type: 'text', text: content }
}

export function imageAt(url: string): ContentPart {
	return { type: 'image_url', image_url: { url } }
}

export function toImage(block: ImageBlock, options: ContentOptions): ContentPart {
	const { source } = block
	if (source.type === 'base64') return imageAt(`data:${source.media_type};base64,${source.data}`)
	return source.type === 'url' ? imageAt(source.url) : missingFile('image', 'an uploaded file', options)
}

/** Only text: one string, which every server takes, and the same bytes for a string and for blocks. */
export function toContent(parts: readonly ContentPart[]): string | ContentPart[] {
	const texts = parts.flatMap(part => (part.type === 'text' ? [part.text] : []))
	return texts.length === parts.length ? texts.join('\n\n') : [...parts]
}

/** Stands where something cannot be sent, so that the model does not make it up. */
export function missingFile(kind: string, what: string, options: ContentOptions): TextPart {
	const detail = `a ${kind} that cannot be sent to this upstream was replaced by a text that says so`
	options.notes.push({ field: 'messages', action: 'replaced', detail })
	return text(`[The ${kind} that belongs here could not be shown: it is ${what}.]`)
}
