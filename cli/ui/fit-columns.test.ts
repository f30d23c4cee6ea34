import { describe, expect, test } from 'vitest'
import * as fc from '../../test/support/fast-check.ts'
import { type Fit, fitColumns, gap } from './fit-columns.ts'

describe('columns', () => {
	test.each<[string, number[], (Fit | undefined)[], number, (number | undefined)[]]>([
		['stay as they are where there is room', [4, 10], [{ leaves: 1 }, { least: 2 }], 16, [4, 10]],
		['are cut, the widest first', [4, 10, 8], [undefined, { least: 3 }, { least: 3 }], 20, [4, 6, 6]],
		[
			'leave in their order when cutting is not enough',
			[4, 10, 8],
			[{ leaves: 2 }, { leaves: 1 }],
			14,
			[4, undefined, 8],
		],
		['are cut first where they could leave', [12, 10], [{ least: 3 }, { least: 3, leaves: 1 }], 16, [11, 3]],
		['are cut rather than made to leave', [4, 10], [{ leaves: 1 }, { least: 3 }], 10, [4, 4]],
		['stick out where nothing may give way', [4, 10], [], 6, [4, 10]],
	])('%s', (_what, widths, fits, room, expected) => {
		expect(fitColumns(widths, fits, room)).toEqual(expected)
	})

	test('fit whenever the least widths of those that stay do', () => {
		const fit = fc.record({ least: fc.nat(10), leaves: fc.nat(5) }, { requiredKeys: [] })
		const columns = fc.array(fc.tuple(fc.nat(40), fit), { minLength: 1, maxLength: 8 })
		fc.assert(
			fc.property(columns, fc.integer({ min: 10, max: 120 }), (given, room) => {
				const widths = given.map(([width]) => width)
				const fits = given.map(([, one]) => one)
				const shown = fitColumns(widths, fits, room)
				const left = shown.filter(width => width !== undefined)
				const staying = widths
					.map((width, index) => ({ least: Math.min(width, fits[index]?.least ?? width), index }))
					.filter(({ index }) => fits[index]?.leaves === undefined)
				const least = staying.reduce((sum, one) => sum + one.least + gap, -gap)
				const whole = left.reduce((sum, width) => sum + width + gap, -gap)
				expect(whole).toBeLessThanOrEqual(Math.max(room, least))
				for (const [index, width] of shown.entries()) {
					if (width !== undefined) expect(width).toBeLessThanOrEqual(widths[index] ?? 0)
				}
			}),
		)
	})
})
