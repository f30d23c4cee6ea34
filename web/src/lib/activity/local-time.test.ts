import { expect, it } from 'vitest'
import { readLocalTime, writeLocalTime } from './local-time.ts'

it('reads what it writes, to the minute', () => {
	const at = new Date(2026, 10, 3, 4, 5).getTime()
	expect(writeLocalTime(at)).toBe('2026-11-03T04:05')
	expect(readLocalTime(writeLocalTime(at))).toBe(at)
})

it.each(['', 'yesterday', '2026-13-45T99:99'])('does not take %j for a time', text => {
	expect(readLocalTime(text)).toBeUndefined()
})
