import { expect, it } from 'vitest'
import { createFormats } from './formats.ts'

const en = createFormats('en')
const zh = createFormats('zh-CN')

it.each([
	[0, '0 sec'],
	[59.9, '59 sec'],
	[60, '1 min'],
	[3_725, '1 hr 2 min'],
	[90_061, '1 day 1 hr'],
	[-5, '0 sec'],
])('shows %d seconds as %s', (seconds, text) => {
	expect(en.duration(seconds * 1000)).toBe(text)
})

it('shows times of the chosen zone', () => {
	const at = Date.UTC(2026, 10, 23, 17, 5, 9)
	const shanghai = createFormats('en', 'Asia/Shanghai')
	expect(shanghai.dateTime(at)).toMatch(/^Nov 24, 2026, 1:05\sAM$/)
	expect([shanghai.date(at), createFormats('en', 'UTC').date(at)]).toEqual(['Nov 24, 2026', 'Nov 23, 2026'])
	expect(shanghai.time(at)).toMatch(/^1:05:09\sAM$/)
})

it('shows a duration in Chinese', () => {
	expect(zh.duration(172_800_000)).toBe('2天')
})

it.each([
	[0, '0:00'],
	[-3000, '0:00'],
	[1, '0:01'],
	[252_000, '4:12'],
	[3_852_000, '1:04:12'],
])('counts %d ms down as %s', (ms, text) => {
	expect(en.countdown(ms)).toBe(text)
})

it.each([
	[-1000, '1 sec. ago'],
	[-300_000, '5 min. ago'],
	[7_200_000, 'in 2 hr.'],
	[-86_400_000, 'yesterday'],
])('names the moment %d ms from now %s', (difference, text) => {
	expect(en.relative(1_700_000_000_000 + difference, 1_700_000_000_000)).toBe(text)
})

it.each([
	[412.4, '412 ms'],
	[1934, '1.9 s'],
])('shows a latency of %d ms as %s', (ms, text) => {
	expect(en.latency(ms)).toBe(text)
})

it.each([
	[999, '999 B'],
	[1500, '1.5 kB'],
	[32_000_000, '32 MB'],
])('shows %d bytes as %s', (bytes, text) => {
	expect(en.bytes(bytes)).toBe(text)
})
