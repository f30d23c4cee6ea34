import { describe, expect, test } from 'vitest'
import { clipText, measureWidth, padText, wrapText } from './text-width.ts'

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

test.each<[string, string, number, string[]]>([
	['breaks at blanks', 'one two three', 8, ['one two', 'three']],
	['leaves what fits', 'one two', 7, ['one two']],
	['breaks between wide characters', '月之暗面', 5, ['月之', '暗面']],
	[
		'begins no line with a mark that ends a word',
		'已跳过：Claude Code、写入。',
		20,
		['已跳过：Claude ', 'Code、写入。'].map(line => line.trimEnd()),
	],
	[
		'breaks no word: it may be a URL',
		'see https://a.example/long for more',
		10,
		['see', 'https://a.example/long', 'for more'],
	],
])('wrapText %s', (_what, text, width, lines) => {
	expect(wrapText(text, width)).toEqual(lines)
})
