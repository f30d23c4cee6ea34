import { expect, it } from 'vitest'
import { createTimeLabels, listTimeMarks } from './time-labels.ts'

const noon = Date.UTC(2026, 10, 23, 12)
const hour = 3_600_000

it('names the day where it begins, and the time elsewhere', () => {
	const labels = createTimeLabels('en', 'UTC')
	expect(labels.axis(noon, undefined)).toBe('12:00')
	expect(labels.axis(noon + hour, noon)).toBe('13:00')
	expect(labels.axis(noon + 12 * hour, noon)).toBe('Nov 24')
})

it('names a bucket by both its ends, in the zone of the viewer', () => {
	expect(createTimeLabels('en', 'Asia/Shanghai').bucket(noon, 900_000)).toMatch(/Nov 23, 20:00\s–\s20:15/)
	expect(createTimeLabels('zh-CN', 'UTC').bucket(noon, 86_400_000)).toBe('11月23日')
	expect(createTimeLabels('en', 'Asia/Shanghai').zone).toBe('GMT+8')
})

it.each([
	['an hour', hour, 6],
	['a day', 24 * hour, 6],
	['a week', 7 * 24 * hour, 8],
	['a year', 365 * 24 * hour, 10],
])('puts few marks on %s, all of them at round times', (_name, span, most) => {
	const marks = listTimeMarks(noon - span, noon, most, 'Asia/Kolkata')
	expect(marks.length).toBeGreaterThan(1)
	expect(marks.length).toBeLessThanOrEqual(most + 1)
	for (const mark of marks) {
		expect(mark).toBeGreaterThanOrEqual(noon - span)
		// Half past is round where the zone is half an hour off.
		expect((mark + 5.5 * hour) % 60_000).toBe(0)
	}
})
