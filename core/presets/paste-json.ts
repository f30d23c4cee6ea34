import { readName } from './paste-names.ts'
import type { PastedValue } from './paste-text.ts'

export interface PastedJson {
	values: PastedValue[]
	modelMap: Record<string, string>
	/** Names of upstreams beside the one that was taken. */
	others: string[]
}

const maxNodes = 20_000
const maxDepth = 20

/** Requests hold these: nothing in them is configuration. */
const skipped = new Set(['messages', 'contents', 'tools', 'system', 'input', 'permissions', 'hooks'])
/** Lists of upstreams: ours, the original's `config.json`, and those of other routers. */
const lists = new Set(['upstream', 'upstreams', 'providers', 'channels'])

/** The JSON in a text, and the text around it. Undefined where there is none. */
export function splitJson(text: string): { json: unknown; around: string } | undefined {
	const start = text.search(/[{[]/)
	const end = Math.max(text.lastIndexOf('}'), text.lastIndexOf(']'))
	if (start === -1 || end <= start) return undefined
	try {
		const json: unknown = JSON.parse(text.slice(start, end + 1))
		return { json, around: `${text.slice(0, start)} ${text.slice(end + 1)}` }
	} catch {
		return undefined
	}
}

/** Named values wherever they stand in a JSON value. */
export function readJsonValues(json: unknown): PastedJson {
	const reader = new JsonReader()
	reader.walk(json, 0)
	return reader.result
}

class JsonReader {
	readonly result: PastedJson = { values: [], modelMap: {}, others: [] }
	#nodes = 0

	walk(value: unknown, depth: number): void {
		if (depth > maxDepth || typeof value !== 'object' || value === null) return
		if (Array.isArray(value)) {
			// A list of upstreams without the object around it, or anything else: its first object counts.
			if (value.some(isRecord)) return this.#walkList(value, 0, depth)
			return this.#readStrings(undefined, value)
		}
		for (const [name, member] of Object.entries(value)) {
			if (++this.#nodes > maxNodes) return
			this.#readMember(value as Record<string, unknown>, name, member, depth)
		}
	}

	#readMember(object: Record<string, unknown>, name: string, member: unknown, depth: number): void {
		const lowerName = name.toLowerCase()
		if (skipped.has(lowerName)) return
		if (/^model_?map(?:ping)?$/.test(lowerName) && isRecord(member)) return this.#readModelMap(member)
		if (typeof member === 'string') return this.#readString(object, name, member)
		if (!Array.isArray(member)) return this.walk(member, depth + 1)
		const current = object.currentUpstream
		if (lists.has(lowerName)) {
			return this.#walkList(member, typeof current === 'number' ? current : 0, depth)
		}
		this.#readStrings(name, member)
		for (const one of member.slice(0, 100)) this.walk(one, depth + 1)
	}

	#walkList(list: readonly unknown[], chosen: number, depth: number): void {
		const index = isRecord(list[chosen]) ? chosen : list.findIndex(isRecord)
		this.walk(list[index], depth + 1)
		list.slice(0, 1000).forEach((other, at) => {
			if (at !== index && isRecord(other) && typeof other.name === 'string')
				this.result.others.push(other.name)
		})
	}

	#readString(object: Record<string, unknown>, name: string, value: string): void {
		const role = readName(name)
		if (!role) return
		if (role.role === 'name' && !Object.keys(object).some(isAboutUpstream)) return
		this.result.values.push({ name, role, value: value.trim() })
	}

	#readStrings(name: string | undefined, list: readonly unknown[]): void {
		const role = name === undefined ? undefined : readName(name)
		if (name !== undefined && role?.role !== 'key') return
		for (const value of list) {
			if (typeof value !== 'string' || ++this.#nodes > maxNodes) continue
			this.result.values.push({ name, role, value: value.trim() })
		}
	}

	#readModelMap(map: Record<string, unknown>): void {
		for (const [from, to] of Object.entries(map).slice(0, 100)) {
			if (typeof to === 'string' && from !== '' && to !== '') setOwn(this.result.modelMap, from, to)
		}
	}
}

/** `__proto__` is a name like any other. */
export function setOwn<Value>(record: Record<string, Value>, name: string, value: Value): void {
	Object.defineProperty(record, name, { value, enumerable: true, configurable: true, writable: true })
}

function isAboutUpstream(name: string): boolean {
	const role = readName(name)?.role
	return role === 'url' || role === 'key'
}

function isRecord(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value)
}
