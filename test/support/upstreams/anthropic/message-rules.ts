import { refuse } from './errors.ts'
import type { Block, MessagesRequest } from './schema.ts'

type Message = MessagesRequest['messages'][number]

export interface MessageRules {
	systemRole: boolean
	/** The signatures this server made, each with its thinking; undefined for redacted thinking. */
	minted: ReadonlyMap<string, string>
	/** Signatures beside those that count as the server's own. */
	acceptsSignature: (signature: string) => boolean
}

export function checkMessages(body: MessagesRequest, rules: MessageRules): void {
	const { messages } = body
	if (messages.length === 0) throw refuse('messages: at least one message is required')
	if (messages[0]?.role === 'assistant') throw refuse('messages: first message must use the "user" role')
	checkSystemMessages(messages, rules.systemRole)
	if (Array.isArray(body.system)) checkTexts(body.system, 'system')
	for (const [index, message] of messages.entries())
		checkContent(message, index, index === messages.length - 1)
	checkToolPairs(messages)
	checkSignatures(messages, rules)
	checkThinkingStart(body)
}

function checkSystemMessages(messages: readonly Message[], allowed: boolean): void {
	for (const [index, { role, content }] of messages.entries()) {
		if (role !== 'system') continue
		if (!allowed) throw refuse("role 'system' is not supported on this model")
		if (index === 0)
			throw refuse("messages.0: use the top-level 'system' parameter for the initial system prompt")
		const next = messages[index + 1]
		if (next && next.role !== 'assistant') {
			throw refuse(`messages.${index}: role 'system' must precede an 'assistant' message or end the array`)
		}
		const stranger = Array.isArray(content) ? content.find(block => block.type !== 'text') : undefined
		if (stranger)
			throw refuse(`messages.${index}: \`${stranger.type}\` blocks are not allowed in system messages`)
	}
}

const onlyAssistant = ['tool_use', 'thinking', 'redacted_thinking', 'server_tool_use']
const onlyUser = ['tool_result', 'image', 'document']

function checkContent({ role, content }: Message, index: number, last: boolean): void {
	const path = `messages.${index}`
	if (content.length === 0) {
		if (role === 'assistant' && last) return
		throw refuse(
			`${path}: all messages must have non-empty content except for the optional final assistant message`,
		)
	}
	if (typeof content === 'string') {
		if (content.trim() === '') throw refuse(`messages: text content blocks must contain non-whitespace text`)
		if (role === 'assistant' && last && /\s$/.test(content)) throw refuseTrailingSpace()
		return
	}
	const misplaced = content.find(({ type }) =>
		(role === 'assistant' ? onlyUser : onlyAssistant).includes(type),
	)
	if (misplaced) {
		const home = role === 'assistant' ? 'user' : 'assistant'
		throw refuse(`${path}: \`${misplaced.type}\` blocks can only be in \`${home}\` messages`)
	}
	checkTexts(content, 'messages')
	const end = content.at(-1)
	if (role === 'assistant' && last && end?.type === 'text' && /\s$/.test(end.text ?? ''))
		throw refuseTrailingSpace()
	if (role === 'assistant' && last && end?.type === 'thinking') {
		throw refuse(`${path}: The final block in an assistant message cannot be \`thinking\`.`)
	}
	for (const [place, block] of content.entries()) checkSource(block, `${path}.content.${place}`)
}

function refuseTrailingSpace() {
	return refuse('messages: final assistant content cannot end with trailing whitespace')
}

function checkTexts(blocks: readonly Block[], where: string): void {
	for (const block of blocks) {
		if (Array.isArray(block.content)) checkTexts(block.content, where)
		if (block.type !== 'text') continue
		if (block.text === '') throw refuse(`${where}: text content blocks must be non-empty`)
		if (block.text?.trim() === '')
			throw refuse(`${where}: text content blocks must contain non-whitespace text`)
	}
}

function checkSource(block: Block, path: string): void {
	for (const [index, inner] of (Array.isArray(block.content) ? block.content : []).entries()) {
		checkSource(inner, `${path}.${block.type}.content.${index}`)
	}
	const { source } = block
	if (typeof source !== 'object' || source?.type !== 'url') return
	if (!/^https?:\/\//.test(source.url ?? '')) {
		throw refuse(`${path}.${block.type}.source.url.url: Only HTTP and HTTPS URLs are supported.`)
	}
}

/** Neighbouring messages of one role count as one turn: https://docs.anthropic.com/en/api/messages */
interface Turn {
	role: string
	index: number
	blocks: { block: Block; path: string }[]
}

