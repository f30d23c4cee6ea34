import { expect, test } from 'vitest'
import { findNearest } from './nearest.ts'

const names = ['openai-main', 'openai-backup', 'kimi', '月之暗面']

test.each([
	['openia-main', 'openai-main'],
	['OPENAI-MIAN', 'openai-main'],
	['backup', 'openai-backup'],
	['kmii', 'kimi'],
	['kimi-2', 'kimi'],
	['月之暗', '月之暗面'],
	['gemini', undefined],
	['x', undefined],
	['', undefined],
])('%j most likely means %j', (word, expected) => {
	expect(findNearest(word, names)).toBe(expected)
})

test('nothing is near when there is nothing', () => {
	expect(findNearest('kimi', [])).toBeUndefined()
})
