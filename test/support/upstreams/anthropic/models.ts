export const defaultModels = [
	'claude-opus-5-5',
	'claude-sonnet-5-5',
	'claude-haiku-5-5',
	'claude-fable-5-2',
	'claude-sonnet-5',
	'claude-opus-5',
	'claude-opus-4-8',
	'claude-opus-4-7',
	'claude-opus-4-6',
	'claude-sonnet-4-6',
	'claude-haiku-4-5',
	'claude-haiku-4-5-20251001',
	'claude-opus-4-5',
	'claude-sonnet-4-5',
	'claude-sonnet-4-5-20250929',
	'claude-3-5-haiku-20241022',
]

/** What the rules need to know of a model: https://docs.anthropic.com/en/docs/about-claude/models */
export interface ModelTraits {
	maxOutput: number
	/** Which ways of thinking it takes. */
	thinking: readonly string[]
	/** Takes temperature, top_p and top_k. */
	sampling: boolean
	/** Takes a last assistant message as the beginning of its answer. */
	prefill: boolean
	/** Takes role "system" inside messages: always, with the beta header, or never. */
	systemRole: 'always' | 'beta' | 'never'
}

export function traitsOf(model: string): ModelTraits {
	const version = versionOf(model)
	return {
		maxOutput: version < 4 ? 8192 : version >= 4.6 ? 128_000 : 64_000,
		thinking: waysToThink(version),
		sampling: version < 4.7,
		prefill: version < 4.6,
		systemRole: version >= 5 ? 'always' : version >= 4.8 ? 'beta' : 'never',
	}
}

function waysToThink(version: number): readonly string[] {
	if (version < 4) return ['disabled']
	if (version < 4.6) return ['enabled', 'disabled']
	if (version < 4.7) return ['enabled', 'adaptive', 'disabled']
	return ['adaptive', 'between_tools', 'disabled']
}

/** 4.5 of `claude-haiku-4-5-20251001`, 3.5 of `claude-3-5-haiku-…`; the newest where the name says nothing. */
function versionOf(model: string): number {
	const found = /claude-(?:[a-z]+-)?(\d)(?:-(\d)(?!\d))?/.exec(model)
	return found ? Number(`${found[1]}.${found[2] ?? 0}`) : 5.5
}
