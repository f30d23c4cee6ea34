import { expect, it } from 'vitest'
import { formatMoney } from './money.ts'

it.each([
	[0, '$0.00'],
	[38, '$0.00004'],
	[4_200, '$0.0042'],
	[84_500, '$0.085'],
	[12_345_678, '$12.35'],
])('shows %d millionths of a dollar as %s', (micros, text) => {
	expect(formatMoney('en', micros)).toBe(text)
})
