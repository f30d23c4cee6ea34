import { readStored, writeStored } from '../storage.ts'

export interface Column {
	key: string
	end?: boolean
	/** Of a table with fixed columns: rem, or what shares the rest. */
	width: number | 'rest'
	/** From which width of the window it is shown, in rem, unless somebody chose otherwise. */
	usual: number
	/** Shown beside an opened request, too, where room is short. */
	narrow?: boolean
}

/** Beside the sidebar with words, all usual ones together need this window. */
const roomy = 88
const never = Infinity

/** The time is always there: it heads the row. */
export const columns = [
	{ key: 'time', width: 7, usual: 0, narrow: true },
	{ key: 'status', width: 10.5, usual: 0, narrow: true },
	{ key: 'model', width: 'rest', usual: 0, narrow: true },
	{ key: 'upstream', width: 8, usual: 0 },
	{ key: 'key', width: 8.5, usual: roomy },
	{ key: 'stream', width: 4.5, usual: never },
	{ key: 'firstContent', end: true, width: 5, usual: 0 },
	{ key: 'total', end: true, width: 5, usual: 0, narrow: true },
	{ key: 'tokens', end: true, width: 7.5, usual: 80 },
	{ key: 'cache', end: true, width: 6, usual: never },
	{ key: 'cost', end: true, width: 5, usual: never },
	{ key: 'attempts', end: true, width: 5, usual: 0 },
	{ key: 'toolCalls', end: true, width: 5, usual: never },
	{ key: 'client', width: 8, usual: never },
] as const satisfies readonly Column[]

export type ColumnKey = (typeof columns)[number]['key']

const storageKey = 'claude-proxy.request-columns'

/** What is shown where nobody chose anything, in a window of this width. */
export const usualColumns = (rem: number): readonly ColumnKey[] =>
	columns.filter(({ usual }: Column) => usual <= rem).map(({ key }) => key)

/** What somebody chose in this browser, in the order of the table. */
export function readColumns(): readonly ColumnKey[] | undefined {
	const stored = readStored(storageKey)
	if (stored === null) return undefined
	const names = stored.split(',')
	return columns.map(({ key }) => key).filter(key => key === 'time' || names.includes(key))
}

export function toggleColumn(chosen: readonly ColumnKey[], toggled: ColumnKey): readonly ColumnKey[] {
	const next = columns
		.map(({ key }) => key)
		.filter(key => (key === toggled ? !chosen.includes(key) : chosen.includes(key)))
	writeStored(storageKey, next.join(','))
	return next
}

/** Those that fit beside an opened request. */
export const narrowColumns = (chosen: readonly ColumnKey[]) =>
	columns
		.filter((column: Column & { key: ColumnKey }) => column.narrow && chosen.includes(column.key))
		.map(({ key }) => key)