function joinTurns(messages: readonly Message[]): Turn[] {
	const turns: Turn[] = []
	for (const [index, { role, content }] of messages.entries()) {
		const blocks = (Array.isArray(content) ? content : [{ type: 'text', text: content }]).map(
			(block, place) => ({
				block,
				path: `messages.${index}.content.${place}`,
			}),
		)
		const last = turns.at(-1)
		if (last?.role === role) last.blocks.push(...blocks)
		else turns.push({ role, index, blocks })
	}
	return turns
}

/** https://docs.anthropic.com/en/docs/agents-and-tools/tool-use/implement-tool-use#handling-tool-use-and-tool-result-content-blocks */
function checkToolPairs(messages: readonly Message[]): void {
	const turns = joinTurns(messages)
	const seen = new Set<string>()
	for (const [place, turn] of turns.entries()) {
		const uses = turn.blocks
			.filter(({ block }) => block.type === 'tool_use')
			.map(({ block }) => block.id ?? '')
		for (const id of uses) {
			if (seen.has(id)) throw refuse('messages: `tool_use` ids must be unique')
			seen.add(id)
		}
		if (uses.length > 0) {
			const answered = leadingResults(turns[place + 1])
			const open = uses.filter(id => !answered.includes(id))
			if (open.length > 0) {
				throw refuse(
					`messages.${turn.index}: \`tool_use\` ids were found without \`tool_result\` blocks immediately after: ${open.join(', ')}. Each \`tool_use\` block must have a corresponding \`tool_result\` block in the next message.`,
				)
			}
		}
		checkResults(turn, turns[place - 1])
	}
}

/** Results that stand before anything else in a turn. */
function leadingResults(turn: Turn | undefined): string[] {
	const ids: string[] = []
	for (const { block } of turn?.blocks ?? []) {
		if (block.type !== 'tool_result') break
		ids.push(block.tool_use_id ?? '')
	}
	return ids
}

function checkResults(turn: Turn, before: Turn | undefined): void {
	const called = (before?.blocks ?? [])
		.filter(({ block }) => block.type === 'tool_use')
		.map(({ block }) => block.id)
	const seen = new Set<string>()
	for (const { block, path } of turn.blocks) {
		if (block.type !== 'tool_result') continue
		const id = block.tool_use_id ?? ''
		if (!called.includes(id)) {
			throw refuse(
				`${path}: unexpected \`tool_use_id\` found in \`tool_result\` blocks: ${id}. Each \`tool_result\` block must have a corresponding \`tool_use\` block in the previous message.`,
			)
		}
		if (seen.has(id)) {
			throw refuse(
				`${path}: each tool_use must have a single result. Found multiple \`tool_result\` blocks with id: ${id}`,
			)
		}
		seen.add(id)
	}
}

function checkSignatures(messages: readonly Message[], { minted, acceptsSignature }: MessageRules): void {
	for (const { block, path } of joinTurns(messages).flatMap(turn => turn.blocks)) {
		if (block.type !== 'thinking' && block.type !== 'redacted_thinking') continue
		const isThinking = block.type === 'thinking'
		const signature = (isThinking ? block.signature : block.data) ?? ''
		if (acceptsSignature(signature)) continue
		const original = minted.get(signature)
		if (original === undefined) {
			throw refuse(`${path}: Invalid \`${isThinking ? 'signature' : 'data'}\` in \`${block.type}\` block`)
		}
		if (!isThinking || block.thinking === original) continue
		if (block.thinking === '') throw refuse(`${path}.thinking: each thinking block must contain thinking`)
		throw refuse(
			`${path}: \`thinking\` or \`redacted_thinking\` blocks in the latest assistant message cannot be modified. These blocks must remain as they were in the original response.`,
		)
	}
}

/** With a thinking budget, the turn that called the tools being answered must begin with its thinking. */
function checkThinkingStart({ thinking, messages }: MessagesRequest): void {
	if (thinking?.type !== 'enabled') return
	const turns = joinTurns(messages).filter(turn => turn.role !== 'system')
	const answers = turns.at(-1)?.blocks.some(({ block }) => block.type === 'tool_result')
	const first = answers ? turns.at(-2)?.blocks[0] : undefined
	if (!first || first.block.type === 'thinking' || first.block.type === 'redacted_thinking') return
	throw refuse(
		`${first.path}.type: Expected \`thinking\` or \`redacted_thinking\`, but found \`${first.block.type}\`. When \`thinking\` is enabled, a final \`assistant\` message must start with a thinking block (preceeding the lastmost set of \`tool_use\` and \`tool_result\` blocks). We recommend you include thinking blocks from previous turns. To avoid this requirement, disable \`thinking\`.`,
	)
}
