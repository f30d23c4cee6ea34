import { expect, it } from 'vitest'
import { redactText, redactValue } from './redact-text.ts'

const key = 'sk-ant-REDACTED'

it.each([
	[`see ${key} here`, 'see •••• here'],
	['AIzaSyA1234567890abcdefghijklmnopqrstu', '••••'],
	['authorization: Bearer abcdef123456', 'authorization: Bearer ••••'],
	['https://x.example/v1?key=abc&alt=sse', 'https://x.example/v1?key=••••&alt=sse'],
	['{"headers":{"x-api-key":"plain"},"a": 1}', '{"headers":{"x-api-key":"••••"},"a":1}'],
	['{"a":  "kept as it is"}', '{"a":  "kept as it is"}'],
	['sk-…9f2a', 'sk-…9f2a'],
	['not json {', 'not json {'],
])('shows %s as %s', (text, shown) => {
	expect(redactText(text)).toBe(shown)
})

it('hides keys in values, too', () => {
	expect(redactValue({ messages: [{ content: `use ${key}` }], 'x-api-key': 'k', n: 1 })).toEqual({
		messages: [{ content: 'use ••••' }],
		'x-api-key': '••••',
		n: 1,
	})
})
