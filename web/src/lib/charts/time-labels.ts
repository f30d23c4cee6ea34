import { startOfDay, type TimeZone } from '../i18n/time-zone.ts'

export interface TimeLabels {
	/** Under the axis: short; with the day where a new one begins. */
	axis(at: number, previous: number | undefined): string
	/** A bucket in full: `23 Nov, 14:15 – 14:30`. */
	bucket(at: number, bucketMs: number): string
	/** The zone, such as `GMT+1`. */
	zone: string
	/** Its name; undefined is that of this computer. */
	timeZone: TimeZone
}

const day = 86_400_000

/** Times of a chart in a zone. */
export function createTimeLabels(locale: string, zone: TimeZone): TimeLabels {
	const of = (options: Intl.DateTimeFormatOptions) =>
		new Intl.DateTimeFormat(locale, { ...options, ...(zone && { timeZone: zone }) })
	const clock = of({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
	const date = of({ month: 'short', day: 'numeric' })
	const full = of({ month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
	const zoneName = of({ timeZoneName: 'shortOffset' })
		.formatToParts()
		.find(part => part.type === 'timeZoneName')?.value
	return {
		axis(at, previous) {
			const time = clock.format(at)
			// Whole days throughout, or the one time that begins a day.
			return time === '00:00' || (previous !== undefined && at - previous >= day) ? date.format(at) : time
		},
		bucket(at, bucketMs) {
			if (bucketMs >= day) return date.format(at)
			return full.formatRange(at, at + bucketMs)
		},
		zone: zoneName ?? '',
		timeZone: zone,
	}
}

const minute = 60_000
const steps = [1, 2, 5, 10, 15, 30, 60, 120, 180, 240, 360, 720].map(count => count * minute)

/** Where the axis has its marks: round times of the zone, never more than `most`. Days are counted by the calendar, since not every one has 24 hours. */
export function listTimeMarks(from: number, to: number, most: number, zone: TimeZone): number[] {
	const span = to - from
	const step = steps.find(size => span / size <= most)
	const start = startOfDay(from, zone)
	const marks: number[] = []
	if (step !== undefined) {
		for (let at = start; at <= to; at += step) if (at >= from) marks.push(at)
		return marks
	}
	const days = Math.max(1, Math.ceil(span / day / most))
	for (let passed = 0, at = start; at <= to && passed < 4000; passed += days) {
		at = startOfDay(start, zone, passed)
		if (at >= from && at <= to) marks.push(at)
	}
	return marks
}
