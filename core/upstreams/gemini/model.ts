/** What a model's name tells about what it takes. */
export interface GeminiModel {
	/** Generation as one number, 2.5 or 3.1; undefined for names that are not Google's (relays rename models). */
	generation: number | undefined
	tier: 'pro' | 'flash' | 'lite' | 'other'
	/** Made for images or speech: no thinking settings, other limits. */
	media: boolean
}

/** `…-latest` names follow Google's newest release. */
const newestGeneration = 3.9

/**
 * Reads Google's naming scheme, with or without a `models/` or relay prefix.
 * Source: https://ai.google.dev/gemini-api/docs/models
 */
export function readModelName(name: string): GeminiModel {
	const lower = name.toLowerCase()
	const version = /gemini-(\d+(?:\.\d+)?)/.exec(lower)?.[1]
	const latest = /gemini-(?:pro|flash|flash-lite)-latest/.test(lower)
	return {
		generation: version === undefined ? (latest ? newestGeneration : undefined) : Number(version),
		tier: lower.includes('lite')
			? 'lite'
			: lower.includes('flash')
				? 'flash'
				: /pro(?:-|$)/.test(lower)
					? 'pro'
					: 'other',
		media: /-image|-tts|-audio|-live/.test(lower),
	}
}

/** Whether the model belongs to Gemini 3 or later: thought signatures are checked, thinking has levels. */
export function isThirdGeneration(model: GeminiModel): boolean {
	return model.generation !== undefined && model.generation >= 3
}

/** The model's limit of output tokens, where it is known. */
export function maxOutputTokens(model: GeminiModel): number | undefined {
	if (model.generation === undefined) return undefined
	if (model.media) return 32_768
	return model.generation >= 2.5 ? 65_536 : 8192
}
