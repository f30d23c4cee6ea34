import { type ModelEntry, toModelEntry } from '../../messages/models.ts'
import type { ModelPage } from '../contract.ts'
import { isRecord } from './failure.ts'

/**
 * A list of models in any of the shapes that services answer: `data` (OpenAI, Anthropic), `models` (Gemini, Ollama) or
 * a bare array. Undefined when the body is no list.
 */
export function readModelList(body: unknown): ModelPage | undefined {
	const items = isRecord(body) ? (body.data ?? body.models) : body
	if (!Array.isArray(items)) return undefined
	return { models: items.flatMap(item => readModel(item) ?? []) }
}

/** One model; what Anthropic's API says of it is kept whole. */
export function readModel(item: unknown): ModelEntry | undefined {
	if (!isRecord(item)) return undefined
	const id = readText(item.id) ?? readText(item.name)?.replace(/^models\//, '')
	if (id === undefined) return undefined
	const entry = toModelEntry({
		id,
		displayName: readText(item.display_name) ?? readText(item.displayName) ?? readText(item.name),
		createdAt: readDate(item.created_at ?? item.created),
		maxInputTokens: firstCount(item, [
			'inputTokenLimit',
			'context_length',
			'max_model_len',
			'context_window',
		]),
		maxTokens: firstCount(item, ['outputTokenLimit', 'max_completion_tokens', 'max_output_tokens']),
	})
	if (item.type !== 'model') return entry
	const created = readText(item.created_at) ?? entry.created_at
	return { ...entry, ...item, type: 'model', id, display_name: entry.display_name, created_at: created }
}

function readText(value: unknown): string | undefined {
	return typeof value === 'string' && value !== '' ? value : undefined
}

/** Seconds, milliseconds or text. */
function readDate(value: unknown): string | undefined {
	const seconds = typeof value === 'number' && value > 0 ? value : Number.NaN
	const ms = typeof value === 'string' ? Date.parse(value) : seconds > 1e11 ? seconds : seconds * 1000
	const date = new Date(ms)
	return Number.isNaN(date.getTime()) ? undefined : date.toISOString().replace(/\.000Z$/, 'Z')
}

function firstCount(item: Record<string, unknown>, names: readonly string[]): number | undefined {
	for (const name of names) {
		const count = item[name]
		if (typeof count === 'number' && Number.isSafeInteger(count) && count > 0) return count
	}
	return undefined
}
