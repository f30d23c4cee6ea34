import type { Note } from '../../messages/notes.ts'
import type { MessageRequest } from '../../messages/request.ts'
import { reduceSchema } from './json-schema.ts'
import { type GeminiModel, isThirdGeneration, maxOutputTokens } from './model.ts'
import { toJsonSchema } from './schema-as-json.ts'
import { toThinkingConfig } from './thinking.ts'
import type { GenerationConfig } from './wire.ts'

/** https://ai.google.dev/api/generate-content#generationconfig allows five. */
const maxStopSequences = 5

/** The first release whose documentation calls the sampling parameters deprecated: it ignores them. */
const firstWithoutSampling = 3.6

export interface ConvertedConfig {
	config: GenerationConfig
	/** An addition to the system prompt, where the wish has no field of its own. */
	instruction: string | undefined
}

export function toGenerationConfig(
	request: MessageRequest,
	model: GeminiModel,
	hasFunctions: boolean,
	notes: Note[],
): ConvertedConfig {
	const limit = maxOutputTokens(model) ?? request.max_tokens
	if (request.max_tokens > limit) {
		notes.push({
			field: 'max_tokens',
			action: 'clamped',
			detail: `this model writes at most ${limit} tokens`,
		})
	}
	const tokens = Math.min(request.max_tokens, limit)
	const thinkingConfig = toThinkingConfig(request, model, tokens, notes)
	const { format, instruction } = toFormat(request, model, hasFunctions, notes)
	const config = {
		maxOutputTokens: tokens,
		...toSampling(request, model, notes),
		...toStopSequences(request, notes),
		...(thinkingConfig && { thinkingConfig }),
		...format,
	}
	return { config, instruction }
}

function toSampling(request: MessageRequest, model: GeminiModel, notes: Note[]): GenerationConfig {
	const { temperature, top_p: topP, top_k: topK } = request
	const sampling: GenerationConfig = {
		...(temperature != null && { temperature }),
		...(topP != null && { topP }),
		...(topK != null && topK > 0 && { topK }),
	}
	const ignored = model.generation !== undefined && model.generation >= firstWithoutSampling
	if (!ignored || Object.keys(sampling).length === 0) return sampling
	const detail = 'this model takes no temperature, top_p or top_k'
	for (const name of Object.keys(sampling)) {
		notes.push({ field: samplingFields[name] ?? name, action: 'dropped', detail })
	}
	return {}
}

/** Gemini's names -> the client's. */
const samplingFields: Readonly<Record<string, string>> = { topP: 'top_p', topK: 'top_k' }

function toStopSequences(request: MessageRequest, notes: Note[]): GenerationConfig {
	const given = (request.stop_sequences ?? []).filter(sequence => sequence !== '')
	if (given.length === 0) return {}
	if (given.length > maxStopSequences) {
		const detail = `Gemini takes ${maxStopSequences} stop sequences; the others were left out`
		notes.push({ field: 'stop_sequences', action: 'clamped', detail })
	}
	return { stopSequences: given.slice(0, maxStopSequences) }
}

/** Before Gemini 3, an answer cannot be both bound to a schema and free to call functions. */
function toFormat(
	request: MessageRequest,
	model: GeminiModel,
	hasFunctions: boolean,
	notes: Note[],
): { format: GenerationConfig; instruction?: string } {
	const wanted = request.output_config?.format
	if (!wanted) return { format: {} }
	if (wanted.type !== 'json_schema') {
		notes.push({ field: 'output_config.format', action: 'dropped', detail: `unknown format ${wanted.type}` })
		return { format: {} }
	}
	if (hasFunctions && !isThirdGeneration(model)) {
		const detail = 'this model cannot be bound to a schema while it has tools; the system prompt asks for it'
		notes.push({ field: 'output_config.format', action: 'replaced', detail })
		const schema = JSON.stringify(wanted.schema ?? {})
		return { format: {}, instruction: `Answer with JSON only, valid against this JSON Schema: ${schema}` }
	}
	const { schema, freeForm, dropped } = reduceSchema(wanted.schema)
	if (dropped.length > 0) {
		const detail = `Gemini's schema cannot say: ${dropped.join(', ')}`
		notes.push({ field: 'output_config.format.schema', action: 'dropped', detail })
	}
	const format: GenerationConfig = { responseMimeType: 'application/json' }
	if (!wanted.schema) return { format }
	const bound = freeForm ? { responseJsonSchema: toJsonSchema(schema) } : { responseSchema: schema }
	return { format: { ...format, ...bound } }
}
