import type { Note } from '../../messages/notes.ts'
import type { MessageRequest, Tool } from '../../messages/request.ts'
import { isFunctionTool } from '../shared/openai-tools.ts'
import type { ToolNames } from '../shared/tool-names.ts'
import { toParameters } from '../shared/tool-schema.ts'
import type { Dialect, FunctionTool, ToolChoiceOption } from './wire.ts'

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
