import { fromWallTime, type TimeZone, toWallTime } from '../i18n/time-zone.ts'

/** Epoch ms as <input type="datetime-local"> writes it. */
export function writeLocalTime(at: number, zone: TimeZone): string {
	const { year, month, day, hour, minute } = toWallTime(at, zone)
	const two = (value: number) => String(value).padStart(2, '0')
	return `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}T${two(hour)}:${two(minute)}`
}

export function readLocalTime(text: string, zone: TimeZone): number | undefined {
	const found = /^(\d{4,})-(\d{2})-(\d{2})T(\d{2}):(\d{2})/.exec(text)
	// The browser knows which days there are.
	if (!found || Number.isNaN(Date.parse(`${found[0]}Z`))) return undefined
	const [year = 0, month = 0, day = 0, hour = 0, minute = 0] = found.slice(1).map(Number)
	return fromWallTime({ year, month, day, hour, minute, second: 0 }, zone)
}
