import { describe, expect, test } from 'vitest'
import { quoteWord, redactUrl } from './redact.ts'

describe('redactUrl', () => {
	test.each([
		['https://api.openai.com/v1', 'https://api.openai.com/v1'],
		['https://user:pass@host/v1', 'https://••••@host/v1'],
		['https://user:p@ss@host/v1', 'https://••••@host/v1'],
		['https://host/v1?key=abc&alt=sse', 'https://host/v1?key=••••&alt=sse'],
		['https://host/v1?a=b&api_key=abc#', 'https://host/v1?a=b&api_key=••••#'],
		['https://host/v1?api-version=2024-10-21', 'https://host/v1?api-version=2024-10-21'],
		['https://host/a@b', 'https://host/a@b'],
	])('%s is shown as %s', (url, shown) => {
		expect(redactUrl(url)).toBe(shown)
	})
})

describe('quoteWord', () => {
	test.each([
		['kimi', '"kimi"'],
		['openai-backup-for-weekends', '"openai-backup-for-weekends"'],
		['sk-ant-api03-0123456789abcdef', '"sk-ant-api03-…cdef"'],
		['sk-short', '"••••"'],
		['0123456789abcdef0123456789abcdef', '"0123…cdef"'],
		['a\u001b[31mb', '"a [31mb"'],
		['https://me:secret@host/', '"https://••••@host/"'],
	])('%j is repeated as %s', (word, shown) => {
		expect(quoteWord(word)).toBe(shown)
	})
})
