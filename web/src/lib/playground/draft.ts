/** A part of a message as it is edited. What the form has no field for is JSON. */
export type Part =
	| { kind: 'text'; id: number; text: string; more: Json }
	| { kind: 'image'; id: number; mediaType: string; data: string; more: Json }
	| { kind: 'json'; id: number; text: string }

export type Json = Readonly<Record<string, unknown>>

export interface DraftMessage {
	id: number
	role: string
	parts: Part[]
}

export const thinkingModes = ['default', 'adaptive', 'enabled', 'disabled'] as const
export type ThinkingMode = (typeof thinkingModes)[number]

/** A Messages request while it is edited: numbers as typed, the rest of the body as it came. */
export interface Draft {
	model: string
	system: string
	/** `system` is a list of blocks, written as JSON. */
	systemBlocks: boolean
	messages: DraftMessage[]
	/** JSON; empty for none. */
	tools: string
	maxTokens: string
	temperature: string
	thinking: ThinkingMode
	budget: string
	/** What else the request says of thinking. */
	thinkingMore: Json
	stream: boolean
	/** Fields of the body that have no place in the form. */
	more: Json
}

let lastId = 0
export const nextId = () => ++lastId

export const textPart = (text: string, more: Json = {}): Part => ({ kind: 'text', id: nextId(), text, more })

export function createMessage(role: string, ...parts: Part[]): DraftMessage {
	return { id: nextId(), role, parts: parts.length > 0 ? parts : [textPart('')] }
}

export function emptyDraft(): Draft {
	return {
		...{ model: 'claude-sonnet-5-5', system: '', systemBlocks: false, tools: '' },
		messages: [createMessage('user')],
		...{ maxTokens: '1024', temperature: '', thinking: 'default', budget: '2048', thinkingMore: {} },
		...{ stream: true, more: {} },
	}
}

/** Who speaks next, and what the new message begins with. */
export function addMessage(messages: readonly DraftMessage[]): DraftMessage[] {
	return [...messages, createMessage(messages.at(-1)?.role === 'user' ? 'assistant' : 'user')]
}
