import { describe, expect, test } from 'vitest'
import { clipText, measureWidth, padText } from './text-width.ts'

describe('measureWidth', () => {
	test.each([
		['', 0],
		['abc', 3],
		['月之暗面', 8],
		['ｆｕｌｌ', 8],
		['한국어', 6],
		['e\u0301', 1],
		['sk-…9f2a', 8],
		['••••', 4],
		['👍', 2],
		['👨‍👩‍👧', 2],
		['\u001b[1mbold\u001b[22m', 4],
	])('%j takes %i columns', (text, width) => {
		expect(measureWidth(text)).toBe(width)
	})
})

test('padText fills up to a width, and lets what is wider be', () => {
	expect(padText('月', 4)).toBe('月  ')
	expect(padText('abcdef', 4)).toBe('abcdef')
})

test('clipText never cuts a wide character in half', () => {
	expect(clipText('月之暗面', 8)).toBe('月之暗面')
	expect(clipText('月之暗面', 7)).toBe('月之暗…')
	expect(clipText('月之暗面', 6)).toBe('月之…')
	expect(clipText('https://example.com', 8)).toBe('https:/…')
})
