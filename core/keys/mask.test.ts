import { describe, expect, test } from 'vitest'
import { maskInText, maskKey } from './mask.ts'

describe('maskKey', () => {
	test.each([
		['sk-ant-api03-abcdefghijklmnop9f2a', 'sk-ant-api03-…9f2a'],
		['sk-proj-abcdefghijklmnop', 'sk-proj-…mnop'],
		['AIzaSyC1234567890abcdef', 'AIza…cdef'],
		['0123456789abcdefXYZ', '0123…fXYZ'],
		['sk-or-v1-abc12345', 'sk-or-v1-…2345'],
		['sk-ant-api03-abcd', 'sk-a…abcd'],
		['short-key', '••••'],
		['', '••••'],
	])('%s is shown as %s', (secret, mask) => {
		expect(maskKey(secret)).toBe(mask)
	})
})

test('maskInText hides every quotation of the key', () => {
	const secret = 'sk-proj-abcdefghijklmnop'
	const text = maskInText(`bad key ${secret}, again ${secret}`, secret)
	expect(text).toBe('bad key sk-proj-…mnop, again sk-proj-…mnop')
	expect(maskInText('nothing', '')).toBe('nothing')
})
