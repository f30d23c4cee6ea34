import { type NameRole, readName } from './paste-names.ts'

/** A value, with the name that stood before it. */
export interface PastedValue {
	name: string | undefined
	role: NameRole | undefined
	value: string
}

/** Characters around values: blanks, quotes, brackets, punctuation, and whatever is written in Chinese. */
const word =
	/[^\s"'`,;|<>(){}[\]\\，。；、“”‘’「」『』【】（）《》！？…·\u3000-\u303f\u3400-\u9fff\uff0c\uff1b]+/g

/** Labels that people write in Chinese. */
const labels: readonly [RegExp, string][] = [
	[/密钥|秘钥|令牌/g, ' key '],
	[/(?:接口|请求|服务)?地址/g, ' url '],
	[/[\u200b-\u200d\ufeff]/g, ''],
	[/：/g, ':'],
	[/＝/g, '='],
	// JSON as PHP writes it.
	[/\\\//g, '/'],
]

/** Takes a text apart, whatever it is: shell, env files, headers, YAML, broken JSON, chat. Linear. */
export function readValues(text: string): PastedValue[] {
	const plain = labels.reduce((result, [pattern, by]) => result.replace(pattern, by), text)
	const reader = new ValueReader()
	for (const [found] of plain.matchAll(word)) reader.read(found)
	return reader.values
}

interface Pending {
	name: string
	role: NameRole
	/** `=` or `:` was seen. */
	marked: boolean
}

const declaration = /^(?:set|setx|setenv|SetEnvironmentVariable)$/i

class ValueReader {
	readonly values: PastedValue[] = []
	#pending: Pending | undefined
	/** A command that takes a name and then a value: `set -gx NAME value`. */
	#declares = false

	read(found: string): void {
		const text = found.replace(/^\$env:/i, '')
		if (/^[=:]/.test(text)) return this.#readMark(text.replace(/^[=:]+/, ''))
		const named = /^-{0,2}([A-Za-z][\w.-]{0,63})[=:](.*)$/s.exec(text)
		if (!named || /^https?:\/\//i.test(text)) return this.#readWord(text)
		const [, name = '', value = ''] = named
		const role = readName(name)
		if (!role) {
			// A server nearby (`localhost:8000`), or a label of someone's own (`main:sk-…`).
			this.#pending = undefined
			if (/^\d/.test(value) || /^=?$/.test(value)) this.#push(undefined, text)
			else this.#push(undefined, value)
			return
		}
		this.#pending = { name, role, marked: true }
		if (value !== '') this.#readWord(value)
	}

	#readMark(rest: string): void {
		if (this.#pending) this.#pending.marked = true
		if (rest !== '') this.#readWord(rest)
	}

	#readWord(text: string): void {
		const pending = this.#pending
		if (pending?.marked) {
			// `Authorization: Bearer …`
			if (pending.role.role === 'key' && /^(?:bearer|basic|token)$/i.test(text)) return
			this.#pending = undefined
			return this.#push(pending, text)
		}
		const name = text.replace(/^-{1,2}/, '')
		const role = /^[A-Za-z][\w.-]{0,63}$/.test(name) ? readName(name) : undefined
		this.#pending = role && { name, role, marked: this.#declares }
		this.#declares = declaration.test(text) || (this.#declares && /^-{1,2}[a-z]{1,9}$/i.test(text))
		if (!role) this.#push(undefined, text)
	}

	#push(pending: Pending | undefined, value: string): void {
		this.values.push({ name: pending?.name, role: pending?.role, value })
	}
}
