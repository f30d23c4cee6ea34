import type { TimeZone } from '../i18n/time-zone.ts'

export interface RowTime {
	/** The day of a moment, to compare with. */
	day(at: number): string
	/** Of today the clock alone, else with the day. */
	name(at: number, today: string): string
}

export function createRowTime(locale: string, zone: TimeZone): RowTime {
	const place = zone === undefined ? {} : { timeZone: zone }
	const of = (options: Intl.DateTimeFormatOptions) =>
		new Intl.DateTimeFormat(locale, {
			hour: '2-digit',
			minute: '2-digit',
			hourCycle: 'h23',
			...place,
			...options,
		})
	const clock = of({ second: '2-digit' })
	const dayClock = of({ month: 'short', day: 'numeric' })
	const day = new Intl.DateTimeFormat(locale, { dateStyle: 'short', ...place })
	return {
		day: at => day.format(at),
		name: (at, today) => (day.format(at) === today ? clock.format(at) : dayClock.format(at)),
	}
}
