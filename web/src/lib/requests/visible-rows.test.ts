import { expect, it } from 'vitest'
import { findVisibleRows } from './visible-rows.ts'

it('draws a short list in full', () => {
	expect(findVisibleRows(200, 40, { top: 4000, height: 600 })).toEqual({
		first: 0,
		end: 200,
		above: 0,
		below: 0,
	})
})

it.each([0, 39, 4000, 100_000, 199_400, 9_999_999])(
	'draws what is in view when scrolled to %d, and keeps the height',
	top => {
		const rows = findVisibleRows(5000, 40, { top, height: 600 })
		expect(rows.end - rows.first).toBeLessThan(60)
		expect(rows.first * 40).toBeLessThanOrEqual(Math.min(top, 199_960))
		expect(rows.end * 40).toBeGreaterThanOrEqual(Math.min(200_000, top + 600))
		expect(rows.above + (rows.end - rows.first) * 40 + rows.below).toBe(200_000)
	},
)
