/** A model as `GET /v1/models` lists it: https://docs.anthropic.com/en/api/models-list */
export interface ModelEntry {
	type: 'model'
	id: string
	display_name: string
	/** RFC 3339; the epoch when the date is not known, as Anthropic does. */
	created_at: string
	max_input_tokens: number | null
	max_tokens: number | null
	[more: string]: unknown
}

export interface ModelFacts {
	id: string
	displayName?: string | undefined
	/** RFC 3339. */
	createdAt?: string | undefined
	maxInputTokens?: number | undefined
	maxTokens?: number | undefined
}

const unknownDate = '1970-01-01T00:00:00Z'

/** What is not known of a model is null, where the SDK's type has the field. */
export function toModelEntry({
	id,
	displayName,
	createdAt,
	maxInputTokens,
	maxTokens,
}: ModelFacts): ModelEntry {
	return {
		type: 'model',
		id,
		display_name: displayName ?? id,
		created_at: createdAt ?? unknownDate,
		max_input_tokens: maxInputTokens ?? null,
		max_tokens: maxTokens ?? null,
		capabilities: null,
		lifecycle: 'active',
		line: null,
		deprecated_at: null,
		retires_at: null,
	}
}
