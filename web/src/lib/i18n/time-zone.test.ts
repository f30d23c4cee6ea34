import { describe, expect, it } from 'vitest'
import { chooseTimeZone, fromWallTime, listZones, startOfDay, toWallTime } from './time-zone.ts'

const midnight = { hour: 0, minute: 0, second: 0 }

it.each([
	['Asia/Shanghai', 'Asia/Shanghai'],
	['UTC', 'UTC'],
	['Mars/Olympus', undefined],
	['', undefined],
	[null, undefined],
])('takes the stored zone %j for %j', (stored, zone) => {
	expect(chooseTimeZone(stored)).toBe(zone)
})

it('reads the clock on the wall of a zone', () => {
	expect(toWallTime(Date.UTC(2026, 10, 23, 17, 5, 9), 'Asia/Shanghai')).toEqual({
		...{ year: 2026, month: 11, day: 24, hour: 1, minute: 5, second: 9 },
	})
	expect(toWallTime(Date.UTC(2026, 0, 1), 'UTC')).toMatchObject({ month: 1, day: 1, hour: 0 })
})

describe('the moment of a clock on the wall', () => {
	it.each(['UTC', 'Asia/Shanghai', 'Asia/Kolkata', 'America/New_York', 'Pacific/Apia'])(
		'in %s comes back',
		zone => {
			for (let at = Date.UTC(2026, 0, 1, 3, 4, 5); at < Date.UTC(2027, 0, 1); at += 86_400_000 * 9.5) {
				expect(fromWallTime(toWallTime(at, zone), zone)).toBe(at)
			}
		},
	)

	it('is the next hour where clocks skip one', () => {
		const skipped = { year: 2026, month: 3, day: 8, hour: 2, minute: 30, second: 0 }
		expect(new Date(fromWallTime(skipped, 'America/New_York')).toISOString()).toBe('2026-03-08T07:30:00.000Z')
	})

	it('takes days out of range for those of the next month', () => {
		const at = fromWallTime({ year: 2026, month: 12, day: 32, ...midnight }, 'Asia/Shanghai')
		expect(new Date(at).toISOString()).toBe('2026-12-31T16:00:00.000Z')
	})
})

it('knows where a day begins, with 23 or 25 hours too', () => {
	const noon = Date.UTC(2026, 9, 25, 12)
	const [start, end] = [startOfDay(noon, 'Europe/Berlin'), startOfDay(noon, 'Europe/Berlin', 1)]
	expect((end - start) / 3_600_000).toBe(25)
	expect(startOfDay(noon, 'UTC')).toBe(Date.UTC(2026, 9, 25))
})

it('lists zones by their part of the world', () => {
	expect(listZones(['Asia/Shanghai', 'America/Argentina/Buenos_Aires', 'UTC'])).toEqual([
		{ region: '', zones: [{ id: 'UTC', name: 'UTC' }] },
		{ region: 'America', zones: [{ id: 'America/Argentina/Buenos_Aires', name: 'Argentina/Buenos Aires' }] },
		{ region: 'Asia', zones: [{ id: 'Asia/Shanghai', name: 'Shanghai' }] },
	])
	expect(listZones().flatMap(({ zones }) => zones).length).toBeGreaterThan(300)
})
