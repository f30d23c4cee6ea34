/** What the rules need to know of a model. Source: the model pages of platform.openai.com/docs/models. */
export interface ModelTraits {
	reasoning: boolean
	/** The `reasoning_effort` values it takes; undefined where the parameter is unknown. */
	efforts: readonly string[] | undefined
	/**
	 * Whether function tools may come with thinking: from 5.4 on not with an effort, from 5.6 on only with effort
	 * `none`, since those models have an effort by default (openai/openai-openapi#541).
	 */
	toolsWithEffort: 'any' | 'absent-or-none' | 'none'
	/** Largest completion; undefined where we know none. */
	maxOutput: number | undefined
}

export const defaultModels = [
	'gpt-6-sol',
	'gpt-5.6-sol',
	'gpt-5.6-terra',
	'gpt-5.5',
	'gpt-5.4',
	'gpt-5.4-mini',
	'gpt-5.2',
	'gpt-5.1',
	'gpt-5.1-codex',
	'gpt-5',
	'gpt-5-mini',
	'gpt-5-nano',
	'gpt-5-chat-latest',
	'gpt-4.1',
	'gpt-4.1-mini',
	'gpt-4.1-nano',
	'o4-mini',
	'o3',
	'o3-mini',
	'o1',
	'gpt-4o',
	'gpt-4o-mini',
	'gpt-4-turbo',
	'gpt-4',
	'gpt-3.5-turbo',
]

/** What an older compatible server has when nothing else is said. */
export const compatibleModels = [
	'gpt-4o',
	'gpt-4-turbo',
	'gpt-3.5-turbo',
	'qwen-max',
	'deepseek-chat',
	'glm-4-plus',
	'moonshot-v1-32k',
]

const outputLimits: readonly [RegExp, number][] = [
	[/^gpt-(5|6).*chat/, 16_384],
	[/^gpt-(5|6)/, 128_000],
	[/^o\d/, 100_000],
	[/^gpt-4\.1/, 32_768],
	[/^gpt-4o/, 16_384],
	[/^gpt-4-turbo/, 4096],
	[/^gpt-4/, 8192],
	[/^gpt-3\.5/, 4096],
]

const effortValues: readonly [RegExp, readonly string[]][] = [
	[/^o\d/, ['low', 'medium', 'high']],
	[/^gpt-5(-mini|-nano|-20|$)/, ['minimal', 'low', 'medium', 'high']],
	[/^gpt-5\.1/, ['none', 'low', 'medium', 'high']],
	[/^gpt-(5|6)/, ['none', 'low', 'medium', 'high', 'xhigh']],
]

export function traitsOf(model: string): ModelTraits {
	const reasoning = /^(o\d|gpt-[56])/.test(model) && !model.includes('chat')
	return {
		reasoning,
		efforts: reasoning ? effortValues.find(([pattern]) => pattern.test(model))?.[1] : undefined,
		toolsWithEffort: reasoning ? toolsWithEffortOf(model) : 'any',
		maxOutput: outputLimits.find(([pattern]) => pattern.test(model))?.[1],
	}
}

function toolsWithEffortOf(model: string): ModelTraits['toolsWithEffort'] {
	const version = Number(/^gpt-(\d+(?:\.\d+)?)/.exec(model)?.[1] ?? 0)
	if (version >= 5.6) return 'none'
	return version >= 5.4 ? 'absent-or-none' : 'any'
}
