import type { Note } from '../../messages/notes.ts'
import type { CountTokensRequest, Tool } from '../../messages/request.ts'
import { RequestRefused } from '../contract.ts'
import { createToolKeeper } from '../shared/kept-tools.ts'
import { createToolNames, type ToolNames } from '../shared/tool-names.ts'
import { type ReducedSchema, reduceParameters } from './json-schema.ts'
import { toJsonSchema } from './schema-as-json.ts'
import type { FunctionDeclaration, GeminiTool, ToolConfig } from './wire.ts'

export interface ConvertedTools {
	tools: GeminiTool[] | undefined
	toolConfig: ToolConfig | undefined
	names: ToolNames
	/** Functions of the client are among the tools. */
	hasFunctions: boolean
}

/** https://ai.google.dev/api/caching#FunctionDeclaration; older models take no more than 64 characters. */
const nameRules = { maxLength: 64, legal: /^[A-Za-z_][A-Za-z0-9_-]*$/, prefix: '_' }

/** Anthropic's server tools that Gemini has a tool of its own for. */
const builtIns: readonly { type: RegExp; tool: GeminiTool }[] = [
	{ type: /^web_search_\d+$/, tool: { googleSearch: {} } },
	{ type: /^web_fetch_\d+$/, tool: { urlContext: {} } },
	{ type: /^code_execution_\d+$/, tool: { codeExecution: {} } },
]

type ToolRequest = Pick<CountTokensRequest, 'tools' | 'tool_choice'>

/** Tools and tool_choice. Gemini's own tools are used when no function of the client is there: see `dropTool`. */
export function toTools(request: ToolRequest, notes: Note[]): ConvertedTools {
	const tools = request.tools ?? []
	const functions = tools.filter(isFunction)
	const names = createToolNames(
		functions.map(tool => tool.name),
		nameRules,
	)
	const declared = keepTools(tools, '', notes, own => toDeclarations(tools, names, own))
	const declarations = declared[0]?.functionDeclarations ?? []
	const builtIn: GeminiTool[] = []
	for (const [index, tool] of tools.entries()) {
		if (isFunction(tool) || request.tool_choice?.type === 'none') continue
		const own = builtIns.find(({ type }) => type.test(tool.type ?? ''))?.tool
		if (!own || declarations.length > 0) dropTool(tool, index, request, own !== undefined, notes)
		else {
			builtIn.push(own)
			noteLimits(tool, index, notes)
		}
	}
	const converted = declarations.length > 0 ? declared : builtIn
	return {
		tools: converted.length > 0 ? converted : undefined,
		toolConfig: toToolConfig(request, declarations, names, notes),
		names,
		hasFunctions: declarations.length > 0,
	}
}

const keepTools = createToolKeeper<GeminiTool[]>()

function isFunction(tool: Tool): boolean {
	return tool.input_schema != null || tool.type == null || tool.type === 'custom'
}

function toDeclarations(tools: readonly Tool[], names: ToolNames, notes: Note[]): GeminiTool[] {
	const declarations = new Map<string, FunctionDeclaration>()
	for (const [index, tool] of tools.entries()) {
		if (!isFunction(tool)) continue
		const field = `tools.${index}`
		const name = names.toUpstream(tool.name)
		if (name !== tool.name) {
			const detail = `the name became ${name}, since Gemini takes 64 letters, digits, _ and -`
			notes.push({ field: `${field}.name`, action: 'renamed', detail })
		}
		if (declarations.has(name)) {
			notes.push({ field, action: 'dropped', detail: 'another tool has the same name' })
			continue
		}
		const reduced = reduceParameters(tool.input_schema)
		if (reduced && reduced.dropped.length > 0) {
			const detail = `Gemini's schema cannot say: ${reduced.dropped.join(', ')}`
			notes.push({ field: `${field}.input_schema`, action: 'dropped', detail })
		}
		const description = tool.description ? { description: tool.description } : {}
		declarations.set(name, { name, ...description, ...(reduced && toParameters(reduced)) })
	}
	return declarations.size > 0 ? [{ functionDeclarations: [...declarations.values()] }] : []
}

/** `parameters` is what every model and relay knows; what it cannot say goes the newer way. */
function toParameters({ schema, freeForm }: ReducedSchema): Partial<FunctionDeclaration> {
	return freeForm ? { parametersJsonSchema: toJsonSchema(schema) } : { parameters: schema }
}

/**
 * Before Gemini 3 built-in tools and functions exclude each other, and Gemini 3 wants parts back that a Messages
 * client cannot carry: https://ai.google.dev/gemini-api/docs/tool-combination
 */
function dropTool(tool: Tool, index: number, request: ToolRequest, mixing: boolean, notes: Note[]): void {
	const reason = mixing
		? 'Gemini cannot use it together with the other tools'
		: `Gemini has nothing like ${tool.type}`
	const choice = request.tool_choice
	if (choice?.type === 'tool' && choice.name === tool.name) {
		throw new RequestRefused('tool_choice', `tool ${tool.name} cannot be forced: ${reason}`)
	}
	notes.push({ field: `tools.${index}`, action: 'dropped', detail: reason })
}

const limits = ['allowed_domains', 'blocked_domains', 'user_location', 'max_uses', 'max_content_tokens']

function noteLimits(tool: Tool, index: number, notes: Note[]): void {
	const given = limits.filter(key => tool[key] != null)
	if (given.length === 0) return
	const detail = `Gemini's own tool takes no ${given.join(', ')}`
	notes.push({ field: `tools.${index}`, action: 'dropped', detail })
}

function toToolConfig(
	request: ToolRequest,
	declarations: FunctionDeclaration[],
	names: ToolNames,
	notes: Note[],
): ToolConfig | undefined {
	const choice = request.tool_choice
	if (!choice) return undefined
	if (choice.type !== 'none' && choice.disable_parallel_tool_use) {
		const detail = 'Gemini cannot be kept from calling several tools at once'
		notes.push({ field: 'tool_choice.disable_parallel_tool_use', action: 'dropped', detail })
	}
	if (choice.type === 'tool' && !request.tools?.some(tool => tool.name === choice.name)) {
		throw new RequestRefused(
			'tool_choice.name',
			`tool_choice names ${choice.name}, which is not among the tools`,
		)
	}
	if (declarations.length === 0) {
		if (choice.type === 'any' || choice.type === 'tool') {
			const detail = 'Gemini decides itself when it uses its own tools'
			notes.push({ field: 'tool_choice', action: 'dropped', detail })
		}
		return undefined
	}
	if (choice.type === 'auto') return { functionCallingConfig: { mode: 'AUTO' } }
	if (choice.type === 'none') return { functionCallingConfig: { mode: 'NONE' } }
	const allowed = choice.type === 'tool' ? { allowedFunctionNames: [names.toUpstream(choice.name)] } : {}
	return { functionCallingConfig: { mode: 'ANY', ...allowed } }
}
