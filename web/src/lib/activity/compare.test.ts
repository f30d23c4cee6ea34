import { expect, it } from 'vitest'
import { compareNumbers } from './compare.ts'

it.each([
	[150, 100, { kind: 'more', share: 0.5 }],
	[50, 100, { kind: 'less', share: 0.5 }],
	[1003, 1000, { kind: 'same' }],
	[0, 0, { kind: 'same' }],
	[3, 0, { kind: 'newly' }],
])('compares %d with %d before', (now, before, comparison) => {
	expect(compareNumbers(now, before)).toEqual(comparison)
})
