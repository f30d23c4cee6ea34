import { type Edit, findText, parse, removeElements, scanArray, scanObject } from '../../messages/scan.ts'
import { isRecord } from '../shared/failure.ts'
import { type Members, messagesOf, removeMember, typeOf } from './raw-edits.ts'

/**
 * Takes all thinking out of the history. With a thinking budget, the turn whose tools are being answered must begin
 * with its thinking, which it now lacks: thinking is off for this request then.
 */
export function dropForeignThinking(bytes: Uint8Array, members: Members): Edit[] {
	const edits = messagesOf(bytes, members).flatMap(message => dropThinking(bytes, message))
	return demandsThinking(bytes, members) ? [...edits, ...turnThinkingOff(bytes, members)] : edits
}

/** Its rule for clearing thinking goes too: "strategy requires `thinking` to be enabled or adaptive". */
export function turnThinkingOff(bytes: Uint8Array, members: Members): Edit[] {
	const context = members.get('context_management')
	const list = context && scanObject(bytes, context.start, context.end)?.get('edits')
	const rules = list ? scanArray(bytes, list) : []
	const clearing = rules.flatMap(({ start, end }, index) =>
		findText(bytes, 'clear_thinking', 6, start, end) === -1 ? [] : [index],
	)
	if (clearing.length === 0) return removeMember(members, 'thinking')
	if (clearing.length === rules.length) return removeMember(members, 'thinking', 'context_management')
	return [...removeMember(members, 'thinking'), ...removeElements(rules, new Set(clearing))]
}

function dropThinking(bytes: Uint8Array, message: Members): Edit[] {
	const content = message.get('content')
	if (content?.kind !== 'array') return []
	const blocks = scanArray(bytes, content)
	const dropped = new Set<number>()
	blocks.forEach(({ start, end }, index) => {
		const type = typeOf(bytes, scanObject(bytes, start, end))
		if (type === 'thinking' || type === 'redacted_thinking') dropped.add(index)
	})
	if (dropped.size < blocks.length) return removeElements(blocks, dropped)
	// A turn must say something; it held nothing but thinking.
	return blocks.length === 0 ? [] : [{ ...content, replacement: '[{"type":"text","text":"(no content)"}]' }]
}

function demandsThinking(bytes: Uint8Array, members: Members): boolean {
	const member = members.get('thinking')
	const thinking = member && parse(bytes, member.start, member.end)
	if (!isRecord(thinking) || thinking.type !== 'enabled') return false
	const content = messagesOf(bytes, members).at(-1)?.get('content')
	if (content?.kind !== 'array') return false
	return scanArray(bytes, content).some(
		({ start, end }) => typeOf(bytes, scanObject(bytes, start, end)) === 'tool_result',
	)
}
