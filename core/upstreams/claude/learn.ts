import type { LearnedFact } from '../../config/learned-facts.ts'
import type { Lesson, OutgoingRequest, UpstreamFailure } from '../contract.ts'
import { type Complaint, readComplaint } from '../shared/complaint.ts'
import { readRefusedMedia, readRefusedRole } from '../shared/complaint-content.ts'
import { readTokenLimit } from '../shared/complaint-limits.ts'
import { isRecord } from '../shared/failure.ts'
import { findField } from '../shared/json-path.ts'
import { asNumber } from '../shared/json-values.ts'
import { readSentBody, recordsOf } from '../shared/sent-body.ts'
import { isLegalToolId } from './raw-tool-ids.ts'

type Body = Record<string, unknown>
type Rule = (complaint: Complaint, body: Body, sent: OutgoingRequest) => Lesson[]

/** Reads what a refusal of a Messages request teaches; the first rule that recognises it decides. */
export function learn(failure: UpstreamFailure, sent: OutgoingRequest): Lesson[] {
	const body = readSentBody(sent)
	if (!body) return []
	const complaint = readComplaint(failure)
	for (const rule of rules) {
		const lessons = rule(complaint, body, sent)
		if (lessons.length > 0) return lessons
	}
	return []
}

const rules: readonly Rule[] = [
	learnForeignThinking,
	learnForeignSearch,
	learnForeignIds,
	learnBeta,
	learnTokenLimit,
	learnThinkingType,
	learnEffort,
	learnSystemRole,
	learnMedia,
	learnFields,
]

const lasting = (fact: LearnedFact): Lesson[] => [{ fact, lasting: true }]

/** Every way to say that thinking in the history is not from here (traps A8). */
const signaturePatterns =
	/invalid .?(?:signature|data).? in .?(?:redacted_)?thinking|signature: field required|each thinking block must contain|expected .?thinking.?.{0,40}but found|thinking.? blocks in the latest assistant message cannot be modified|thinking block.{0,40}(?:invalid|signature)/i

function learnForeignThinking({ text }: Complaint, body: Body): Lesson[] {
	if (!signaturePatterns.test(text)) return []
	const hasThinking = blocksOf(body).some(({ type }) => type === 'thinking' || type === 'redacted_thinking')
	const demands = /but found/.test(text) && isRecord(body.thinking)
	return hasThinking || demands ? [{ fact: { kind: 'foreign-thinking' }, lasting: false }] : []
}

function learnForeignSearch({ text }: Complaint, body: Body): Lesson[] {
	const hasSearches = blocksOf(body).some(
		({ type, citations }) =>
			type === 'web_search_tool_result' || (type === 'text' && Array.isArray(citations)),
	)
	const refused = /invalid\W{1,3}encrypted_(?:content|index)/i.test(text)
	return refused && hasSearches ? [{ fact: { kind: 'foreign-search' }, lasting: false }] : []
}

function learnForeignIds({ text }: Complaint, body: Body): Lesson[] {
	const refused = /(?:tool_use\.id|tool_use_id): String should match pattern/i.test(text)
	return refused && blocksOf(body).some(block => hasForeignId(block))
		? [{ fact: { kind: 'foreign-tool-ids' }, lasting: false }]
		: []
}

function hasForeignId({ id, tool_use_id }: Record<string, unknown>): boolean {
	return [id, tool_use_id].some(one => typeof one === 'string' && !isLegalToolId(one))
}

function learnBeta({ text }: Complaint, _body: Body, { headers }: OutgoingRequest): Lesson[] {
	const sent = (headers['anthropic-beta'] ?? '').split(',').map(beta => beta.trim())
	if (sent[0] === '') return []
	const found = sent.filter(beta => beta.length <= 100 && text.includes(beta))
	if (/anthropic-beta|beta (?:flag|header|value)|unknown beta/i.test(text) && found.length > 0)
		return found.flatMap(beta => lasting({ kind: 'no-beta', beta }))
	// Bedrock does not say which.
	return /invalid beta flag/i.test(text) ? lasting({ kind: 'no-beta', beta: '*' }) : []
}

