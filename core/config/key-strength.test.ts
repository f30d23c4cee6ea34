import { expect, it } from 'vitest'
import { placeholderAccessKey } from './environment.ts'
import { judgeKeyStrength } from './key-strength.ts'

it.each([
	['cp-QFvT0m3b9LkP2vTzA81xw', 'good'],
	['0123456789abcdef0123456789abcdef', 'good'],
	['correct horse battery staple', 'good'],
	['short-Key-1', 'weak'],
	['aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'weak'],
	['1234123412341234', 'weak'],
	['', 'weak'],
	[placeholderAccessKey, 'known'],
])('judges %j as %s', (key, strength) => {
	expect(judgeKeyStrength(key)).toBe(strength)
})
