import type { BlockWriter } from '../../messages/block-writer.ts'
import { isRecord } from '../shared/failure.ts'

interface Source {
	url: string
	title: string
}

/**
 * Google Search's sources as citations of the open text, and as the blocks of one web search.
 * Source: https://ai.google.dev/gemini-api/docs/google-search
 */
export function writeGrounding(
	metadata: Record<string, unknown>,
	blocks: BlockWriter,
	options: { textIsOpen: boolean; newToolId(): string },
): void {
	const chunks = Array.isArray(metadata.groundingChunks) ? metadata.groundingChunks : []
	const sources = chunks.map(readSource)
	if (options.textIsOpen) writeCitations(metadata.groundingSupports, sources, blocks)
	const queries = Array.isArray(metadata.webSearchQueries)
		? metadata.webSearchQueries.filter(query => typeof query === 'string')
		: []
	const found = sources.filter(source => source !== undefined)
	if (queries.length === 0 && found.length === 0) return
	const id = `srv${options.newToolId()}`
	blocks.block({ type: 'server_tool_use', id, name: 'web_search', input: { query: queries.join(' | ') } })
	const content = found.map(source => ({
		type: 'web_search_result',
		...source,
		encrypted_content: '',
		page_age: null,
	}))
	blocks.block({ type: 'web_search_tool_result', tool_use_id: id, content })
	blocks.usage({ server_tool_use: { web_search_requests: Math.max(queries.length, 1) } })
}

function readSource(chunk: unknown): Source | undefined {
	const web = isRecord(chunk) && isRecord(chunk.web) ? chunk.web : undefined
	if (typeof web?.uri !== 'string') return undefined
	return { url: web.uri, title: typeof web.title === 'string' ? web.title : web.uri }
}

function writeCitations(supports: unknown, sources: (Source | undefined)[], blocks: BlockWriter): void {
	for (const support of Array.isArray(supports) ? supports : []) {
		if (!isRecord(support) || !Array.isArray(support.groundingChunkIndices)) continue
		const text = isRecord(support.segment) ? support.segment.text : ''
		for (const index of support.groundingChunkIndices) {
			const source = typeof index === 'number' ? sources[index] : undefined
			if (!source) continue
			blocks.citation({
				type: 'web_search_result_location',
				...source,
				encrypted_index: '',
				cited_text: typeof text === 'string' ? text : '',
			})
		}
	}
}
