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

/** A label of few values: clients may send any text as a model's name. */
export function readModelFamily(model: string): string {
	const name = model.toLowerCase()
	if (name === '') return 'none'
	return families.find(([pattern]) => pattern.test(name))?.[1] ?? 'other'
}
