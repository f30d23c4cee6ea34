import type { Note } from '../../messages/notes.ts'
import type { MessageRequest, Tool } from '../../messages/request.ts'
import { createToolKeeper } from '../shared/kept-tools.ts'
import { isFunctionTool } from '../shared/openai-tools.ts'
import { isStrictSchema } from '../shared/output-schema.ts'
import type { ToolNames } from '../shared/tool-names.ts'
import { toToolParameters } from '../shared/tool-schema.ts'
import type { Dialect, FunctionTool, ToolChoiceOption } from './wire.ts'

export interface ToolOptions {
	dialect: Dialect
	/** OpenAI or Azure. */
	official: boolean
	moonshot: boolean
	names: ToolNames
	notes: Note[]
}

/** Pure in `tools`: the same list gives the same bytes, which keeps prompt caches warm. */
export function toFunctionTools(tools: readonly Tool[], options: ToolOptions): FunctionTool[] {
	const variant = `${options.dialect} ${options.official} ${options.moonshot}`
	return keepTools(tools, variant, options.notes, notes => convertTools(tools, { ...options, notes }))
}

const keepTools = createToolKeeper<FunctionTool[]>()

function convertTools(tools: readonly Tool[], options: ToolOptions): FunctionTool[] {
	return tools.flatMap((tool, index): FunctionTool[] => {
		if (!isFunctionTool(tool)) return []
		const { description } = tool
		const name = options.names.toUpstream(tool.name)
		const parameters = toToolParameters(tool, index, options)
		const strict = tool.strict === true && keepsStrict(tool, parameters, options)
		const described = { name, ...(description && { description }), parameters, ...(strict && { strict }) }
		return [{ type: 'function', function: described }]
	})
}

/** `strict` with a schema that breaks OpenAI's rules for it is a 400, and older servers know no such field. */
function keepsStrict(tool: Tool, parameters: Record<string, unknown>, options: ToolOptions): boolean {
	const reason =
		options.dialect === 'openaiold'
			? 'this upstream type knows no strict tools'
			: !isStrictSchema(parameters) && 'its schema breaks OpenAI’s rules for strict ones'
	if (!reason) return true
	const detail = `tool "${tool.name}" is not strict upstream: ${reason}`
	options.notes.push({ field: 'tools', action: 'dropped', detail })
	return false
}

/** `disable_parallel_tool_use` where the field exists, which came after tools. */
export function toParallelCalls(
	choice: MessageRequest['tool_choice'],
	{ dialect, notes }: ToolOptions,
): false | undefined {
	if (choice?.disable_parallel_tool_use !== true) return undefined
	if (dialect === 'openai') return false
	const detail = 'this upstream type cannot be kept from calling several tools at once'
	notes.push({ field: 'tool_choice', action: 'dropped', detail })
	return undefined
}

export function toToolChoice(
	choice: MessageRequest['tool_choice'],
	tools: readonly FunctionTool[],
	options: ToolOptions,
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
