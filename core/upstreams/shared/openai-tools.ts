import type { Note } from '../../messages/notes.ts'
import type { MessageRequest, Tool } from '../../messages/request.ts'
import { RequestRefused } from '../contract.ts'
import { createToolNames, type ToolNameRules, type ToolNames } from './tool-names.ts'

/** "a-z, A-Z, 0-9, underscores and dashes, with a maximum length of 64" */
const toolNameRules: ToolNameRules = { maxLength: 64, legal: /^[A-Za-z0-9_-]+$/, prefix: 'tool_' }

/** Moonshot wants a letter at the beginning: MoonshotAI/kimi-cli#2531. */
const moonshotNameRules: ToolNameRules = { ...toolNameRules, legal: /^[A-Za-z][A-Za-z0-9_-]*$/ }

export function createOpenAiToolNames(request: MessageRequest, moonshot = false): ToolNames {
	const names = request.tools?.map(tool => tool.name) ?? []
	return createToolNames(names, moonshot ? moonshotNameRules : toolNameRules)
}

export function noteRenamedTools(names: ToolNames, notes: Note[]): void {
	for (const name of names.renamed.values()) {
		notes.push({ field: 'tools', action: 'renamed', detail: `tool name "${name}" is not allowed upstream` })
	}
}

/** A tool the client runs. Anthropic's own tools have a dated `type` and no schema. */
export function isFunctionTool(tool: Tool): boolean {
	return tool.type == null || tool.type === 'custom' || tool.input_schema != null
}

/**
 * What to say about those of Anthropic's own tools that the upstream cannot run.
 * @throws RequestRefused when the client forces one: leaving it out would falsify the answer
 */
export function refuseServerTools(
	request: MessageRequest,
	isKnown: (tool: Tool) => boolean,
	notes: Note[],
): void {
	const dropped = (request.tools ?? []).filter(tool => !isKnown(tool))
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
