import { expect, it } from 'vitest'
import { formatDuration } from './format.ts'

it.each([
	[0, 'en', '0 sec'],
	[59.9, 'en', '59 sec'],
	[60, 'en', '1 min'],
	[3_725, 'en', '1 hr 2 min'],
	[90_061, 'en', '1 day 1 hr'],
	[172_800, 'zh-CN', '2天'],
	[-5, 'en', '0 sec'],
])('shows %d seconds in %s as %s', (seconds, locale, text) => {
	expect(formatDuration(seconds, locale)).toBe(text)
})
