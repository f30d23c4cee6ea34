/** What an upstream allows in a tool's name. */
export interface ToolNameRules {
	maxLength: number
	/** Matches a whole legal name of any length. */
	legal: RegExp
	/** Put before a name whose first character is not legal there. */
	prefix: string
}

/** Renames tools for one request. Stateless: the next turn computes the same names from the same list. */
export interface ToolNames {
	/** The name to send upstream, for tools, tool_choice and calls in history alike. */
	toUpstream(name: string): string
	/** Sent name -> client's name, for names that differ. */
	readonly renamed: ReadonlyMap<string, string>
}

/**
 * Anthropic allows 128 characters, most others 64 (MCP names of 74 characters are common): a name that is illegal
 * upstream becomes `<legal start>_<hash>`; legal names stay. No two names share a result.
 *
 * @param names all tool names of the request, in order; names that only occur in history may be asked for later
 */
export function createToolNames(names: readonly string[], rules: ToolNameRules): ToolNames {
	const sent = new Map<string, string>()
	const taken = new Set<string>()
	const renamed = new Map<string, string>()
	const isLegal = (name: string) => name.length <= rules.maxLength && rules.legal.test(name)

	for (const name of names) {
		if (!isLegal(name)) continue
		sent.set(name, name)
		taken.add(name)
	}
	const toUpstream = (name: string): string => {
		const known = sent.get(name)
		if (known !== undefined) return known
		let candidate = isLegal(name) ? name : shorten(name, name, rules)
		for (let salt = 1; taken.has(candidate); salt++) candidate = shorten(name, `${salt}:${name}`, rules)
		sent.set(name, candidate)
		taken.add(candidate)
		if (candidate !== name) renamed.set(candidate, name)
		return candidate
	}
	for (const name of names) toUpstream(name)
	return { toUpstream, renamed }
}

function shorten(name: string, hashed: string, rules: ToolNameRules): string {
	const plain = name.replace(/[^A-Za-z0-9_-]/g, '_')
	const start = rules.legal.test(plain) ? plain : rules.prefix + plain
	return `${start.slice(0, rules.maxLength - 9)}_${hash(hashed)}`
}

/** FNV-1a, 32 bits, as 8 hex digits: http://www.isthe.com/chongo/tech/comp/fnv/ */
export function hash(text: string): string {
	let value = 0x811c9dc5
	for (let index = 0; index < text.length; index++) {
		value ^= text.charCodeAt(index)
		value = Math.imul(value, 0x01000193)
	}
	return (value >>> 0).toString(16).padStart(8, '0')
}
