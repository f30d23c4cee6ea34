import { redactText, redactValue } from '../requests/redact-text.ts'
import { readStored, writeStored } from '../storage.ts'
import { type Body, isObject, parseJson } from './request-body.ts'

/** A request that was sent from here, kept in this browser alone. */
export interface Recent {
	at: number
	/** Empty: as the proxy chose. */
	upstreamId: string
	title: string
	body: Body
}

const storageKey = 'claude-proxy.playground'
const mostKept = 20
/** Browsers keep some 5 MB for everything of a site. */
const mostCharacters = 20_000

export function readRecent(): Recent[] {
	const list = parseJson(readStored(storageKey) ?? '[]')
	return Array.isArray(list) ? list.filter(isRecent).slice(0, mostKept) : []
}

/** Puts a request in front; the same one as before moves there. What looks like a key is masked. */
export function keepRecent(list: readonly Recent[], at: number, upstreamId: string, body: Body): Recent[] {
	const shown = redactValue(withoutImages(body)) as Body
	const text = JSON.stringify(shown)
	if (text.length > mostCharacters) return [...list]
	const entry = { at, upstreamId, title: nameBody(shown), body: shown }
	const others = list.filter(one => JSON.stringify(one.body) !== text || one.upstreamId !== upstreamId)
	return [entry, ...others].slice(0, mostKept)
}

export function storeRecent(list: readonly Recent[]): void {
	writeStored(storageKey, JSON.stringify(list))
}

const isRecent = (value: unknown): value is Recent =>
	isObject(value) && typeof value.at === 'number' && typeof value.title === 'string' && isObject(value.body)

/** The latest thing that somebody said in it. */
function nameBody({ messages }: Body): string {
	const list = Array.isArray(messages) ? messages : []
	const text = list.map(message => (isObject(message) ? firstText(message.content) : '')).findLast(Boolean)
	return redactText(text ?? '').slice(0, 80)
}

function firstText(content: unknown): string {
	if (typeof content === 'string') return content
	const found = Array.isArray(content)
		? content.find(block => isObject(block) && block.type === 'text')
		: undefined
	return isObject(found) ? String(found.text ?? '') : ''
}

/** Images are too large to be kept: a line of text stands for each. */
function withoutImages(value: unknown): unknown {
	if (Array.isArray(value)) return value.map(withoutImages)
	if (!isObject(value)) return value
	if (value.type === 'image' && isObject(value.source) && value.source.type === 'base64')
		return { type: 'text', text: '[image]' }
	return Object.fromEntries(Object.entries(value).map(([name, child]) => [name, withoutImages(child)]))
}
