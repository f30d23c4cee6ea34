import type { Usage } from '../../messages/events.ts'
import { isRecord } from './failure.ts'
import { asNumber } from './json-values.ts'

/**
 * Token counts of Chat Completions and Responses in Anthropic's sense: `input_tokens` without what came from or went into the cache.
 * What the upstream does not say, or says with 0 for the whole, is left out: it must not wipe a better value.
 *
 * @param known what was read before: a later count may tell the whole prompt without its cached part
 * @param options.thinksApart the model's thinking is told by the total alone
 */
export function readOpenAiUsage(
	raw: unknown,
	known: Partial<Usage> = {},
	options: { thinksApart?: boolean } = {},
): Partial<Usage> {
	if (!isRecord(raw)) return {}
	const details = firstRecord(raw.prompt_tokens_details, raw.input_tokens_details)
	const spent = firstRecord(raw.completion_tokens_details, raw.output_tokens_details)
	const prompt = count(raw.prompt_tokens) ?? count(raw.input_tokens)
	const cached =
		largestCount(
			details.cached_tokens,
			raw.prompt_cache_hit_tokens, // DeepSeek
			raw.cached_tokens, // Moonshot
			raw.cache_read_input_tokens,
		) ?? known.cache_read_input_tokens
	const written =
		largestCount(
			details.cache_write_tokens,
			details.cache_creation_tokens,
			details.cached_creation_tokens, // New API
			details.cache_creation_input_tokens, // DashScope
			raw.cache_creation_input_tokens,
		) ?? known.cache_creation_input_tokens
	const told = largestCount(spent.reasoning_tokens, raw.reasoning_tokens)
	const guessed = options.thinksApart && prompt !== undefined ? readMissing(raw, prompt) : undefined
	const reasoning = told || guessed
	const output = readOutput(raw, prompt, reasoning)
	return {
		...(prompt && {
			input_tokens: withoutCache(prompt, cached ?? 0, written ?? 0, readMissing(raw, prompt)),
		}),
		...(output && { output_tokens: output }),
		...(cached !== undefined && { cache_read_input_tokens: cached }),
		...(written !== undefined && { cache_creation_input_tokens: written }),
		...(reasoning && { output_tokens_details: { thinking_tokens: reasoning } }),
	}
}

/** More cached than prompt tokens, or a total beyond both, means that the upstream counts like Anthropic already. */
function withoutCache(prompt: number, cached: number, written: number, missing: number): number {
	if (missing > 0 && missing === cached + written) return prompt
	if (cached + written <= prompt) return prompt - cached - written
	return cached <= prompt ? prompt - cached : prompt
}

/** xAI and Gemini count reasoning apart from the completion; the total gives it away. */
function readOutput(
	raw: Record<string, unknown>,
	prompt: number | undefined,
	reasoning: number | undefined,
): number | undefined {
	const completion = readCompletion(raw)
	if (!reasoning || readMissing(raw, prompt) !== reasoning) return completion
	return (completion ?? 0) + reasoning
}

/** What the total holds beside prompt and completion. */
function readMissing(raw: Record<string, unknown>, prompt = 0): number {
	return Math.max(0, (count(raw.total_tokens) ?? 0) - prompt - (readCompletion(raw) ?? 0))
}

function readCompletion(raw: Record<string, unknown>): number | undefined {
	return count(raw.completion_tokens) ?? count(raw.output_tokens)
}

/** Relays send counts as strings and fractions too. */
function count(value: unknown): number | undefined {
	if (typeof value !== 'number' && (typeof value !== 'string' || value.trim() === '')) return undefined
	const number = Math.floor(asNumber(value))
	return number >= 0 && Number.isSafeInteger(number) ? number : undefined
}

/** Relays fill in a 0 where they know nothing, beside the vendor's own count. */
function largestCount(...values: unknown[]): number | undefined {
	let largest: number | undefined
	for (const value of values) {
		const number = count(value)
		if (number !== undefined && number >= (largest ?? 0)) largest = number
	}
	return largest
}

function firstRecord(...values: unknown[]): Record<string, unknown> {
	return values.find(isRecord) ?? {}
}
