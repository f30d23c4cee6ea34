import { expect, it } from 'vitest'
import { readLocalTime, writeLocalTime } from './local-time.ts'

it('reads what it writes, to the minute', () => {
	const at = Date.UTC(2026, 10, 2, 20, 5)
	expect(writeLocalTime(at, 'Asia/Shanghai')).toBe('2026-11-03T04:05')
	expect(readLocalTime(writeLocalTime(at, 'Asia/Shanghai'), 'Asia/Shanghai')).toBe(at)
})

it('takes the zone of this computer when none is chosen', () => {
	const at = new Date(2026, 10, 3, 4, 5).getTime()
	expect(writeLocalTime(at, undefined)).toBe('2026-11-03T04:05')
	expect(readLocalTime('2026-11-03T04:05', undefined)).toBe(at)
})

it.each(['', 'yesterday', '2026-13-45T99:99'])('does not take %j for a time', text => {
	expect(readLocalTime(text, undefined)).toBeUndefined()
})
