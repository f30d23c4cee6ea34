import type { Note } from '../../messages/notes.ts'
import type { ContentBlock, Tool } from '../../messages/request.ts'
import { isRecord } from '../shared/failure.ts'
import type { WebSearchCall, WebSearchTool } from './wire.ts'

/** Anthropic's search tool has a dated type: `web_search_20250305`. */
export function isWebSearch(tool: Tool): boolean {
	return tool.input_schema == null && /^web_search_\d/.test(tool.type ?? '')
}

/** https://platform.openai.com/docs/guides/tools-web-search: domains can be allowed, not blocked. */
export function toWebSearchTool(tool: Tool, notes: Note[]): WebSearchTool {
	const allowed = Array.isArray(tool.allowed_domains) ? tool.allowed_domains.filter(isText) : []
	if (Array.isArray(tool.blocked_domains) && tool.blocked_domains.length > 0) {
		const detail = 'the web search of this API can be limited to domains, but not kept from some'
		notes.push({ field: 'tools.blocked_domains', action: 'dropped', detail })
	}
	return {
		type: 'web_search',
		...(allowed.length > 0 && { filters: { allowed_domains: allowed } }),
		...(isRecord(tool.user_location) && { user_location: toLocation(tool.user_location) }),
	}
}

function toLocation(given: Record<string, unknown>): NonNullable<WebSearchTool['user_location']> {
	const { city, region, country, timezone } = given
	return {
		type: 'approximate',
		...(isText(city) && { city }),
		...(isText(region) && { region }),
		...(isText(country) && { country }),
		...(isText(timezone) && { timezone }),
	}
}

const isText = (value: unknown): value is string => typeof value === 'string' && value !== ''

/** Anthropic's ids of server tools begin so; the upstream's own id follows. */
const idPrefix = 'srvtoolu_'

export function toServerToolId(itemId: string): string {
	return idPrefix + itemId
}

/** A search of this upstream type in history, as the item it came from; undefined for any other block. */
export function toWebSearchCall(block: ContentBlock | { type: string }): WebSearchCall | undefined {
	const { type, id, input } = block as Record<string, unknown>
	if (type !== 'server_tool_use' || typeof id !== 'string' || !isOwnId(id)) return undefined
	const query = isRecord(input) && typeof input.query === 'string' ? input.query : ''
	const action = { type: 'search', query } as const
	return { type: 'web_search_call', id: id.slice(idPrefix.length), status: 'completed', action }
}

/** Its results: the answer's text holds what the model took from them. */
export function isOwnSearchResult(block: ContentBlock | { type: string }): boolean {
	const { type, tool_use_id: id } = block as Record<string, unknown>
	return type === 'web_search_tool_result' && typeof id === 'string' && isOwnId(id)
}

const isOwnId = (id: string) => id.startsWith(`${idPrefix}ws_`)
