/** What a name that stands before a value says of it. */
export type NameRole =
	| { role: 'url' | 'key'; type?: string }
	| { role: 'model'; tier: 'opus' | 'sonnet' | 'haiku' | 'main' }
	| { role: 'type' | 'name' | 'other' }
	| { role: 'marker'; type: string }

/** Keys and addresses of other things. */
const foreign =
	/^(?:aws|github|gh|gitlab|npm|turso|proxy_access|admin_access|encryption|database|db|session|csrf|ssh|max|client|https?|all|no)[-_]/

const urlNames = /(?:^|[-_])(?:base_?ur[li]|api_?base(?:_?url)?|api_?url|api_?host|endpoint)$/
const keyNames =
	/(?:^|[-_])(?:api[-_]?keys?|auth[-_]?token|access[-_]?token|secret[-_]?key|api[-_]?token|auth[-_]?key|key|token)$/

/**
 * The role of a name: an environment variable, a JSON member, a header, a label. Undefined for names that say nothing.
 */
export function readName(text: string): NameRole | undefined {
	const name = text.replace(/([a-z])([A-Z])/g, '$1_$2').toLowerCase()
	if (foreign.test(name)) return { role: 'other' }
	const type = readVendor(name)
	if (/^(?:url|host|address)$/.test(name) || urlNames.test(name)) {
		return { role: 'url', ...(type && { type }) }
	}
	if (/^(?:keys|authorization|bearer)$/.test(name) || keyNames.test(name)) {
		return { role: 'key', ...(type && { type }) }
	}
	if (name === 'anthropic-version' || name === 'anthropic-beta') {
		return { role: 'marker', type: 'claude' }
	}
	return readModelName(name) ?? readOtherName(name)
}

function readVendor(name: string): string | undefined {
	if (name.startsWith('anthropic')) return 'claude'
	if (name.startsWith('openai')) return 'openai'
	return /^(?:gemini|google|x-goog)/.test(name) ? 'gemini' : undefined
}

function readModelName(name: string): NameRole | undefined {
	if (!/(?:^|_)model$/.test(name) || /subagent|embed/.test(name)) return undefined
	const named = /haiku|sonnet|opus/.exec(name)?.[0]
	const isSmall = name.includes('small')
	const tier = named ?? (isSmall ? 'haiku' : name.includes('reasoning') ? 'opus' : 'main')
	return { role: 'model', tier: tier as 'opus' | 'sonnet' | 'haiku' | 'main' }
}

function readOtherName(name: string): NameRole | undefined {
	if (/^(?:service_type|type|api_format|protocol)$/.test(name)) return { role: 'type' }
	return name === 'name' ? { role: 'name' } : undefined
}

const types = new Map(
	Object.entries({
		...{ claude: 'claude', anthropic: 'claude', anthropic_messages: 'claude' },
		...{ openai: 'openai', openai_chat: 'openai', openaiold: 'openaiold' },
		...{ responses: 'responses', openai_responses: 'responses' },
		...{ gemini: 'gemini', google: 'gemini' },
	}),
)

/** The upstream type that a word means. */
export function readTypeWord(word: string): string | undefined {
	return types.get(word.trim().toLowerCase())
}
