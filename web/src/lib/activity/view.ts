const hour = 3_600_000

export const ranges = {
	'1h': hour,
	'6h': 6 * hour,
	'24h': 24 * hour,
	'7d': 168 * hour,
	'30d': 720 * hour,
} as const
export type Range = keyof typeof ranges
export const rangeNames = Object.keys(ranges) as Range[]

/** What the page shows, as its address says. */
export interface ActivityView {
	/** Ends now; undefined where both ends are given. */
	range: Range | undefined
	from: number
	to: number
	upstream: string
	model: string
	key: string
	compare: boolean
}

/** The shortest that makes sense to look at: buckets are minutes. */
const shortest = 60_000

/** Whatever an address says, there is something to show. */
export function readView(params: Pick<URLSearchParams, 'get'>, now: number): ActivityView {
	const filters = {
		upstream: params.get('upstream') ?? '',
		model: params.get('model') ?? '',
		key: params.get('key') ?? '',
		compare: params.get('compare') === '1',
	}
	const from = readTime(params.get('from'))
	const to = readTime(params.get('to'))
	if (from !== undefined && to !== undefined && from < to) {
		return { range: undefined, from, to: Math.max(to, from + shortest), ...filters }
	}
	const named = params.get('range')
	const range = rangeNames.find(name => name === named) ?? '24h'
	return { range, from: now - ranges[range], to: now, ...filters }
}

/** Years 1 to 9999: beyond, dates have no text. */
const latest = 253_402_300_799_000

function readTime(text: string | null): number | undefined {
	const value = text === null || !/^\d{1,15}$/.test(text) ? undefined : Number(text)
	return value !== undefined && value <= latest ? value : undefined
}

export interface ViewChange {
	range?: Range
	/** Both together; they take the place of a range. */
	period?: readonly [from: number, to: number]
	upstream?: string
	model?: string
	key?: string
	compare?: boolean
}

/** The address with a change: what is not said stays. */
export function changeView(params: { toString(): string }, change: ViewChange): URLSearchParams {
	const changed = new URLSearchParams(params.toString())
	const set = (name: string, value: string) => {
		if (value === '') changed.delete(name)
		else changed.set(name, value)
	}
	if (change.range || change.period) for (const name of ['range', 'from', 'to']) changed.delete(name)
	if (change.range) set('range', change.range)
	if (change.period) {
		set('from', String(Math.floor(change.period[0])))
		set('to', String(Math.ceil(change.period[1])))
	}
	for (const name of ['upstream', 'model', 'key'] as const) {
		const value = change[name]
		if (value !== undefined) set(name, value)
	}
	// A key belongs to one upstream.
	if (change.upstream !== undefined && change.key === undefined) changed.delete('key')
	if (change.compare !== undefined) set('compare', change.compare ? '1' : '')
	return changed
}

/** What `GET /api/usage` is asked. */
export function writeUsageQuery({ from, to, upstream, model, key, compare }: ActivityView) {
	return {
		from: String(Math.floor(from)),
		to: String(Math.ceil(to)),
		...(upstream !== '' && { upstream }),
		...(model !== '' && { model }),
		...(key !== '' && { key }),
		...(compare && { compare: 'true' as const }),
	}
}

/** The requests of a period, with the filters of this page. */
export function requestsPath(view: ActivityView, from: number, to: number, outcome = ''): string {
	const { upstream, model, key } = view
	const params = new URLSearchParams({ from: String(from), to: String(to) })
	for (const [name, value] of Object.entries({ upstream, model, key, outcome })) {
		if (value !== '') params.set(name, value)
	}
	return `/requests?${params}`
}
