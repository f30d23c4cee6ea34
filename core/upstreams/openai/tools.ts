import type { Note } from '../../messages/notes.ts'
import type { MessageRequest, Tool } from '../../messages/request.ts'
import { RequestRefused } from '../contract.ts'
import type { ToolNameRules, ToolNames } from '../shared/tool-names.ts'
import { toParameters } from './tool-schema.ts'
import type { Dialect, FunctionTool, ToolChoiceOption } from './wire.ts'

/** "a-z, A-Z, 0-9, underscores and dashes, with a maximum length of 64" */
export const toolNameRules: ToolNameRules = { maxLength: 64, legal: /^[A-Za-z0-9_-]+$/, prefix: 'tool_' }

/** A tool the client runs. Anthropic's own tools have a dated `type` and no schema. */
function isFunctionTool(tool: Tool): boolean {
	return tool.type == null || tool.type === 'custom' || tool.input_schema != null
}

/** Pure in `tools`: the same list gives the same bytes, which keeps prompt caches warm. */
export function toFunctionTools(tools: readonly Tool[], names: ToolNames): FunctionTool[] {
	return tools.filter(isFunctionTool).map(tool => ({
		type: 'function',
		function: {
			name: names.toUpstream(tool.name),
			...(tool.description && { description: tool.description }),
			parameters: toParameters(tool.input_schema),
		},
	}))
}

/**
 * What to say about Anthropic's own tools, which Chat Completions cannot run.
 * @throws RequestRefused when the client forces one: leaving it out would falsify the answer
 */
export function refuseServerTools(request: MessageRequest, notes: Note[]): void {
	const dropped = (request.tools ?? []).filter(tool => !isFunctionTool(tool))
	const choice = request.tool_choice
	for (const tool of dropped) {
		const forced = choice?.type === 'tool' && choice.name === tool.name
		const only = choice?.type === 'any' && dropped.length === request.tools?.length
		if (forced || only) {
			const message = `tool "${tool.name}" (${tool.type}) is built into Claude; this upstream has no such tool`
			throw new RequestRefused('tool_choice', message)
		}
		const detail = `tool "${tool.name}" (${tool.type}) is built into Claude and was left out: other models do not know it`
		notes.push({ field: 'tools', action: 'dropped', detail })
	}
}

export function toToolChoice(
	choice: MessageRequest['tool_choice'],
	tools: readonly FunctionTool[],
	options: { dialect: Dialect; names: ToolNames; notes: Note[] },
): ToolChoiceOption | undefined {
	if (choice?.type === 'tool') return forceTool(options.names.toUpstream(choice.name))
	if (choice?.type !== 'any') return choice?.type
	if (options.dialect === 'openai') return 'required'
	// `required` came half a year after tools: one tool can be named instead.
	if (tools.length === 1 && tools[0]) return forceTool(tools[0].function.name)
	const detail = 'this upstream type cannot force one of several tools: the model may answer without any'
	options.notes.push({ field: 'tool_choice', action: 'replaced', detail })
	return 'auto'
}

function forceTool(name: string): ToolChoiceOption {
	return { type: 'function', function: { name } }
}
