import type { Note } from '../../messages/notes.ts'
import type { MessageRequest } from '../../messages/request.ts'
import { isRecord } from './failure.ts'

/** Fields that ask for something at Anthropic's servers and have no counterpart in any other API. */
export function noteDroppedFields(request: MessageRequest, notes: Note[]): void {
	const drop = (field: string, detail: string) => void notes.push({ field, action: 'dropped', detail })
	if (Array.isArray(request.mcp_servers) && request.mcp_servers.length > 0) {
		drop('mcp_servers', 'MCP servers are not called by this upstream')
	}
	if (request.container != null) drop('container', 'containers live at Anthropic and mean nothing here')
	// `auto` is what holds without the field.
	if (request.service_tier != null && request.service_tier !== 'auto') {
		drop('service_tier', 'the tier is chosen in the upstream’s own project settings')
	}
	if (editsContext(request.context_management)) {
		drop('context_management', 'this upstream does not shorten a conversation: all of it was sent')
	}
	if (request.compaction != null)
		drop('compaction', 'this upstream does not shorten a conversation: all of it was sent')
	if (Array.isArray(request.fallbacks) && request.fallbacks.length > 0) {
		drop('fallbacks', 'another key of the upstream is tried, never another model')
	}
	if (request.output_config?.task_budget != null) {
		drop('output_config.task_budget', 'budgets of whole tasks are not known here')
	}
}

/** Whether anything would be taken out of the conversation: Claude Code always asks to keep all of its thinking. */
function editsContext(management: unknown): boolean {
	const edits = isRecord(management) && Array.isArray(management.edits) ? management.edits : []
	return edits.some(edit => isRecord(edit) && edit.keep !== 'all')
}
