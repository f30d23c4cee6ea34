import { describe, expect, test } from 'vitest'
import { maskInJson, maskInText, maskKey } from './mask.ts'

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

test.each([
	['as it is', (text: string) => text],
	['in JSON', (text: string) => JSON.stringify({ text })],
	['in JSON within JSON', (text: string) => JSON.stringify({ text: JSON.stringify({ text }) })],
	['in JSON whose slashes are escaped', (text: string) => JSON.stringify({ text }).replaceAll('/', '\\/')],
	['in a URL', (text: string) => `https://api.example.com/?q=${encodeURIComponent(text)}`],
])('a key of any characters is hidden %s', (_, quote) => {
	const secret = 'odd"key\\with/all+of=them'
	const masked = maskInText(quote(`the key ${secret}.`), secret)
	expect(masked).toContain('…them')
	for (const part of ['with', 'all+of', 'all%2Bof']) expect(masked).not.toContain(part)
})

test('a JSON value stays what it was but for the key, and is the same one without', () => {
	const secret = 'odd"key\\with/all+of=them'
	const json = { error: { message: `no ${secret}`, [secret]: 1 }, list: [secret] }
	expect(maskInJson(json, secret)).toEqual({
		error: { message: 'no odd"…them', 'odd"…them': 1 },
		list: ['odd"…them'],
	})
	const other = { error: 'no' }
	expect(maskInJson(other, secret)).toBe(other)
	expect(maskInJson(undefined, secret)).toBeUndefined()
})
