import type { FailureClass } from '../../../../core/upstreams/contract.ts'

export const failureClassNames = [
	'auth',
	'quota',
	'rate_limit',
	'server',
	'network',
	'timeout',
	'client',
	'moderation',
] as const satisfies readonly FailureClass[]

export const outcomeNames = ['ok', 'failed', 'cancelled'] as const

/** Filters of the list; each is a parameter of the page's address and of `GET /api/requests`. */
export const filterNames = [
	'outcome',
	'class',
	'upstream',
	'model',
	'key',
	'stream',
	'notes',
	'retried',
	'minMs',
	'text',
	'from',
	'to',
] as const
export type FilterName = (typeof filterNames)[number]
/** Values as the address writes them, once they make sense. */
export type Filters = Partial<
	Record<Exclude<FilterName, 'outcome' | 'stream' | 'notes' | 'retried'>, string> &
		Record<'stream' | 'notes' | 'retried', 'true' | 'false'> & { outcome: (typeof outcomeNames)[number] }
>
/** Empty takes a filter away. */
export type FilterChange = Partial<Record<FilterName, string>>

const isFlag = (value: string) => value === 'true' || value === 'false'
const isNumber = (value: string) => /^\d{1,15}$/.test(value)
const isName = (value: string) => value.length <= 200
const isOneOf = (names: readonly string[]) => (value: string) => names.includes(value)

const rules: Record<FilterName, (value: string) => boolean> = {
	outcome: isOneOf(outcomeNames),
	class: isOneOf([...failureClassNames, 'refused']),
	upstream: isName,
	model: isName,
	key: isName,
	stream: isFlag,
	notes: isFlag,
	retried: isFlag,
	minMs: isNumber,
	text: isName,
	from: isNumber,
	to: isNumber,
}

/** What an address asks for; what makes no sense is left out. */
export function readFilters(params: Pick<URLSearchParams, 'get'>): Filters {
	const filters: FilterChange = {}
	for (const name of filterNames) {
		const value = params.get(name)?.trim()
		if (value && rules[name](value)) filters[name] = value
	}
	// The rules have judged each value.
	return filters as Filters
}

/** The address with other filters; what else it says, such as the opened request, stays. */
export function changeFilters(params: { toString(): string }, change: FilterChange): URLSearchParams {
	const changed = new URLSearchParams(params.toString())
	for (const [name, value] of Object.entries(change)) {
		if (value === '') changed.delete(name)
		else changed.set(name, value)
	}
	if (change.upstream !== undefined && change.key === undefined) changed.delete('key')
	return changed
}

export const noFilters: FilterChange = Object.fromEntries(filterNames.map(name => [name, '']))

/** The two ends of a period are one filter to people. */
export function listChips(filters: Filters): FilterName[] {
	return filterNames.filter(
		name => filters[name] !== undefined && !(name === 'to' && filters.from !== undefined),
	)
}
