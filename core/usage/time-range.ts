import { usageGrains } from './grains.ts'

/** What a chart of usage covers: whole buckets, [from, to). */
export interface UsageRange {
	from: number
	to: number
	bucketMs: number
}

const minute = 60_000
const hour = 60 * minute

/** The longest range that is shown in buckets of a grain. */
const longest: Readonly<Record<(typeof usageGrains)[number]['minutes'], number>> = {
	1: 2 * hour,
	15: 48 * hour,
	60: 14 * 24 * hour,
	1440: Number.POSITIVE_INFINITY,
}

/**
 * The buckets of a range: as short as its length allows, and as long as what is kept from so long ago. Both ends move
 * outwards to whole buckets; those of a day begin at midnight UTC.
 */
export function chooseRange(from: number, to: number, now: number): UsageRange {
	const fitting = usageGrains.find(
		({ minutes, keptMs }) => to - from <= longest[minutes] && from >= now - keptMs,
	)
	const bucketMs = (fitting?.minutes ?? 1440) * minute
	return { from: floor(from, bucketMs), to: -floor(-to, bucketMs), bucketMs }
}

/** The range of the same length before it. */
export function rangeBefore({ from, to, bucketMs }: UsageRange): UsageRange {
	return { from: from - (to - from), to: from, bucketMs }
}

const floor = (value: number, step: number) => Math.floor(value / step) * step
