import { renderAnthropic } from './dialects/anthropic.ts'
import { renderGemini } from './dialects/gemini.ts'
import { renderOpenAi } from './dialects/openai.ts'
import { renderResponses } from './dialects/responses.ts'

export type Dialect = 'anthropic' | 'openai' | 'gemini' | 'responses'

/** What the scripted upstream says, whatever dialect it says it in. */
export interface Answer {
	kind: 'text' | 'tool'
	/** The deltas of a stream; JSON answers have them joined. For a tool call, pieces of its JSON arguments. */
	pieces: readonly string[]
	stream: boolean
}

/** How a dialect puts an answer: the events of a stream, or one JSON document. */
export function renderAnswer(dialect: Dialect, answer: Answer): string[] {
	return renderers[dialect](answer)
}

const renderers: Readonly<Record<Dialect, (answer: Answer) => string[]>> = {
	anthropic: renderAnthropic,
	openai: renderOpenAi,
	gemini: renderGemini,
	responses: renderResponses,
}

/** A delta that the upstream overwrites with the time at which it leaves: 15 digits, microseconds. */
export const stampedPiece = '@000000000000000@ and on'
export const stampPattern = /@(\d{15})@/g
export const unstamp = (text: string) => text.replace(stampPattern, '@000000000000000@')
