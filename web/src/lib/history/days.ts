import type { Revision } from './types.ts'

export interface Day {
	/** Any time of it. */
	at: number
	revisions: Revision[]
}

const startOfDay = (at: number) => new Date(at).setHours(0, 0, 0, 0)

/** Revisions by the day of this computer's calendar, in the order given. */
export function groupByDay(revisions: readonly Revision[]): Day[] {
	return [...Map.groupBy(revisions, ({ at }) => startOfDay(at))].map(([at, list]) => ({
		at,
		revisions: list,
	}))
}

/** 0 is today, 1 yesterday. Days with 23 or 25 hours count as one. */
export function daysAgo(at: number, now: number): number {
	return Math.round((startOfDay(now) - startOfDay(at)) / 86_400_000)
}
