import type { ContentBlock, SearchResultBlock, ToolResultPart } from '../../messages/request.ts'
import { toDocument } from './documents.ts'
import { type ContentOptions, text, toImage } from './parts.ts'
import type { ContentPart } from './wire.ts'

/** Blocks of a user turn as parts. Empty texts go: several servers refuse them. */
export function toParts(
	blocks: readonly (ContentBlock | ToolResultPart)[],
	options: ContentOptions,
): ContentPart[] {
	const parts: ContentPart[] = []
	for (const block of blocks) {
		for (const part of toBlockParts(block, options)) {
			if (part.type !== 'text' || part.text.trim() !== '') parts.push(part)
		}
	}
	return parts
}

function toBlockParts(block: ContentBlock | ToolResultPart, options: ContentOptions): ContentPart[] {
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
