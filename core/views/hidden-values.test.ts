import { describe, expect, test } from 'vitest'
import { hasHiddenValues, restoreHiddenValues } from './hidden-values.ts'

const stored = {
	baseUrl: 'https://me:secret@host/v1?key=abc',
	website: '',
	proxyUrl: 'http://me:secret@proxy:3128',
	extraHeaders: { 'x-team': 'blue', 'x-other': 'red' },
}

test('what came back as shown is put in again, what was typed is left alone', () => {
	const patch = {
		baseUrl: 'https://••••@host/v1?key=••••',
		proxyUrl: 'http://••••@proxy:3128',
		extraHeaders: { 'x-team': '••••', 'x-new': 'typed' },
		timeoutMs: 5,
	}
	expect(hasHiddenValues(patch)).toBe(true)
	expect(restoreHiddenValues(patch, stored)).toEqual({
		patch: {
			...{ baseUrl: stored.baseUrl, proxyUrl: stored.proxyUrl, timeoutMs: 5 },
			extraHeaders: { 'x-team': 'blue', 'x-new': 'typed' },
		},
		problems: [],
	})
})

test('a patch without anything hidden needs nothing of what is stored', () => {
	expect(hasHiddenValues({ baseUrl: 'https://host', extraHeaders: { 'x-team': 'green' }, name: 'x' })).toBe(
		false,
	)
	expect(hasHiddenValues({})).toBe(false)
})

describe('what is hidden is not kept', () => {
	test.each([
		['for another host', { proxyUrl: 'http://••••@evil:3128' }, 'proxyUrl'],
		['for another port', { proxyUrl: 'http://••••@proxy:3129' }, 'proxyUrl'],
		['where nothing is stored', { website: 'https://••••@host' }, 'website'],
		['for another header', { extraHeaders: { 'x-renamed': '••••' } }, 'extraHeaders.x-renamed'],
	])('%s', (_, patch, path) => {
		const { problems } = restoreHiddenValues(patch, stored)
		expect(problems.map(problem => problem.path)).toEqual([path])
	})
})
