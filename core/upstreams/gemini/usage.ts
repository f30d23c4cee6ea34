import type { Usage } from '../../messages/events.ts'
import { asNumber } from '../shared/json-values.ts'

/** https://ai.google.dev/api/generate-content#UsageMetadata, cumulative in every chunk. */
export type UsageMetadata = Partial<
	Record<
		| 'promptTokenCount'
		| 'cachedContentTokenCount'
		| 'candidatesTokenCount'
		| 'thoughtsTokenCount'
		| 'toolUsePromptTokenCount',
		unknown
	>
>

/**
 * Gemini counts cached tokens within the prompt and thoughts outside of the answer; Anthropic the other way round.
 * What is absent stays absent, so that it does not overwrite a count that came earlier.
 */
export function readUsage(metadata: UsageMetadata): Partial<Usage> {
	const prompt = readCount(metadata.promptTokenCount)
	const cached = readCount(metadata.cachedContentTokenCount)
	const answer = readCount(metadata.candidatesTokenCount)
	const thoughts = readCount(metadata.thoughtsTokenCount)
	const usage: Partial<Usage> = {}
	if (prompt !== undefined) {
		// More cached than asked: a relay that already counts as Anthropic does.
		const fresh = prompt - (cached !== undefined && cached <= prompt ? cached : 0)
		usage.input_tokens = fresh + (readCount(metadata.toolUsePromptTokenCount) ?? 0)
	}
	if (cached !== undefined) usage.cache_read_input_tokens = cached
	if (answer !== undefined || thoughts !== undefined) usage.output_tokens = (answer ?? 0) + (thoughts ?? 0)
	if (thoughts !== undefined) usage.output_tokens_details = { thinking_tokens: thoughts }
	return usage
}

/** Relays send counts as strings too. */
function readCount(value: unknown): number | undefined {
	if (value === undefined || value === null || value === '') return undefined
	const count = asNumber(value)
	return Number.isFinite(count) && count >= 0 ? Math.round(count) : undefined
}
