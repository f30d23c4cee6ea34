/** Beginnings and parts of model names that tell a family; the first that fits counts. */
const families: readonly (readonly [RegExp, string])[] = [
	[/opus/, 'claude-opus'],
	[/sonnet/, 'claude-sonnet'],
	[/haiku/, 'claude-haiku'],
	[/claude/, 'claude'],
	[/gemini/, 'gemini'],
	[/gemma/, 'gemma'],
	[/gpt|codex/, 'gpt'],
	[/(?:^|\/)o\d/, 'openai-o'],
	[/deepseek/, 'deepseek'],
	[/kimi|moonshot/, 'kimi'],
	[/glm|zhipu/, 'glm'],
	[/qwen|qwq/, 'qwen'],
	[/minimax|abab/, 'minimax'],
	[/grok/, 'grok'],
	[/llama/, 'llama'],
	[/mi[sx]tral|codestral|devstral/, 'mistral'],
]

/** Names that are used are few and short; what else clients send is read anew. */
const mostKnown = 500
const longestKnown = 100
const known = new Map<string, string>()

/** A label of few values: clients may send any text as a model's name. */
export function readModelFamily(model: string): string {
	const family = known.get(model)
	if (family !== undefined) return family
	const found = findFamily(model.toLowerCase())
	if (known.size < mostKnown && model.length <= longestKnown) known.set(model, found)
	return found
}

function findFamily(name: string): string {
	if (name === '') return 'none'
	return families.find(([pattern]) => pattern.test(name))?.[1] ?? 'other'
}
