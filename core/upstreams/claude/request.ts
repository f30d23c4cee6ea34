import type { Note } from '../../messages/notes.ts'
import { toAnthropicTool } from '../../messages/request.ts'
import {
	applyEdits,
	type Edit,
	findText,
	type Member,
	parse,
	removeElements,
	scanArray,
	scanObject,
	type Value,
	watched,
} from '../../messages/scan.ts'
import { proxySignaturePrefix } from '../../messages/signatures.ts'
import type { OutgoingRequest, PassThroughInput } from '../contract.ts'
import { isRecord } from '../shared/failure.ts'
import { hostOf } from '../shared/hosts.ts'
import { removeMember } from './raw-edits.ts'
import { respectBetas, respectFacts } from './repair.ts'
import { countTokensUrl, messagesUrl } from './urls.ts'

/** Client headers that may leave: the rest (cookies, forwarded-for, the client's own key) stays here. */
const forwardedHeaders = /^(?:anthropic-version|anthropic-beta|user-agent|x-app|x-stainless-.+)$/

/** Sent when the client names no version: https://docs.anthropic.com/en/api/versioning */
const defaultVersion = '2023-06-01'

/**
 * The client's request with as few edits as possible, each in the raw bytes: the model's name when it is mapped, and
 * what no Anthropic upstream could take. Everything else leaves byte for byte.
 */
export function buildRequest(input: PassThroughInput): { outgoing: OutgoingRequest; notes: Note[] } {
	const notes: Note[] = []
	const edits = [
		...renameModel(input),
		...dropBillingHeader(input, notes),
		...convertFunctionTools(input, notes),
		...dropProxyThinking(input, notes),
	]
	const facts = input.facts ?? []
	const body = edits.length === 0 ? input.body : applyEdits(input.body, edits)
	const urlOf = input.endpoint === 'count_tokens' ? countTokensUrl : messagesUrl
	const url = urlOf(input.target.baseUrl)
	const separator = url.includes('?') ? '&' : '?'
	const outgoing: OutgoingRequest = {
		method: 'POST',
		url: input.query === '' ? url : url + separator + input.query,
		headers: buildHeaders(input, notes),
		body: respectFacts(body, facts, notes),
	}
	return { outgoing, notes }
}

function buildHeaders(input: PassThroughInput, notes: Note[]): Record<string, string> {
	const headers: Record<string, string> = {
		'content-type': 'application/json',
		accept: 'application/json',
		'anthropic-version': defaultVersion,
	}
	for (const [name, value] of Object.entries(input.headers)) {
		if (forwardedHeaders.test(name)) headers[name] = value
	}
	const betas = respectBetas(headers['anthropic-beta'], input.facts ?? [], notes)
	if (betas === undefined) delete headers['anthropic-beta']
	else headers['anthropic-beta'] = betas
	return headers
}

function renameModel({ members, model }: PassThroughInput): Edit[] {
	const member = members.get('model')
	return member && model !== undefined ? [{ ...member, replacement: JSON.stringify(model) }] : []
}

/**
 * Claude Code's first system block holds a value that differs from request to request. Only Anthropic's own host
 * knows it; elsewhere it defeats every prefix cache (anthropics/claude-code#68900).
 */
function dropBillingHeader({ body, members, target }: PassThroughInput, notes: Note[]): Edit[] {
	const system = members.get('system')
	if (!system || hostOf(target.baseUrl) === 'api.anthropic.com') return []
	if (findText(body, billingHeaderName, 0, system.start, system.end) === -1) return []
	const edits =
		system.kind === 'string'
			? withoutFirstLine(body, members, system)
			: withoutBillingBlocks(body, members, system)
	const detail = 'the billing header block was left out: it would defeat prompt caching'
	if (edits.length > 0) notes.push({ field: 'system', action: 'dropped', detail })
	return edits
}

const billingHeaderName = 'x-anthropic-billing-header'
const billingHeader = /^\s*x-anthropic-billing-header\s*:/i

function withoutFirstLine(body: Uint8Array, members: PassThroughInput['members'], system: Member): Edit[] {
	const text = parse(body, system.start, system.end)
	if (typeof text !== 'string' || !billingHeader.test(text)) return []
	const rest = text.replace(/^\s*[^\n]*\n?/, '')
	return rest.trim() === ''
		? removeMember(members, 'system')
		: [{ ...system, replacement: JSON.stringify(rest) }]
}

function withoutBillingBlocks(
	body: Uint8Array,
	members: PassThroughInput['members'],
	system: Member,
): Edit[] {
	const blocks = scanArray(body, system)
	const dropped = new Set<number>()
	blocks.forEach(({ start, end }, index) => {
		if (findText(body, billingHeaderName, 0, start, end) === -1) return
		const block = parse(body, start, end)
		if (isRecord(block) && typeof block.text === 'string' && billingHeader.test(block.text))
			dropped.add(index)
	})
	return dropped.size < blocks.length ? removeElements(blocks, dropped) : removeMember(members, 'system')
}

const mentions = (value: Value | undefined, string: number): value is Value =>
	((value?.met ?? 0) & string) !== 0

/** Tools in OpenAI's shape, which the original system's documentation shows. */
function convertFunctionTools({ body, members }: PassThroughInput, notes: Note[]): Edit[] {
	const tools = members.get('tools')
	if (!mentions(tools, watched.functionString)) return []
	const edits: Edit[] = []
	for (const range of scanArray(body, tools)) {
		const tool = parse(body, range.start, range.end)
		if (!isRecord(tool) || 'name' in tool || !isRecord(tool.function)) continue
		const { name, description, parameters } = tool.function
		if (typeof name !== 'string') continue
		const fn = { name, ...(typeof description === 'string' && { description }), parameters }
		edits.push({ ...range, replacement: JSON.stringify(toAnthropicTool(fn)) })
	}
	const detail = "tools in OpenAI's shape were rewritten in Anthropic's"
	if (edits.length > 0) notes.push({ field: 'tools', action: 'replaced', detail })
	return edits
}

/** Thinking that another upstream wrote carries a signature of ours; Anthropic would answer 400 (traps A8). */
function dropProxyThinking({ body, members }: PassThroughInput, notes: Note[]): Edit[] {
	const messages = members.get('messages')
	if (!mentions(messages, watched.ownSignature)) return []
	const edits: Edit[] = []
	for (const message of scanArray(body, messages)) {
		if (!mentions(message, watched.ownSignature)) continue
		const content = scanObject(body, message.start, message.end)?.get('content')
		if (content?.kind === 'array') edits.push(...withoutProxyThinking(body, content))
	}
	const detail = 'thinking of another upstream was left out: its signature is not Anthropic’s'
	if (edits.length > 0) notes.push({ field: 'messages', action: 'dropped', detail })
	return edits
}

function withoutProxyThinking(body: Uint8Array, content: Member): Edit[] {
	const blocks = scanArray(body, content)
	const dropped = new Set<number>()
	blocks.forEach((value, index) => {
		if (!mentions(value, watched.ownSignature)) return
		const block = parse(body, value.start, value.end)
		if (!isRecord(block) || block.type !== 'thinking') return
		if (typeof block.signature === 'string' && block.signature.startsWith(proxySignaturePrefix))
			dropped.add(index)
	})
	if (dropped.size < blocks.length || blocks.length === 0) return removeElements(blocks, dropped)
	// A turn must say something; it held nothing but thinking.
	return [{ ...content, replacement: '[{"type":"text","text":"(no content)"}]' }]
}
