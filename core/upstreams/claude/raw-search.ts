import {
	type Edit,
	findText,
	parse,
	removeElements,
	scanArray,
	scanObject,
	type Value,
} from '../../messages/scan.ts'
import { isRecord } from '../shared/failure.ts'
import { type Members, messagesOf, removeMember } from './raw-edits.ts'

/**
 * Web searches of the history without what only their own service can decrypt: results become text, their calls go,
 * and texts keep their words without the citations. "Invalid encrypted_content in search_result block" is what
 * Anthropic says of results of another account, and of those that this proxy made for another upstream.
 */
export function dropForeignSearches(bytes: Uint8Array, members: Members): Edit[] {
	return messagesOf(bytes, members).flatMap(message => {
		const content = message.get('content')
		if (content?.kind !== 'array') return []
		if (findText(bytes, 'encrypted_', 9, content.start, content.end) === -1) return []
		return dropSearches(bytes, content)
	})
}

function dropSearches(bytes: Uint8Array, content: Value): Edit[] {
	const ranges = scanArray(bytes, content)
	const blocks = ranges.map(({ start, end }) => parse(bytes, start, end))
	const found = new Map<unknown, string>()
	for (const block of blocks) {
		if (isRecord(block) && block.type === 'web_search_tool_result' && Array.isArray(block.content))
			found.set(block.tool_use_id, describeResults(block.content))
	}
	const calls = new Set<number>()
	const edits = ranges.flatMap((range, index): Edit[] => {
		const block = blocks[index]
		if (!isRecord(block)) return []
		if (block.type === 'server_tool_use' && found.has(block.id)) calls.add(index)
		const text = block.type === 'web_search_tool_result' ? found.get(block.tool_use_id) : undefined
		if (text !== undefined) return [{ ...range, replacement: JSON.stringify({ type: 'text', text }) }]
		return block.type === 'text' ? dropCitations(bytes, range) : []
	})
	return [...edits, ...removeElements(ranges, calls)]
}

function dropCitations(bytes: Uint8Array, { start, end }: Value): Edit[] {
	const members = scanObject(bytes, start, end)
	const citations = members?.get('citations')
	const isForeign = citations && findText(bytes, 'encrypted_index', 9, citations.start, citations.end) !== -1
	return members && isForeign ? removeMember(members, 'citations') : []
}

function describeResults(results: readonly unknown[]): string {
	const lines = results.filter(isRecord).map(({ title, url }) => `- ${title} ${url}`)
	return ['[search results]', ...lines].join('\n')
}
