export const defaultModels = [
	'gemini-3.7-flash',
	'gemini-3.5-flash',
	'gemini-3.1-pro-preview',
	'gemini-3-pro-preview',
	'gemini-3-flash-preview',
	'gemini-2.5-pro',
	'gemini-2.5-flash',
	'gemini-2.5-flash-lite',
	'gemini-2.0-flash',
]

/** 2.5 of `gemini-2.5-pro`; 3 where the name says nothing, since new models follow the newest rules. */
export function generationOf(model: string): number {
	return Number(/gemini-(\d+(?:\.\d+)?)/.exec(model)?.[1] ?? 3)
}
