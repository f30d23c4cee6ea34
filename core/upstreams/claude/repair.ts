import { describeFact, type LearnedFact } from '../../config/learned-facts.ts'
import type { Note } from '../../messages/notes.ts'
import { applyEdits, type Edit, parse, scanObject } from '../../messages/scan.ts'
import { mediaPlaceholder } from '../shared/complaint-content.ts'
import { isRecord } from '../shared/failure.ts'
import { type Members, messagesOf, removeMembers, replaceBlocks } from './raw-edits.ts'
import { dropForeignSearches } from './raw-search.ts'
import { dropForeignThinking, turnThinkingOff } from './raw-thinking.ts'
import { renameToolIds } from './raw-tool-ids.ts'

/** The request as the upstream's refusals taught. What a fact is not about stays byte for byte. */
export function respectFacts(body: Uint8Array, facts: readonly LearnedFact[], notes: Note[]): Uint8Array {
	let bytes = body
	for (const fact of facts) {
		const members = scanObject(bytes)
		if (!members) return bytes
		const edits = editsFor(fact, bytes, members)
		if (edits.length === 0) continue
		bytes = applyEdits(bytes, edits)
		notes.push({ ...describeFact(fact), action: actionOf(fact) })
	}
	return bytes
}

/** The betas without those that the upstream does not know; undefined when none is left. */
export function respectBetas(
	header: string | undefined,
	facts: readonly LearnedFact[],
	notes: Note[],
): string | undefined {
	if (header === undefined) return undefined
	const unknown = facts.filter(fact => fact.kind === 'no-beta')
	const given = header.split(',').map(beta => beta.trim())
	const used = unknown.filter(({ beta }) => beta === '*' || given.includes(beta))
	if (used.length === 0) return header
	for (const fact of used) notes.push({ ...describeFact(fact), action: 'dropped' })
	const left = given.filter(beta => !used.some(fact => fact.beta === '*' || fact.beta === beta))
	return left.length === 0 ? undefined : left.join(',')
}

const replacing: ReadonlySet<LearnedFact['kind']> = new Set([
	...(['no-role', 'no-media', 'foreign-search', 'foreign-tool-ids'] as const),
])

function actionOf({ kind }: LearnedFact): Note['action'] {
	if (kind === 'token-limit') return 'clamped'
	return replacing.has(kind) ? 'replaced' : 'dropped'
}

function editsFor(fact: LearnedFact, bytes: Uint8Array, members: Members): Edit[] {
	switch (fact.kind) {
		case 'no-field':
			return removeMembers(bytes, members, fact.path.split('.'))
		case 'token-limit':
			return limitTokens(bytes, members, fact.limit)
		case 'thinking-type':
			return changeThinking(bytes, members, fact.type)
		case 'no-role':
			return fact.role === 'system' ? replaceSystemRole(bytes, members) : []
		case 'no-media':
			return replaceBlocks(bytes, members, fact.media, {
				type: 'text',
				text: mediaPlaceholder(fact.media),
			})
		case 'foreign-thinking':
			return dropForeignThinking(bytes, members)
		case 'foreign-search':
			return dropForeignSearches(bytes, members)
		case 'foreign-tool-ids':
			return renameToolIds(bytes, members)
		default:
			return []
	}
}

/** "Must be ≥1024": https://docs.anthropic.com/en/docs/build-with-claude/extended-thinking */
const leastBudget = 1024

/** A thinking budget has to stay below max_tokens. */
function limitTokens(bytes: Uint8Array, members: Members, limit: number): Edit[] {
	const tokens = members.get('max_tokens')
	if (!tokens || Number(parse(bytes, tokens.start, tokens.end)) <= limit) return []
	const edits: Edit[] = [{ ...tokens, replacement: String(limit) }]
	const thinking = members.get('thinking')
	const budget = thinking && scanObject(bytes, thinking.start, thinking.end)?.get('budget_tokens')
	if (!budget || Number(parse(bytes, budget.start, budget.end)) < limit) return edits
	const room = limit - 1
	if (room < leastBudget) return [...edits, ...turnThinkingOff(bytes, members)]
	return [...edits, { ...budget, replacement: String(room) }]
}

function changeThinking(bytes: Uint8Array, members: Members, type: 'adaptive' | 'none'): Edit[] {
	const member = members.get('thinking')
	const thinking = member && parse(bytes, member.start, member.end)
	if (!member || !isRecord(thinking) || thinking.type === 'disabled' || thinking.type === type) return []
	if (type === 'none') return turnThinkingOff(bytes, members)
	const { budget_tokens: _budget, ...rest } = thinking
	return [{ ...member, replacement: JSON.stringify({ ...rest, type }) }]
}

const open = '<system-reminder>'
const close = '</system-reminder>'

/** At its place, so that the prompt's cached beginning stays as it is. */
function replaceSystemRole(bytes: Uint8Array, members: Members): Edit[] {
	return messagesOf(bytes, members).flatMap(message => {
		const role = message.get('role')
		const content = message.get('content')
		if (!role || !content || parse(bytes, role.start, role.end) !== 'system') return []
		const edits: Edit[] = [{ ...role, replacement: '"user"' }]
		if (content.kind === 'string') {
			const text = `${open}\n${String(parse(bytes, content.start, content.end))}\n${close}`
			return [...edits, { ...content, replacement: JSON.stringify(text) }]
		}
		if (content.kind !== 'array' || content.end - content.start < 3) return edits
		const block = (text: string) => JSON.stringify({ type: 'text', text })
		const begin = { start: content.start, end: content.start + 1, replacement: `[${block(open)},` }
		const end = { start: content.end - 1, end: content.end, replacement: `,${block(close)}]` }
		return [...edits, begin, end]
	})
}
