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
	for (const [field, value] of Object.entries(request)) {
		if (value != null && !readFields.has(field)) drop(field, 'this upstream has nothing like it')
	}
	noteDroppedInMessages(request.messages, drop)
}

/** Top-level fields that the converters read, or that are judged above; any other is left out, next month's too. */
const readFields = new Set([
	...['model', 'messages', 'system', 'tools', 'tool_choice', 'thinking', 'output_config', 'output_format'],
	...['max_tokens', 'stream', 'temperature', 'top_p', 'top_k', 'stop_sequences', 'metadata', 'thread'],
	...['mcp_servers', 'container', 'service_tier', 'context_management', 'compaction', 'fallbacks'],
	// Prefixes are cached by the upstreams' own rules: nothing that the client said is lost.
	'cache_control',
])

/** Once per request each, however many messages have it. */
function noteDroppedInMessages(
	messages: MessageRequest['messages'],
	drop: (field: string, detail: string) => void,
): void {
	const has = (test: (message: MessageRequest['messages'][number]) => boolean) => messages.some(test)
	if (has(message => message.output_config != null)) {
		drop('messages.output_config', 'effort is set for the whole request, not for one message')
	}
	if (has(message => message.clear_at != null)) {
		drop('messages.clear_at', 'a system message stays as long as the client sends it')
	}
	const changesTools = (message: MessageRequest['messages'][number]) =>
		message.role === 'system' && Array.isArray(message.content) && message.content.some(isToolChange)
	if (has(changesTools))
		drop('messages.content', 'tools were not added or removed midway: what `tools` lists can be called')
}

/** Blocks of a system message that Claude alone acts on; their type is not among those this version reads. */
function isToolChange(block: { type: string }): boolean {
	return block.type === 'tool_addition' || block.type === 'tool_removal'
}

/** Whether anything would be taken out of the conversation: Claude Code always asks to keep all of its thinking. */
function editsContext(management: unknown): boolean {
	const edits = isRecord(management) && Array.isArray(management.edits) ? management.edits : []
	return edits.some(edit => isRecord(edit) && edit.keep !== 'all')
}
