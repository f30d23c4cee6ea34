import type { ModelEntry } from '../messages/models.ts'
import { ProxyError } from './errors.ts'

const usualLimit = 20
const greatestLimit = 1000

/**
 * One page of the list, by the parameters of https://docs.anthropic.com/en/api/models-list.
 * @throws ProxyError 400 that names the parameter at fault
 */
export function pageModels(models: readonly ModelEntry[], query: string): Record<string, unknown> {
	const parameters = new URLSearchParams(query)
	const limit = readLimit(parameters.get('limit'))
	const after = readCursor(models, parameters, 'after_id')
	const before = readCursor(models, parameters, 'before_id')
	if (after !== undefined && before !== undefined) {
		throw new ProxyError(400, 'before_id: cannot be used together with after_id')
	}
	const start = before === undefined ? (after ?? -1) + 1 : Math.max(0, before - limit)
	const end = before ?? start + limit
	const data = models.slice(start, end)
	return {
		data,
		has_more: before === undefined ? end < models.length : start > 0,
		first_id: data[0]?.id ?? null,
		last_id: data.at(-1)?.id ?? null,
	}
}

function readLimit(text: string | null): number {
	if (text === null || text === '') return usualLimit
	const limit = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN
	if (Number.isNaN(limit)) throw new ProxyError(400, 'limit: Input should be a whole number')
	if (limit < 1) throw new ProxyError(400, 'limit: Input should be at least 1')
	if (limit > greatestLimit) throw new ProxyError(400, `limit: Input should be at most ${greatestLimit}`)
	return limit
}

/** The place of the model that the cursor names. */
function readCursor(
	models: readonly ModelEntry[],
	parameters: URLSearchParams,
	name: 'after_id' | 'before_id',
): number | undefined {
	const id = parameters.get(name)
	if (id === null || id === '') return undefined
	const index = models.findIndex(model => model.id === id)
	if (index === -1) throw new ProxyError(400, `${name}: there is no model "${id.slice(0, 200)}" in the list`)
	return index
}
