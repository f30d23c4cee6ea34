import { createTextCache } from '../../messages/text-cache.ts'
import { hostOf, isAzure, isOpenAi, plainModel } from './hosts.ts'
import type { ReasoningEffort } from './reasoning-effort.ts'

/** What is known of a model by its name alone. */
export interface ModelTraits {
	/** Refuses temperature and top_p, and mostly stop, while it reasons. */
	reasons: boolean
	/** Values of `reasoning_effort` it takes, weakest first; empty when the field is not sent. */
	efforts: readonly ReasoningEffort[]
	/** Most output tokens it takes; more is a 400. */
	maxOutput: number | undefined
	/** OpenAI's own Chat Completions refuses function tools together with reasoning. */
	reasonsWithTools: boolean
}

const standard: readonly ReasoningEffort[] = ['low', 'medium', 'high']
const sinceGpt52: readonly ReasoningEffort[] = ['none', ...standard, 'xhigh']

/**
 * Efforts by name. `none` came with gpt-5.1, `minimal` exists on gpt-5 only, `xhigh` came with gpt-5.2.
 * Source: reasoning_effort in https://platform.openai.com/docs/api-reference/chat/create and openai/openai-dotnet#877.
 */
const effortRules: readonly [RegExp, readonly ReasoningEffort[]][] = [
	[/^o1-(?:mini|preview)/, []],
	[/^o\d/, standard],
	[/^gpt-[5-9][\d.]*-(?:chat|pro)/, []],
	[/^gpt-5\.1-codex-max/, [...standard, 'xhigh']],
	[/^gpt-5(?:\.1)?-codex/, standard],
	[/^gpt-5\.[23]-codex/, [...standard, 'xhigh']],
	[/^gpt-5(?:-|$)/, ['minimal', ...standard]],
	[/^gpt-5\.1(?:-|$)/, ['none', ...standard]],
	[/^gpt-6-astra|^gpt-6\.1-sol/, [...standard, 'xhigh']],
	[/^gpt-(?:[5-9]|\d{2})/, sinceGpt52],
	[/^gpt-oss/, standard],
]

/** Output limits of OpenAI's models: https://platform.openai.com/docs/models */
const outputLimits: readonly [RegExp, number][] = [
	[/^gpt-3\.5-turbo/, 4096],
	[/^gpt-4-(?:turbo|1106|0125|vision)/, 4096],
	[/^gpt-4o-2024-05-13/, 4096],
	[/^(?:gpt-4o|chatgpt-4o)/, 16_384],
	[/^gpt-4\.1/, 32_768],
	[/^gpt-4(?:-|$)/, 8192],
	[/^gpt-[5-9][\d.]*-chat/, 16_384],
	[/^o1-preview/, 32_768],
	[/^o1-mini/, 65_536],
	[/^o\d/, 100_000],
	[/^gpt-(?:[5-9]|\d{2})/, 128_000],
]

/** Models that were described; names come from clients. */
const described = createTextCache<Readonly<ModelTraits>>({ entries: 200, characters: 100_000 })

/** Looked up by two dozen patterns, once per model and base URL. */
export function describeModel(model: string, baseUrl: string): Readonly<ModelTraits> {
	const key = `${baseUrl}\n${model}`
	const known = described.get(key)
	if (known) return known
	const traits = readTraits(model, baseUrl)
	described.set(key, traits)
	return traits
}

function readTraits(model: string, baseUrl: string): ModelTraits {
	const name = plainModel(model)
	const official = isOpenAi(baseUrl) || isAzure(baseUrl)
	return {
		reasons: /^o\d|^codex-|^gpt-(?:[5-9]|\d{2})/.test(name) && !/^gpt-5-chat/.test(name),
		efforts: find(effortRules, name) ?? effortsOfHost(baseUrl),
		maxOutput: find(outputLimits, name),
		// "Function tools with reasoning_effort are not supported …", since gpt-5.4: openai/openai-openapi#541
		reasonsWithTools: !(official && /^gpt-(?:5\.(?:[4-9]|\d{2})|[6-9]|\d{2})/.test(name)),
	}
}

/** Hosts that take `reasoning_effort` for whatever model: DeepSeek and OpenRouter document it. */
function effortsOfHost(baseUrl: string): readonly ReasoningEffort[] {
	const host = hostOf(baseUrl)
	if (host === 'openrouter.ai') return ['none', 'minimal', ...standard, 'xhigh']
	return host === 'api.deepseek.com' ? [...standard, 'max'] : []
}

function find<Value>(rules: readonly [RegExp, Value][], name: string): Value | undefined {
	return rules.find(([pattern]) => pattern.test(name))?.[1]
}
