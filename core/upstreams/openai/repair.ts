import { describeFact, type LearnedFact } from '../../config/learned-facts.ts'
import type { Note } from '../../messages/notes.ts'
import { mediaPlaceholder } from '../shared/complaint-content.ts'
import { removeField } from '../shared/json-path.ts'
import { describeSchema } from '../shared/output-schema.ts'
import { effortScale, nearestEffort, type ReasoningEffort } from '../shared/reasoning-effort.ts'
import { withoutKeyword, withoutRootKeyword } from '../shared/schema-edit.ts'
import { hash } from '../shared/tool-names.ts'
import { skippedDetail, skippedSignature } from './thought-signature.ts'
import type { ChatMessage, ChatRequest, ContentPart, ToolCall } from './wire.ts'

/** The request as the upstream's refusals taught; each fact that changes it is noted. Changes the body given. */
export function respectFacts(body: ChatRequest, facts: readonly LearnedFact[], notes: Note[]): ChatRequest {
	// What others make of the messages has to be in order as well.
	const orders = facts.filter(({ kind }) => kind === 'role-order')
	for (const fact of [...facts.filter(({ kind }) => kind !== 'role-order'), ...orders]) {
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
		case 'role-order':
			return orderRoles(body)
		case 'foreign-tool-ids':
			return renameCalls(body)
		case 'no-keyword':
			return reduceSchemas(body, fact)
		case 'no-media':
			return replaceMedia(body, fact.media === 'image' ? 'image_url' : 'file', fact.media)
		case 'call-signatures':
			return signCalls(body, (call, at) => at === 0 && !call.extra_content)
		case 'foreign-thinking':
			return signCalls(body, call => call.extra_content !== undefined) ?? replaceDetails(body)
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
	if (path === 'stream') delete body.stream_options
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

type UserContent = Extract<ChatMessage, { role: 'user' }>['content']

/** The user's messages that follow each other become one, with a short answer before one after a tool's result, and have the last word. */
function orderRoles(body: ChatRequest): Note['action'] | undefined {
	let changed = false
	const ordered: ChatMessage[] = []
	for (const message of body.messages) {
		const last = ordered.at(-1)
		const isOff = message.role === 'user' && (last?.role === 'user' || last?.role === 'tool')
		changed ||= isOff
		if (isOff && last?.role === 'user') {
			ordered[ordered.length - 1] = { role: 'user', content: joinContents(last.content, message.content) }
			continue
		}
		if (isOff) ordered.push({ role: 'assistant', content: 'OK.' })
		ordered.push(message)
	}
	const last = ordered.at(-1)
	if (last?.role === 'assistant' && !last.tool_calls) {
		ordered.push({ role: 'user', content: 'Continue exactly where your last message ends.' })
		changed = true
	}
	body.messages = ordered
	return changed ? 'replaced' : undefined
}

function joinContents(first: UserContent, second: UserContent): UserContent {
	if (typeof first === 'string' && typeof second === 'string') return `${first}\n\n${second}`
	const toParts = (content: UserContent): ContentPart[] =>
		typeof content === 'string' ? [{ type: 'text', text: content }] : content
	return [...toParts(first), ...toParts(second)]
}

/** The only ids of calls that Mistral takes. */
export const mistralCallId = /^[A-Za-z0-9]{9}$/

/** The same id becomes the same one with each turn, in calls and in results. */
function renameCalls(body: ChatRequest): Note['action'] | undefined {
	let changed = false
	const rename = (id: string) => {
		if (mistralCallId.test(id)) return id
		changed = true
		return `${hash(id)}${hash(`call:${id}`)}`.slice(0, 9)
	}
	for (const message of body.messages) {
		if (message.role === 'tool') message.tool_call_id = rename(message.tool_call_id)
		if (message.role !== 'assistant') continue
		for (const call of message.tool_calls ?? []) call.id = rename(call.id)
	}
	return changed ? 'replaced' : undefined
}

/** Says of calls in history that their signatures need not be checked. */
function signCalls(body: ChatRequest, isMeant: (call: ToolCall, at: number) => boolean) {
	let changed = false
	for (const message of body.messages) {
		if (message.role !== 'assistant') continue
		for (const [at, call] of (message.tool_calls ?? []).entries()) {
			if (!isMeant(call, at)) continue
			call.extra_content = skippedSignature
			changed = true
		}
	}
	return changed ? 'replaced' : undefined
}

/** The same of what OpenRouter wants beside the message. */
function replaceDetails(body: ChatRequest): Note['action'] | undefined {
	let changed = false
	for (const message of body.messages) {
		if (message.role !== 'assistant' || !message.reasoning_details) continue
		const first = message.tool_calls?.[0]
		if (first) message.reasoning_details = [skippedDetail(first.id)]
		else delete message.reasoning_details
		changed = true
	}
	return changed ? 'replaced' : undefined
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
