import { type Edit, parse, scanArray, scanObject, type Value } from '../../messages/scan.ts'
import { hash } from '../shared/tool-names.ts'
import { type Members, messagesOf } from './raw-edits.ts'

/** "tool_use.id: String should match pattern '^[a-zA-Z0-9_-]+$'" */
export function isLegalToolId(id: string): boolean {
	return /^[a-zA-Z0-9_-]+$/.test(id)
}

/** Ids that another upstream gave its calls (`functions.Bash:0`), in the calls and in their results alike. */
export function renameToolIds(bytes: Uint8Array, members: Members): Edit[] {
	return messagesOf(bytes, members).flatMap(message => {
		const content = message.get('content')
		return content?.kind === 'array' ? renameInBlocks(bytes, content) : []
	})
}

function renameInBlocks(bytes: Uint8Array, content: Value): Edit[] {
	return scanArray(bytes, content).flatMap(({ start, end }) => {
		const block = scanObject(bytes, start, end)
		const ids = [block?.get('id'), block?.get('tool_use_id')]
		return ids.flatMap(id => (id?.kind === 'string' ? renameId(bytes, id) : []))
	})
}

function renameId(bytes: Uint8Array, value: Value): Edit[] {
	const id = parse(bytes, value.start, value.end)
	if (typeof id !== 'string' || isLegalToolId(id)) return []
	const renamed = `${id.replace(/[^a-zA-Z0-9_-]/g, '_').slice(0, 40)}_${hash(id)}`
	return [{ ...value, replacement: JSON.stringify(renamed) }]
}
