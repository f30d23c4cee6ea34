import { type Edit, findText, parse, removeElements, scanArray, scanObject } from '../../messages/scan.ts'
import { isRecord } from '../shared/failure.ts'
import { type Members, messagesOf, removeMember, typeOf } from './raw-edits.ts'

/**
 * Takes all thinking out of the history. With a thinking budget, the turn whose tools are being answered must begin
 * with its thinking, which it now lacks: thinking is off for this request then.
 */
export function dropForeignThinking(bytes: Uint8Array, members: Members): Edit[] {
	const edits = messagesOf(bytes, members).flatMap(message => dropThinking(bytes, message))
	if (!demandsThinking(bytes, members)) return edits
	const context = members.get('context_management')
	// Its rule for clearing thinking is refused while thinking is off.
	const clears = context && findText(bytes, 'clear_thinking', 6, context.start, context.end) !== -1
	const dropped = clears ? ['thinking', 'context_management'] : ['thinking']
	return [...edits, ...removeMember(members, ...dropped)]
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
