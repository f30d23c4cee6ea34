import { validateHeaderName, validateHeaderValue } from 'node:http'
import { describe, expect, test } from 'vitest'
import * as fc from '../../test/support/fast-check.ts'
import { refuseHeader } from './header-rules.ts'
import { upstreamInputSchema } from './upstream.ts'

const input = { name: 'a', type: 'openai', baseUrl: 'https://a.example' }
const issuesOf = (extraHeaders: unknown) =>
	upstreamInputSchema.safeParse({ ...input, extraHeaders }).error?.issues.map(({ path }) => path.join('.'))

describe('headers of an upstream', () => {
	test.each([
		['x-team', 'blue'],
		['X_Team.2', ''],
		['authorization', 'Basic dXNlcjpwYXNz'],
		['x-text', 'two words,\ttabs and \xe9'],
	])('%s: %j can be sent', (name, value) => {
		expect(refuseHeader(name, value)).toBeUndefined()
		expect(issuesOf({ [name]: value })).toBeUndefined()
	})

	test.each([
		['', 'x'],
		['a b', 'x'],
		['a:', 'x'],
		['a\r\nb', 'x'],
		['é', 'x'],
		['x-team', 'a\r\nx-other: b'],
		['x-team', 'a\nb'],
		['x-team', 'a\0b'],
		['x-team', '团队'],
		['x-team', 'x'.repeat(8193)],
		['Host', 'a.example'],
		['content-length', '5'],
		['Transfer-Encoding', 'chunked'],
		['connection', 'close'],
		['accept-encoding', 'gzip'],
	])('%j: %.20j cannot', (name, value) => {
		expect(refuseHeader(name, value)).toEqual(expect.any(String))
		expect(issuesOf({ [name]: value })).toEqual([`extraHeaders.${name}`])
	})

	test('the same name in two cases is refused, and more than 64', () => {
		expect(issuesOf({ 'x-team': 'a', 'X-Team': 'b' })).toEqual(['extraHeaders.X-Team'])
		const many = Object.fromEntries(Array.from({ length: 65 }, (_, index) => [`x-${index}`, 'a']))
		expect(issuesOf(many)).toEqual(['extraHeaders'])
	})

	test('Node sends all that is allowed', () => {
		fc.assert(
			fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (name, value) => {
				if (refuseHeader(name, value) !== undefined) return
				validateHeaderName(name)
				validateHeaderValue(name, value)
			}),
		)
	})
})
