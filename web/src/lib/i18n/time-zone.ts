/** An IANA name, such as `Asia/Shanghai`; undefined is the zone of this computer. */
export type TimeZone = string | undefined

export const timeZoneStorageKey = 'claude-proxy.time-zone'

/** The choice made here before, where this browser knows the zone. */
export function chooseTimeZone(stored: string | null): TimeZone {
	if (stored === null || stored === '') return undefined
	try {
		new Intl.DateTimeFormat('en', { timeZone: stored })
		return stored
	} catch {
		return undefined
	}
}

/** What a clock on the wall shows. Months count from 1. */
interface WallTime {
	year: number
	month: number
	day: number
	hour: number
	minute: number
	second: number
}

const clocks = new Map<TimeZone, Intl.DateTimeFormat>()

function clockOf(zone: TimeZone): Intl.DateTimeFormat {
	const known = clocks.get(zone)
	if (known) return known
	const numeric = 'numeric' as const
	const made = new Intl.DateTimeFormat('en-US', {
		...{ calendar: 'iso8601', hourCycle: 'h23', ...(zone && { timeZone: zone }) },
		...{ year: numeric, month: numeric, day: numeric, hour: numeric, minute: numeric, second: numeric },
	})
	clocks.set(zone, made)
	return made
}

export function toWallTime(at: number, zone: TimeZone): WallTime {
	const parts = Object.fromEntries(
		clockOf(zone)
			.formatToParts(at)
			.map(({ type, value }) => [type, Number(value)]),
	)
	const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts
	return { year, month, day, hour, minute, second }
}

/** The moment at which the clock shows this; days and minutes may be out of range. An hour that a clock skips is the next one. */
export function fromWallTime(wall: WallTime, zone: TimeZone): number {
	const asUtc = toUtc(wall)
	const guess = asUtc - offsetAt(asUtc, zone)
	const better = asUtc - offsetAt(guess, zone)
	// Where the clock skips, both guesses miss: the later one is past the gap.
	return offsetAt(better, zone) === offsetAt(guess, zone) ? better : Math.max(guess, better)
}

export function startOfDay(at: number, zone: TimeZone, days = 0): number {
	const { year, month, day } = toWallTime(at, zone)
	return fromWallTime({ year, month, day: day + days, hour: 0, minute: 0, second: 0 }, zone)
}

function toUtc({ year, month, day, hour, minute, second }: WallTime): number {
	const date = new Date(0)
	date.setUTCFullYear(year, month - 1, day)
	date.setUTCHours(hour, minute, second)
	return date.getTime()
}

function offsetAt(at: number, zone: TimeZone): number {
	return toUtc(toWallTime(at, zone)) - Math.floor(at / 1000) * 1000
}

export interface ZoneGroup {
	/** `Asia`; empty for zones of no region. */
	region: string
	zones: { id: string; name: string }[]
}

/** Every zone that this browser knows, by its part of the world. */
export function listZones(ids: readonly string[] = Intl.supportedValuesOf('timeZone')): ZoneGroup[] {
	const zones = [...new Set(['UTC', ...ids])].map(id => {
		const [region = '', ...place] = id.split('/')
		return {
			id,
			region: place.length === 0 ? '' : region,
			name: (place.join('/') || id).replaceAll('_', ' '),
		}
	})
	return [...Map.groupBy(zones, ({ region }) => region)]
		.sort(([one], [other]) => one.localeCompare(other))
		.map(([region, group]) => ({ region, zones: group.map(({ id, name }) => ({ id, name })) }))
}
