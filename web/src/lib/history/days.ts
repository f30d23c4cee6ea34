import { startOfDay, type TimeZone } from '../i18n/time-zone.ts'
import type { Revision } from './types.ts'

export interface Day {
	/** Any time of it. */
	at: number
	revisions: Revision[]
}

/** Revisions by the day of a zone's calendar, in the order given. */
export function groupByDay(revisions: readonly Revision[], zone: TimeZone): Day[] {
	return [...Map.groupBy(revisions, ({ at }) => startOfDay(at, zone))].map(([at, list]) => ({
		at,
		revisions: list,
	}))
}

/** 0 is today, 1 yesterday. Days with 23 or 25 hours count as one. */
export function daysAgo(at: number, now: number, zone: TimeZone): number {
	return Math.round((startOfDay(now, zone) - startOfDay(at, zone)) / 86_400_000)
}
