import { describeFact, type LearnedFact } from '../../config/learned-facts.ts'
import type { Note } from '../../messages/notes.ts'
import { mediaPlaceholder } from '../shared/complaint-content.ts'
import { removeField } from '../shared/json-path.ts'
import { describeSchema } from '../shared/output-schema.ts'
import { effortScale, nearestEffort, type ReasoningEffort } from '../shared/reasoning-effort.ts'
import { withoutKeyword, withoutRootKeyword } from '../shared/schema-edit.ts'
import type { ChatMessage, ChatRequest, ContentPart } from './wire.ts'

/** The request as the upstream's refusals taught; each fact that changes it is noted. Changes the body given. */
export function respectFacts(body: ChatRequest, facts: readonly LearnedFact[], notes: Note[]): ChatRequest {
	for (const fact of facts) {
		const action = respect(body, fact)
		if (action) notes.push({ ...describeFact(fact), action })
	}
	return body
}

/** Undefined when the request has nothing of the kind. */
function respect(body: ChatRequest, fact: LearnedFact): Note['action'] | undefined {
	switch (fact.kind) {
		case 'token-field':
			return renameTokens(body, fact.field)
		case 'token-limit':
			return limitTokens(body, fact.limit)
		case 'no-field':
			return dropField(body, fact.path)
		case 'efforts':
			return limitEffort(body, fact.values)
		case 'no-effort-with-tools':
			return separateTools(body, fact.off)
		case 'no-role':
			return replaceRole(body, fact.role)
		case 'no-keyword':
			return reduceSchemas(body, fact)
		case 'no-media':
			return replaceMedia(body, fact.media === 'image' ? 'image_url' : 'file', fact.media)
		default:
			return undefined
	}
}

function renameTokens(body: ChatRequest, field: 'max_tokens' | 'max_completion_tokens') {
	const other = field === 'max_tokens' ? 'max_completion_tokens' : 'max_tokens'
	const tokens = body[other]
	if (tokens === undefined) return undefined
	delete body[other]
	body[field] = tokens
	return 'renamed'
}

function limitTokens(body: ChatRequest, limit: number) {
	let action: Note['action'] | undefined
	for (const field of ['max_tokens', 'max_completion_tokens'] as const) {
		if ((body[field] ?? 0) <= limit) continue
		body[field] = limit
		action = 'clamped'
	}
	return action
}

function dropField(body: ChatRequest, path: string): Note['action'] | undefined {
	const { tool_choice: choice, response_format: format } = body
	if (!removeField(body, path)) return undefined
	// A model that must not call tools is given none.
	if (path === 'tool_choice' && choice === 'none') delete body.tools
	if (path !== 'response_format' || !format) return 'dropped'
	addInstruction(body, describeSchema(format.json_schema.schema))
	return 'replaced'
}

function addInstruction(body: ChatRequest, instruction: string): void {
	const first = body.messages[0]
	if (first?.role === 'system') first.content = `${first.content}\n\n${instruction}`
	else body.messages.unshift({ role: 'system', content: instruction })
}

function limitEffort(body: ChatRequest, values: readonly string[]) {
	const wanted = body.reasoning_effort
	if (wanted === undefined || values.includes(wanted)) return undefined
	const taken = effortScale.filter(effort => values.includes(effort))
	// Off is never the nearest of anything: the model's own default is.
	const effort = nearestEffort(wanted, wanted === 'none' ? taken : taken.filter(one => one !== 'none'))
	if (effort === undefined) delete body.reasoning_effort
	else body.reasoning_effort = effort
	return 'replaced'
}

function separateTools(body: ChatRequest, off: boolean) {
	const effort: ReasoningEffort | undefined = off ? 'none' : undefined
	if (!body.tools || body.reasoning_effort === effort) return undefined
	if (effort) body.reasoning_effort = effort
	else delete body.reasoning_effort
	return 'replaced'
}

/** Instructions go where the upstream takes them: from `developer` to `system`, from there into the user's turn. */
function replaceRole(body: ChatRequest, role: 'system' | 'developer') {
	if (!body.messages.some(message => message.role === role)) return undefined
	body.messages = body.messages.map((message, index): ChatMessage => {
		if (message.role !== role || typeof message.content !== 'string') return message
		if (role === 'developer' && index === 0) return { role: 'system', content: message.content }
		return { role: 'user', content: `<system-reminder>\n${message.content}\n</system-reminder>` }
	})
	return 'replaced'
}

function reduceSchemas(body: ChatRequest, { keyword, root }: { keyword: string; root: boolean }) {
	let changed = false
	body.tools = body.tools?.map(tool => {
		const { parameters } = tool.function
		const reduced = root ? withoutRootKeyword(parameters, keyword) : withoutKeyword(parameters, keyword)
		if (reduced === parameters) return tool
		changed = true
		return { ...tool, function: { ...tool.function, parameters: reduced } }
	})
	if (!body.tools) delete body.tools
	return changed ? 'dropped' : undefined
}

function replaceMedia(body: ChatRequest, type: 'image_url' | 'file', media: 'image' | 'document') {
	let changed = false
	body.messages = body.messages.map(message => {
		if (message.role !== 'user' || typeof message.content === 'string') return message
		if (!message.content.some(part => part.type === type)) return message
		changed = true
		const placeholder: ContentPart = { type: 'text', text: mediaPlaceholder(media) }
		const parts = message.content.map(part => (part.type === type ? placeholder : part))
		return { ...message, content: joinTexts(parts) }
	})
	return changed ? 'replaced' : undefined
}

/** Servers that read text only take one string at most. */
function joinTexts(parts: ContentPart[]): string | ContentPart[] {
	const texts = parts.flatMap(part => (part.type === 'text' ? [part.text] : []))
	return texts.length === parts.length ? texts.join('\n\n') : parts
}
