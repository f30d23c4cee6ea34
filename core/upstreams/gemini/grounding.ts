import type { BlockWriter } from '../../messages/block-writer.ts'
import { isRecord } from '../shared/failure.ts'

interface Source {
	url: string
	title: string
}

type Metadata = Readonly<Record<string, unknown>>

/**
 * Google Search's sources as the blocks of one web search, before the text that they are the ground of: clients read
 * an answer from its last block (clients 0.9). False when no source is known.
 * Source: https://ai.google.dev/gemini-api/docs/google-search
 */
export function writeSearch(metadata: Metadata, blocks: BlockWriter, newToolId: () => string): boolean {
	const found = readSources(metadata).filter(source => source !== undefined)
	if (found.length === 0) return false
	const id = `srv${newToolId()}`
	const input = { query: readQueries(metadata).join(' | ') }
	blocks.block({ type: 'server_tool_use', id, name: 'web_search', input })
	const content = found.map(source => ({
		type: 'web_search_result',
		...source,
		encrypted_content: '',
		page_age: null,
	}))
	blocks.block({ type: 'web_search_tool_result', tool_use_id: id, content })
	return true
}

/**
 * The end of a grounded answer: sources as citations of the open text. In a stream they mostly come last; text is not
 * held back for them, and blocks after it would hide it, so then the citations are all there is of them.
 *
 * @param options.searched the blocks of the search have been written
 */
export function finishGrounding(
	metadata: Metadata,
	blocks: BlockWriter,
	options: { textIsOpen: boolean; searched: boolean },
): void {
	const sources = readSources(metadata)
	const queries = readQueries(metadata)
	const found = sources.some(source => source !== undefined)
	if (!found && queries.length === 0) return
	blocks.usage({ server_tool_use: { web_search_requests: Math.max(queries.length, 1) } })
	const cited = options.textIsOpen ? writeCitations(metadata.groundingSupports, sources, blocks) : new Set()
	if (options.searched || !found) return
	if (options.textIsOpen) {
		for (const source of sources) if (source && !cited.has(source)) writeCitation(source, '', blocks)
	}
	const detail = 'the sources came after the text: they are told as its citations, not as blocks of a search'
	blocks.note({ field: 'groundingMetadata', action: 'dropped', detail })
}

/** By their index, which the citations use; undefined where a chunk is no web page. */
function readSources(metadata: Metadata): (Source | undefined)[] {
	return Array.isArray(metadata.groundingChunks) ? metadata.groundingChunks.map(readSource) : []
}

function readSource(chunk: unknown): Source | undefined {
	const web = isRecord(chunk) && isRecord(chunk.web) ? chunk.web : undefined
	if (typeof web?.uri !== 'string') return undefined
	return { url: web.uri, title: typeof web.title === 'string' ? web.title : web.uri }
}

function readQueries(metadata: Metadata): string[] {
	const queries = Array.isArray(metadata.webSearchQueries) ? metadata.webSearchQueries : []
	return queries.filter(query => typeof query === 'string')
}

/** Returns the sources that were cited. */
function writeCitations(
	supports: unknown,
	sources: readonly (Source | undefined)[],
	blocks: BlockWriter,
): Set<Source> {
	const cited = new Set<Source>()
	for (const support of Array.isArray(supports) ? supports : []) {
		if (!isRecord(support) || !Array.isArray(support.groundingChunkIndices)) continue
		const text = isRecord(support.segment) ? support.segment.text : ''
		for (const index of support.groundingChunkIndices) {
			const source = typeof index === 'number' ? sources[index] : undefined
			if (!source) continue
			cited.add(source)
			writeCitation(source, typeof text === 'string' ? text : '', blocks)
		}
	}
	return cited
}

function writeCitation(source: Source, text: string, blocks: BlockWriter): void {
	blocks.citation({
		type: 'web_search_result_location',
		...source,
		encrypted_index: '',
		cited_text: text,
	})
}
