import type { UpstreamView } from '../../../../core/views/upstream-view.ts'

export const sortings = ['manual', 'name', 'latency', 'errors'] as const
export type Sorting = (typeof sortings)[number]

interface Wanted {
	/** Words that all have to occur. */
	query: string
	sorting: Sorting
	/** For `latency`: ms of the latest test that succeeded. */
	latencyOf?: (id: string) => number | undefined
	/** For `errors`: failed requests of the last 24 hours. */
	failedOf?: (id: string) => number
}

/** The upstreams that a filter leaves, sorted. In their own order unless told. */
export function findUpstreams(
	upstreams: readonly UpstreamView[],
	{ query, sorting, latencyOf = () => undefined, failedOf = () => 0 }: Wanted,
): readonly UpstreamView[] {
	const words = query.toLowerCase().split(/\s+/).filter(Boolean)
	const found =
		words.length === 0
			? upstreams
			: upstreams.filter(upstream => {
					const text = describe(upstream)
					return words.every(word => text.includes(word))
				})
	switch (sorting) {
		case 'manual':
			return found
		case 'name':
			return found.toSorted((one, other) => one.name.localeCompare(other.name))
		case 'latency':
			return sortBy(found, ({ id }) => latencyOf(id) ?? Number.POSITIVE_INFINITY)
		case 'errors':
			return sortBy(found, ({ id }) => -failedOf(id))
	}
}

const texts = new WeakMap<UpstreamView, string>()

/** Everything that is searched, made once for each answer of the server. */
function describe(upstream: UpstreamView): string {
	const known = texts.get(upstream)
	if (known !== undefined) return known
	const { name, type, calls, baseUrl, description, keys } = upstream
	const parts = [name, type, calls, baseUrl, description, ...keys.map(({ mask }) => mask)]
	const text = parts.join(' ').toLowerCase()
	texts.set(upstream, text)
	return text
}

/** Infinity minus infinity is no number: what has no value stays as it was. */
function sortBy(list: readonly UpstreamView[], rankOf: (upstream: UpstreamView) => number) {
	return list.toSorted((one, other) => {
		const [left, right] = [rankOf(one), rankOf(other)]
		return left === right ? 0 : left - right
	})
}
