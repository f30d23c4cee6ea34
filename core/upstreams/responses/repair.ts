import { describeFact, type LearnedFact } from '../../config/learned-facts.ts'
import type { Note } from '../../messages/notes.ts'
import { mediaPlaceholder } from '../shared/complaint-content.ts'
import { removeField } from '../shared/json-path.ts'
import { describeSchema } from '../shared/output-schema.ts'
import { effortScale, nearestEffort } from '../shared/reasoning-effort.ts'
import { withoutKeyword, withoutRootKeyword } from '../shared/schema-edit.ts'
import type { InputItem, InputPart, ResponsesRequest } from './wire.ts'

/** The request as the upstream's refusals taught; each fact that changes it is noted. Changes the body given. */
export function respectFacts(
	body: ResponsesRequest,
	facts: readonly LearnedFact[],
	notes: Note[],
): ResponsesRequest {
	for (const fact of facts) {
		const action = respect(body, fact)
		if (action) notes.push({ ...describeFact(fact), action })
	}
	return body
}

/** Tools that the client wants strict; leaving the field out would make them strict all the same. */
export const strictTools = 'tools.*.strict.true'

/** Undefined when the request has nothing of the kind. */
function respect(body: ResponsesRequest, fact: LearnedFact): Note['action'] | undefined {
	switch (fact.kind) {
		case 'token-limit':
			if (body.max_output_tokens <= fact.limit) return undefined
			body.max_output_tokens = fact.limit
			return 'clamped'
		case 'no-field':
			return dropField(body, fact.path)
		case 'efforts':
			return limitEffort(body, fact.values)
		case 'no-role':
			return changeItems(body, item => replaceRole(item, fact.role), 'replaced')
		case 'no-keyword':
			return reduceSchemas(body, fact)
		case 'no-media':
			return changeItems(body, item => replaceMedia(item, fact.media), 'replaced')
		case 'foreign-thinking':
			return changeItems(body, item => (item.type === 'reasoning' ? [] : [item]), 'dropped')
		default:
			return undefined
	}
}

function dropField(body: ResponsesRequest, path: string): Note['action'] | undefined {
	if (path === strictTools) return loosenTools(body)
	const { tool_choice: choice } = body
	const format = body.text?.format
	if (!removeField(body, path)) return undefined
	// A model that must not call tools is given none.
	if (path === 'tool_choice' && choice === 'none') delete body.tools
	if (body.reasoning && Object.keys(body.reasoning).length === 0) delete body.reasoning
	if ((path !== 'text' && path !== 'text.format') || !format) return 'dropped'
	delete body.text
	const wish = describeSchema(format.schema)
	body.instructions = body.instructions === undefined ? wish : `${body.instructions}\n\n${wish}`
	return 'replaced'
}

function loosenTools(body: ResponsesRequest): Note['action'] | undefined {
	const isStrict = (tool: NonNullable<ResponsesRequest['tools']>[number]) =>
		tool.type === 'function' && tool.strict
	if (!body.tools?.some(isStrict)) return undefined
	body.tools = body.tools.map(tool => (isStrict(tool) ? { ...tool, strict: false } : tool))
	return 'replaced'
}

function limitEffort(body: ResponsesRequest, values: readonly string[]): Note['action'] | undefined {
	const wanted = body.reasoning?.effort
	if (!body.reasoning || wanted === undefined || values.includes(wanted)) return undefined
	const taken = effortScale.filter(effort => values.includes(effort))
	// Off is never the nearest of anything: the model's own default is.
	const effort = nearestEffort(wanted, wanted === 'none' ? taken : taken.filter(one => one !== 'none'))
	if (effort === undefined) removeField(body, 'reasoning.effort')
	else body.reasoning.effort = effort
	return 'replaced'
}

function changeItems(
	body: ResponsesRequest,
	change: (item: InputItem) => InputItem[],
	action: Note['action'],
): Note['action'] | undefined {
	const changed = body.input.flatMap(change)
	const isSame = changed.length === body.input.length && changed.every((item, at) => item === body.input[at])
	body.input = changed
	return isSame ? undefined : action
}

/** Instructions go where the upstream takes them: into the user's turn. */
function replaceRole(item: InputItem, role: 'system' | 'developer'): InputItem[] {
	if (item.type !== 'message' || item.role !== role) return [item]
	const content = item.content.map(part =>
		part.type === 'input_text'
			? { ...part, text: `<system-reminder>\n${part.text}\n</system-reminder>` }
			: part,
	)
	return [{ type: 'message', role: 'user', content }]
}

function replaceMedia(item: InputItem, media: 'image' | 'document'): InputItem[] {
	const type = media === 'image' ? 'input_image' : 'input_file'
	const has = (parts: unknown): parts is InputPart[] =>
		Array.isArray(parts) && (parts as InputPart[]).some(part => part.type === type)
	const replace = (parts: InputPart[]) =>
		parts.map(
			(part): InputPart =>
				part.type === type ? { type: 'input_text', text: mediaPlaceholder(media) } : part,
		)
	if (item.type === 'function_call_output' && has(item.output)) {
		return [{ ...item, output: replace(item.output) }]
	}
	if (item.type !== 'message' || item.role === 'assistant' || !has(item.content)) return [item]
	return [{ ...item, content: replace(item.content) }]
}

function reduceSchemas(
	body: ResponsesRequest,
	{ keyword, root }: { keyword: string; root: boolean },
): Note['action'] | undefined {
	let changed = false
	const tools = body.tools?.map(tool => {
		if (tool.type !== 'function') return tool
		const reduced = root
			? withoutRootKeyword(tool.parameters, keyword)
			: withoutKeyword(tool.parameters, keyword)
		if (reduced === tool.parameters) return tool
		changed = true
		return { ...tool, parameters: reduced }
	})
	if (tools) body.tools = tools
	return changed ? 'dropped' : undefined
}
