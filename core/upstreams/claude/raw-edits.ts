import {
	type Edit,
	type Member,
	parse,
	removeElements,
	scanArray,
	scanObject,
	type Value,
} from '../../messages/scan.ts'

export type Members = ReadonlyMap<string, Member>

/** Takes members out of an object, all at once: neighbours share a comma. */
export function removeMember(members: Members, ...names: string[]): Edit[] {
	const all = [...members].toSorted(([, a], [, b]) => a.start - b.start)
	const ranges = all.map(([, { nameStart, end }]) => ({ start: nameStart, end }))
	const removed = all.flatMap(([name], index) => (names.includes(name) ? [index] : []))
	return removeElements(ranges, new Set(removed))
}

/** Takes a member out wherever the path leads; `*` stands for every element of an array. */
export function removeMembers(bytes: Uint8Array, members: Members, steps: readonly string[]): Edit[] {
	const [step = '', ...rest] = steps
	if (rest.length === 0) return removeMember(members, step)
	const member = members.get(step)
	return member ? removeInside(bytes, member, rest) : []
}

function removeInside(bytes: Uint8Array, value: Value, steps: readonly string[]): Edit[] {
	if (steps[0] === '*') {
		if (steps.length === 1) return []
		return scanArray(bytes, value).flatMap(element => removeInside(bytes, element, steps.slice(1)))
	}
	const members = value.kind === 'object' ? scanObject(bytes, value.start, value.end) : undefined
	return members ? removeMembers(bytes, members, steps) : []
}

/** The members of each message. */
export function messagesOf(bytes: Uint8Array, members: Members): Members[] {
	const messages = members.get('messages')
	if (!messages) return []
	return scanArray(bytes, messages).flatMap(({ start, end }) => scanObject(bytes, start, end) ?? [])
}

/** Puts another block in the place of every block of a type, in tool results too. */
export function replaceBlocks(bytes: Uint8Array, members: Members, type: string, block: object): Edit[] {
	const replacement = JSON.stringify(block)
	const inContent = (content: Value | undefined): Edit[] => {
		if (content?.kind !== 'array') return []
		return scanArray(bytes, content).flatMap(range => {
			const inner = scanObject(bytes, range.start, range.end)
			if (typeOf(bytes, inner) === type) return [{ ...range, replacement }]
			return inContent(inner?.get('content'))
		})
	}
	return messagesOf(bytes, members).flatMap(message => inContent(message.get('content')))
}

export function typeOf(bytes: Uint8Array, members: Members | undefined): unknown {
	const type = members?.get('type')
	return type && parse(bytes, type.start, type.end)
}
