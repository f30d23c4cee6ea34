import type { BlockWriter } from '../../messages/block-writer.ts'
import { isRecord } from '../shared/failure.ts'
import { readText } from './output-items.ts'
import { toServerToolId } from './web-search.ts'

/**
 * A web search as the blocks of Anthropic's own. Pages that the model opened or looked through are no search: false.
 * Source: https://platform.openai.com/docs/guides/tools-web-search#output-and-citations
 */
export function writeWebSearch(
	raw: Record<string, unknown>,
	blocks: BlockWriter,
	newId: () => string,
): boolean {
	const action = isRecord(raw.action) ? raw.action : {}
	if ((action.type ?? 'search') !== 'search') return false
	const id = toServerToolId(readText(raw.id) || newId())
	blocks.block({ type: 'server_tool_use', id, name: 'web_search', input: { query: readQuery(action) } })
	const content =
		raw.status === 'failed'
			? { type: 'web_search_tool_result_error', error_code: 'unavailable' }
			: readSources(action.sources)
	blocks.block({ type: 'web_search_tool_result', tool_use_id: id, content })
	return true
}

function readQuery(action: Record<string, unknown>): string {
	if (typeof action.query === 'string' && action.query !== '') return action.query
	const queries = Array.isArray(action.queries) ? action.queries : []
	return queries.filter(query => typeof query === 'string').join(' | ')
}

/** Sources have an address only; titles come with the citations. */
function readSources(sources: unknown): unknown[] {
	if (!Array.isArray(sources)) return []
	return sources.flatMap(source => {
		if (!isRecord(source) || typeof source.url !== 'string') return []
		const { url } = source
		return [{ type: 'web_search_result', url, title: url, encrypted_content: '', page_age: null }]
	})
}
