/** Deeper than any document of ours or of the original, and far from the end of the stack. */
const maxDepth = 16

export type JsonResult = { ok: true; value: unknown } | { ok: false; reason: string }

/**
 * Reads JSON as https://www.rfc-editor.org/rfc/rfc8259 has it, and tells where a fault is by line and column. The
 * runtime's own messages quote the text around a fault, which may be a key. Refused as well, since they only occur in
 * texts that are damaged or meant to deceive: a name twice in one object, `__proto__` as a name, great depth.
 */
export function readJson(given: string): JsonResult {
	const text = given.startsWith('\ufeff') ? given.slice(1) : given
	try {
		new JsonChecker(text).check()
	} catch (error) {
		if (!(error instanceof JsonFault)) throw error
		return { ok: false, reason: `${describePlace(text, error.at)}: ${error.message}` }
	}
	return { ok: true, value: JSON.parse(text) }
}

class JsonFault extends Error {
	readonly at: number
	constructor(at: number, message: string) {
		super(message)
		this.at = at
	}
}

const escaped = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y
const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const word = /true|false|null/y
const quote = 0x22
const backslash = 0x5c

class JsonChecker {
	readonly #text: string
	#at = 0

	constructor(text: string) {
		this.#text = text
	}

	check(): void {
		this.#takeValue(0)
		if (this.#next() !== '') this.#fail('there is more after the end')
	}

	#takeValue(depth: number): void {
		const first = this.#next()
		if (first === '"') this.#takeText()
		else if (first === '{' || first === '[') this.#takeContainer(first, depth)
		else if (!this.#take(word) && !this.#take(number)) this.#fail('a value was expected')
	}

	#takeContainer(open: string, depth: number): void {
		if (depth === maxDepth) this.#fail(`more than ${maxDepth} levels`)
		const close = open === '{' ? '}' : ']'
		const names = new Set<string>()
		this.#at++
		if (this.#next() === close) {
			this.#at++
			return
		}
		do {
			if (open === '{') this.#takeName(names)
			this.#takeValue(depth + 1)
		} while (this.#takeSeparator(close))
	}

	#takeName(names: Set<string>): void {
		if (this.#next() !== '"') this.#fail('a name in double quotes was expected')
		const start = this.#at
		const name = JSON.parse(this.#takeText()) as string
		if (name === '__proto__' || names.has(name)) {
			this.#at = start
			this.#fail(names.has(name) ? 'this name is there twice' : 'this name is not allowed')
		}
		names.add(name)
		if (this.#next() !== ':') this.#fail('a colon was expected')
		this.#at++
	}

	/** True when another member or item follows. */
	#takeSeparator(close: string): boolean {
		const separator = this.#next()
		if (separator !== ',' && separator !== close) this.#fail(`a comma or ${close} was expected`)
		this.#at++
		return separator === ','
	}

	#takeText(): string {
		const start = this.#at++
		for (;;) {
			const code = this.#text.charCodeAt(this.#at)
			if (code === quote) return this.#text.slice(start, ++this.#at)
			if (code === backslash) {
				if (!this.#take(escaped)) this.#fail('a backslash that means nothing')
			} else if (code >= 0x20) this.#at++
			else this.#fail('a control character or the end of a line inside of quotes')
		}
	}

	#take(pattern: RegExp): boolean {
		pattern.lastIndex = this.#at
		const found = pattern.test(this.#text)
		if (found) this.#at = pattern.lastIndex
		return found
	}

	/** The character after blanks; empty at the end. */
	#next(): string {
		for (;;) {
			const character = this.#text[this.#at] ?? ''
			if (character !== ' ' && character !== '\n' && character !== '\r' && character !== '\t')
				return character
			this.#at++
		}
	}

	#fail(reason: string): never {
		const rest = this.#text.slice(this.#at, this.#at + 2)
		if (rest === '') throw new JsonFault(this.#at, 'the text ends too early')
		if (rest === '//' || rest === '/*' || rest[0] === '#') {
			throw new JsonFault(this.#at, 'JSON has no comments')
		}
		if (rest[0] === "'") throw new JsonFault(this.#at, 'JSON has double quotes only')
		const closed = rest[0] === '}' || rest[0] === ']'
		throw new JsonFault(this.#at, closed ? `${reason}; a comma too many, perhaps` : reason)
	}
}

function describePlace(text: string, at: number): string {
	const before = text.slice(0, at).split('\n')
	return `line ${before.length}, column ${(before.at(-1) ?? '').length + 1}`
}
