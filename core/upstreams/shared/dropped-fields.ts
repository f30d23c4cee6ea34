import type { Note } from '../../messages/notes.ts'
import type { MessageRequest } from '../../messages/request.ts'

/** Fields that ask for something at Anthropic's servers and have no counterpart in OpenAI's APIs. */
export function noteDroppedFields(request: MessageRequest, notes: Note[]): void {
	const drop = (field: string, detail: string) => void notes.push({ field, action: 'dropped', detail })
	if (Array.isArray(request.mcp_servers) && request.mcp_servers.length > 0) {
		drop('mcp_servers', 'MCP servers are not called by this upstream')
	}
	if (request.container != null) drop('container', 'containers of another provider mean nothing here')
	// `auto` is what holds without the field.
	if (request.service_tier != null && request.service_tier !== 'auto') {
		drop('service_tier', 'the tier is chosen in the upstream’s own project settings')
	}
}
