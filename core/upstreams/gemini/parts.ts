import type { Note } from '../../messages/notes.ts'
import type { ContentBlock, DocumentBlock, ImageBlock, SearchResultBlock } from '../../messages/request.ts'
import { describeBlock } from '../shared/content.ts'
import { isRecord } from '../shared/failure.ts'
import type { ToolNames } from '../shared/tool-names.ts'
import type { Part } from './wire.ts'

/** https://ai.google.dev/gemini-api/docs/image-understanding and …/document-processing */
const inlineTypes = /^(?:image\/(?:png|jpeg|webp|heic|heif)|application\/pdf|text\/[-+.\w]+)$/i

export interface PartOptions {
	/** For texts that speak of a tool: it is called by the name it was sent with. */
	names: ToolNames
	notes: Note[]
}

/**
 * A block that is neither a tool call, a tool's result nor thinking. Never silent: what Gemini cannot take becomes
 * a text that says so, and a note.
 */
export function toParts(block: ContentBlock, field: string, options: PartOptions): Part[] {
	const { names, notes } = options
	switch (block.type) {
		case 'text':
			return textParts(block.text)
		case 'image':
			return [imagePart(block, field, notes)]
		case 'document':
			noteCitations(block, field, notes)
			return documentParts(block, field, options)
		case 'search_result':
			noteCitations(block, field, notes)
			return textParts(searchResultText(block))
		case 'tool_reference':
			return textParts(`Tool ${names.toUpstream(block.tool_name)} is available.`)
		default:
			return otherParts(block, field, notes)
	}
}

/** Gemini cites web pages only: https://ai.google.dev/gemini-api/docs/google-search */
function noteCitations(block: DocumentBlock | SearchResultBlock, field: string, notes: Note[]): void {
	if (!isRecord(block.citations) || block.citations.enabled !== true) return
	notes.push({ field, action: 'dropped', detail: 'Gemini gives no citations of documents' })
}

function textParts(text: string): Part[] {
	return text === '' ? [] : [{ text }]
}

function imagePart(block: ImageBlock, field: string, notes: Note[]): Part {
	const { source } = block
	if (source.type === 'base64') return inline(source.media_type, source.data, 'image', field, notes)
	if (source.type === 'url') return linked(source.url, 'image', field, notes)
	return omitted('image', 'files uploaded to Anthropic stay there', field, notes)
}

function documentParts(block: DocumentBlock, field: string, options: PartOptions): Part[] {
	const { source } = block
	const heading = [block.title, block.context].filter(text => text).join('\n')
	return [...textParts(heading), ...documentBody(source, field, options)]
}

function documentBody(source: DocumentBlock['source'], field: string, options: PartOptions): Part[] {
	const { notes } = options
	switch (source.type) {
		case 'text':
			return textParts(source.data)
		case 'base64':
			return [inline(source.media_type, source.data, 'document', field, notes)]
		case 'url':
			return [linked(source.url, 'document', field, notes)]
		case 'content': {
			if (typeof source.content === 'string') return textParts(source.content)
			return source.content.flatMap(block => toParts(block, field, options))
		}
		default:
			return [omitted('document', 'files uploaded to Anthropic stay there', field, notes)]
	}
}

type Kind = 'image' | 'document'

function inline(mimeType: string, data: string, kind: Kind, field: string, notes: Note[]): Part {
	if (inlineTypes.test(mimeType)) return { inlineData: { mimeType, data } }
	return omitted(kind, `Gemini takes no ${mimeType}`, field, notes)
}

const typesByExtension: Readonly<Record<string, string>> = {
	png: 'image/png',
	jpg: 'image/jpeg',
	jpeg: 'image/jpeg',
	webp: 'image/webp',
	gif: 'image/gif',
	pdf: 'application/pdf',
	txt: 'text/plain',
	md: 'text/markdown',
	csv: 'text/csv',
	html: 'text/html',
}

/** Gemini fetches public https addresses itself: https://ai.google.dev/gemini-api/docs/file-input-methods */
function linked(url: string, kind: Kind, field: string, notes: Note[]): Part {
	const data = /^data:([^;,]+);base64,(.*)$/s.exec(url)
	if (data) return inline(data[1] as string, data[2] as string, kind, field, notes)
	if (!/^(?:https|gs):\/\//i.test(url)) {
		return omitted(kind, 'Gemini fetches from https addresses only', field, notes)
	}
	const extension = /\.(\w+)(?:[?#]|$)/.exec(url)?.[1]?.toLowerCase() ?? ''
	const mimeType = typesByExtension[extension] ?? (kind === 'image' ? 'image/jpeg' : 'application/pdf')
	if (!inlineTypes.test(mimeType)) return omitted(kind, `Gemini takes no ${mimeType}`, field, notes)
	return { fileData: { mimeType, fileUri: url } }
}

function omitted(kind: Kind, reason: string, field: string, notes: Note[]): Part {
	notes.push({ field, action: 'replaced', detail: `the ${kind} became a text: ${reason}` })
	return { text: `[${kind} left out: ${reason}]` }
}

function searchResultText(block: SearchResultBlock): string {
	return [block.title, block.source, ...block.content.map(part => part.text)].join('\n')
}

/** Blocks of server tools in a history that another upstream wrote, and blocks newer than this version. */
function otherParts(block: { type: string }, field: string, notes: Note[]): Part[] {
	const fields: Record<string, unknown> = { ...block }
	if (block.type === 'server_tool_use' || block.type === 'mcp_tool_use') {
		return textParts(`[used ${fields.name} with ${JSON.stringify(fields.input ?? {})}]`)
	}
	if (block.type === 'web_search_tool_result' && Array.isArray(fields.content)) {
		const found = fields.content.filter(isRecord).map(result => `- ${result.title} ${result.url}`)
		return textParts(['[search results]', ...found].join('\n'))
	}
	for (const text of [fields.text, fields.content]) {
		if (typeof text === 'string' && text !== '') return textParts(text)
	}
	if (typeof fields.content === 'object' && fields.content !== null) return textParts(describeBlock(block))
	notes.push({ field, action: 'dropped', detail: `Gemini has nothing like a ${block.type} block` })
	return []
}
