import type { Note } from '../../messages/notes.ts'
import type { MessageRequest, Tool } from '../../messages/request.ts'
import { createToolKeeper } from '../shared/kept-tools.ts'
import { isFunctionTool } from '../shared/openai-tools.ts'
import { isStrictSchema } from '../shared/output-schema.ts'
import type { ToolNames } from '../shared/tool-names.ts'
import { toToolParameters } from '../shared/tool-schema.ts'
import { isWebSearch, toWebSearchTool } from './web-search.ts'
import type { ResponsesRequest, ToolChoiceOption } from './wire.ts'

export const isKnownTool = (tool: Tool) => isFunctionTool(tool) || isWebSearch(tool)

/**
 * Pure in `tools`: the same list gives the same bytes, which keeps prompt caches warm.
 * `strict: false` must be said: this API makes schemas strict by itself, which changes what they mean. A tool that the
 * client wants strict is, unless its schema breaks OpenAI's rules for that: then it would be a 400.
 */
export function toTools(tools: readonly Tool[], options: ToolOptions): SentTools {
	const variant = String(options.official)
	return keepTools(tools, variant, options.notes, notes => convertTools(tools, { ...options, notes }))
}

type SentTools = NonNullable<ResponsesRequest['tools']>

interface ToolOptions {
	official: boolean
	names: ToolNames
	notes: Note[]
}

const keepTools = createToolKeeper<SentTools>()

function convertTools(tools: readonly Tool[], options: ToolOptions): SentTools {
	return tools.flatMap((tool, index): SentTools => {
		if (!isFunctionTool(tool)) return isKnownTool(tool) ? [toWebSearchTool(tool, options.notes)] : []
		const { description } = tool
		const name = options.names.toUpstream(tool.name)
		const parameters = toToolParameters(tool, index, options)
		const strict = tool.strict === true && isStrictSchema(parameters)
		if (tool.strict === true && !strict) {
			const detail = `tool "${tool.name}" is not strict upstream: its schema breaks OpenAI’s rules for strict ones`
			options.notes.push({ field: 'tools', action: 'dropped', detail })
		}
		return [{ type: 'function', name, ...(description && { description }), parameters, strict }]
	})
}

export function toToolChoice(request: MessageRequest, names: ToolNames): ToolChoiceOption | undefined {
	const choice = request.tool_choice
	if (choice?.type === 'any') return 'required'
	if (choice?.type !== 'tool') return choice?.type
	const tool = request.tools?.find(({ name }) => name === choice.name)
	if (tool && isWebSearch(tool)) return { type: 'web_search' }
	return { type: 'function', name: names.toUpstream(choice.name) }
}

/** The client's `max_uses`; here it counts all built-in tools together, and search is the only one sent. */
export function maxSearches(request: MessageRequest): number | undefined {
	const limit = request.tools?.find(isWebSearch)?.max_uses
	return typeof limit === 'number' && limit >= 1 ? Math.floor(limit) : undefined
}
