import type { Instance, Measure } from './instance.ts'
import type { Problems } from './tally.ts'

/** Measures of one instance, in order. */
export interface Memory {
	/** Under load, after a quarter of the time, half of it, and at its end. */
	early: Measure
	middle: Measure
	late: Measure
	/** Some seconds after the load. */
	idle: Measure
}

const MB = 1024 * 1024
/**
 * How much more may be there at the end than in the first half, where that was higher of its two measures: how full
 * buffers and caches are goes up and down, a leak only up.
 */
const bounds = { heap: { share: 0.1, bytes: 4 * MB }, native: { share: 0.1, bytes: 12 * MB } }
/** V8 takes room for garbage as it comes and seldom gives it back: that has an end, but not within minutes. */
const MOST_RSS = 400 * MB
/** Connections kept alive to two upstreams and a database, and the listening one. */
const MOST_IDLE_SOCKETS = 20

export const boundsText = `flat: the heap after a garbage collection grows by at most 10 % + 4 MB over the higher of two measures in the first half, memory besides the heap by 10 % + 12 MB; never more than 400 MB in RAM; at most ${MOST_IDLE_SOCKETS} sockets when idle`

export function judgeMemory(
	{ name }: Instance,
	{ early, middle, late, idle }: Memory,
	problems: Problems,
): void {
	for (const what of ['heap', 'native'] as const) {
		const before = Math.max(early[what], middle[what])
		const most = before * (1 + bounds[what].share) + bounds[what].bytes
		if (late[what] > most)
			problems.add(`${name}: ${what} grew`, `from ${inMb(before)} to ${inMb(late[what])} MB`)
	}
	if (late.rss > MOST_RSS) problems.add(`${name}: too much memory`, `${inMb(late.rss)} MB`)
	if (late.sockets > 2 * middle.sockets + 20) {
		problems.add(`${name}: sockets pile up`, `from ${middle.sockets} to ${late.sockets}`)
	}
	if (idle.sockets > MOST_IDLE_SOCKETS) problems.add(`${name}: sockets stay open`, String(idle.sockets))
}

export const inMb = (bytes: number) => (bytes / MB).toFixed(1)
