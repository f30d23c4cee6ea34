/** What a chart shows; without anything of the library that draws it. */
export const chartColors = [
	'chart-1',
	'chart-2',
	'chart-3',
	'chart-4',
	'chart-5',
	'chart-6',
	'chart-7',
	'chart-8',
] as const
export type ChartColor = (typeof chartColors)[number]

export interface ChartSeries {
	key: string
	label: string
	color: ChartColor
	/** One for each bucket; null where there is nothing to measure. */
	values: readonly (number | null)[]
	dashed?: boolean
}

export interface ChartData {
	/** Starts of the buckets, epoch ms. */
	times: readonly number[]
	bucketMs: number
	/** What the axis spans, epoch ms. */
	from: number
	to: number
	series: readonly ChartSeries[]
	/** `stack`: bars, one on top of the other, the first at the bottom. */
	kind: 'stack' | 'lines'
	/** From here on the last bucket is not complete. */
	partialFrom?: number
	/** Periods to stand out, [from, to). */
	bands?: readonly (readonly [from: number, to: number])[]
}

/** Sums from the bottom up: what a stacked series is drawn to. */
export function stackValues(series: readonly ChartSeries[]): number[][] {
	const sums: number[][] = []
	for (const { values } of series) {
		const below = sums.at(-1)
		sums.push(values.map((value, place) => (value ?? 0) + (below?.[place] ?? 0)))
	}
	return sums
}

/** The bucket that a moment is in; undefined outside of all. */
export function bucketAt({ times, bucketMs }: ChartData, at: number): number | undefined {
	const found = times.findLastIndex(time => time <= at)
	const start = times[found]
	return start !== undefined && at < start + bucketMs ? found : undefined
}

/** Neighbouring buckets for which `holds` is true, as periods. */
export function findPeriods<Bucket extends { at: number }>(
	buckets: readonly Bucket[],
	bucketMs: number,
	holds: (bucket: Bucket) => boolean,
): [number, number][] {
	const periods: [number, number][] = []
	for (const bucket of buckets) {
		if (!holds(bucket)) continue
		const last = periods.at(-1)
		if (last?.[1] === bucket.at) last[1] = bucket.at + bucketMs
		else periods.push([bucket.at, bucket.at + bucketMs])
	}
	return periods
}

/** What a mark on the chart means. */
export interface ChartMark {
	text: string
	/** As it is painted. */
	look?: 'band' | 'hatched'
}