/** Claude Code itself shrinks max_tokens to what the context has left: only the model's own limit is learned. */
function learnTokenLimit({ text }: Complaint, body: Body): Lesson[] {
	if (/exceed context limit/i.test(text)) return []
	const found = readTokenLimit(text, asNumber(body.max_tokens ?? 0))
	return found ? [{ fact: { kind: 'token-limit', limit: found.limit }, lasting: found.lasting }] : []
}

function learnThinkingType({ text }: Complaint, body: Body): Lesson[] {
	const type = isRecord(body.thinking) ? body.thinking.type : undefined
	if (typeof type !== 'string' || type === 'disabled' || !/thinking/.test(text)) return []
	if (isUnknownType(text, type)) {
		const known = type !== 'adaptive' && /adaptive/.test(text)
		return lasting({ kind: 'thinking-type', type: known ? 'adaptive' : 'none' })
	}
	const refused = /not (?:supported|available|enabled)|does not support/i.test(text)
	if (!refused || /block|signature|display/.test(text)) return []
	if (type === 'enabled' && /use .{0,3}thinking\.type\.adaptive/i.test(text))
		return lasting({ kind: 'thinking-type', type: 'adaptive' })
	return lasting({ kind: 'thinking-type', type: 'none' })
}

/** As pydantic and serde say it: `Input tag 'adaptive' found using 'type' does not match`, "unknown variant `adaptive`". */
function isUnknownType(text: string, type: string): boolean {
	if (/^thinking(?:\.type)?: input should be /im.test(text)) return true
	const [, named] = /thinking(?:\.type)?: (?:input tag|unknown variant) ['`](\w+)/i.exec(text) ?? []
	return named === type
}

/** Of this request only: the model may take the efforts below. */
function learnEffort({ text }: Complaint, body: Body): Lesson[] {
	const named = /((?:messages\.\d+\.)?output_config\.effort): (?:input should be|.{0,40}not supported)/i.exec(
		text,
	)
	const path = named && findField(body, named[1] as string)
	return path ? [{ fact: { kind: 'no-field', path }, lasting: false }] : []
}

/** Only roles in the middle of a conversation; the system prompt is a field of its own. */
function learnSystemRole({ text }: Complaint, body: Body): Lesson[] {
	if (!recordsOf(body.messages).some(({ role }) => role === 'system')) return []
	const named = readRefusedRole(text, 'system') || /messages\.\d+\.role: input should be/i.test(text)
	return named ? lasting({ kind: 'no-role', role: 'system' }) : []
}

function learnMedia({ text }: Complaint, body: Body): Lesson[] {
	const types = new Set(blocksOf(body).map(({ type }) => type))
	const media = readRefusedMedia(text, { image: types.has('image'), document: types.has('document') })
	return media ? lasting({ kind: 'no-media', media }) : []
}

/** Without these a request is another request. */
const kept =
	/^(?:model|messages|max_tokens|stream|system|tools|metadata)$|\*$|\.(?:role|content|type|text|source|data|id|name|input|input_schema|tool_use_id|thinking|signature)$/
/** Names that stand deeper than an error says. */
const aliases = new Map([['effort', 'output_config.effort']])

function learnFields({ text, fields }: Complaint, body: Body): Lesson[] {
	// The only way to have one of them is to leave the other out.
	if (/temperature.{0,8}and.{0,4}top_p.{0,20}cannot both/i.test(text) && 'top_p' in body)
		return lasting({ kind: 'no-field', path: 'top_p' })
	if (/clear_thinking\w*\W{1,3}strategy requires/i.test(text) && 'context_management' in body)
		return [{ fact: { kind: 'no-field', path: 'context_management' }, lasting: false }]
	const found = fields.flatMap(
		field => findField(body, field) ?? findField(body, aliases.get(field) ?? field) ?? [],
	)
	return [...new Set(found)]
		.filter(path => !kept.test(path))
		.flatMap(path => lasting({ kind: 'no-field', path }))
}

/** Blocks of all messages, those inside tool results included. */
function blocksOf(body: Body): Record<string, unknown>[] {
	const blocks = recordsOf(body.messages).flatMap(message => recordsOf(message.content))
	return [...blocks, ...blocks.flatMap(block => recordsOf(block.content))]
}
