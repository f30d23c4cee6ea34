import type { Usage } from '../../messages/events.ts'
import { asNumber } from '../shared/json-values.ts'

/** https://ai.google.dev/api/generate-content#UsageMetadata, cumulative in every chunk. */
export type UsageMetadata = Partial<
	Record<
		| 'promptTokenCount'
		| 'cachedContentTokenCount'
		| 'candidatesTokenCount'
		| 'thoughtsTokenCount'
		| 'toolUsePromptTokenCount'
		| 'totalTokenCount',
		unknown
	>
>

/**
 * Gemini counts cached tokens within the prompt and thoughts outside of the answer; Anthropic the other way round.
 * What is absent stays absent, so that it does not overwrite a count that came earlier.
 *
 * @param known what earlier chunks told: what they count apart, this one does too; a total that holds less than was
 *   written already tells nothing new
 */
export function readUsage(metadata: UsageMetadata, known: Partial<Usage> = {}): Partial<Usage> {
	const prompt = readCount(metadata.promptTokenCount)
	const cached = readCount(metadata.cachedContentTokenCount)
	const answer = readCount(metadata.candidatesTokenCount)
	const thoughts = readCount(metadata.thoughtsTokenCount)
	const usage: Partial<Usage> = {}
	if (prompt !== undefined) {
		const apart = cached ?? known.cache_read_input_tokens ?? 0
		// More cached than asked: a relay that already counts as Anthropic does.
		const fresh = prompt - (apart <= prompt ? apart : 0)
		usage.input_tokens = fresh + (readCount(metadata.toolUsePromptTokenCount) ?? 0)
	}
	if (cached !== undefined) usage.cache_read_input_tokens = cached
	const output =
		answer === undefined && thoughts === undefined
			? readRest(metadata, known.output_tokens ?? 0)
			: (answer ?? 0) +
				(isInclusive(metadata) ? 0 : (thoughts ?? known.output_tokens_details?.thinking_tokens ?? 0))
	if (output !== undefined) usage.output_tokens = output
	if (thoughts !== undefined) usage.output_tokens_details = { thinking_tokens: thoughts }
	return usage
}

/** Some of Google's endpoints count thoughts within the answer, which the total shows: BerriAI/litellm#10141. */
function isInclusive(metadata: UsageMetadata): boolean {
	return (
		Boolean(readCount(metadata.thoughtsTokenCount)) &&
		readRest(metadata, 0) === readCount(metadata.candidatesTokenCount)
	)
}

/** Google leaves out zeros: what the total holds beside the prompt was written, which is nothing for a blocked prompt. */
function readRest(metadata: UsageMetadata, written: number): number | undefined {
	const total = readCount(metadata.totalTokenCount)
	const prompt = readCount(metadata.promptTokenCount)
	if (total === undefined || prompt === undefined) return undefined
	const rest = total - prompt - (readCount(metadata.toolUsePromptTokenCount) ?? 0)
	return rest >= written ? rest : undefined
}

/** Relays send counts as strings too. */
function readCount(value: unknown): number | undefined {
	if (value === undefined || value === null || value === '') return undefined
	const count = asNumber(value)
	return Number.isFinite(count) && count >= 0 ? Math.round(count) : undefined
}
