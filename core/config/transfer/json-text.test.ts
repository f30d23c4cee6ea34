import { describe, expect, test } from 'vitest'
import * as fc from '../../../test/support/fast-check.ts'
import { readJson } from './json-text.ts'

const secret = 'sk-live-0123456789abcdef'

describe('readJson', () => {
	test.each([
		['', 'line 1, column 1: the text ends too early'],
		['{"a": 1,\n "b": }', 'line 2, column 7: a value was expected; a comma too many, perhaps'],
		['{"a": [1,]}', 'line 1, column 10: a value was expected; a comma too many, perhaps'],
		['{"a": 1,}', 'line 1, column 9: a name in double quotes was expected; a comma too many, perhaps'],
		['{\n\t// mine\n}', 'line 2, column 2: JSON has no comments'],
		['# mine\n{}', 'line 1, column 1: JSON has no comments'],
		['{"a": /* mine */ 1}', 'line 1, column 7: JSON has no comments'],
		[`{'apiKeys': ['${secret}']}`, 'line 1, column 2: JSON has double quotes only'],
		[`{"apiKeys": ["${secret}" "b"]}`, 'line 1, column 41: a comma or ] was expected'],
		[`{"apiKeys": ["${secret}`, 'line 1, column 39: the text ends too early'],
		[`{"apiKeys": [${secret}]}`, 'line 1, column 14: a value was expected'],
		['{"a": "b\nc"}', 'line 1, column 9: a control character or the end of a line inside of quotes'],
		['{"a": "\\x"}', 'line 1, column 8: a backslash that means nothing'],
		['{"a" 1}', 'line 1, column 6: a colon was expected'],
		['{} {}', 'line 1, column 4: there is more after the end'],
		['{"a": 1, "\\u0061": 2}', 'line 1, column 10: this name is there twice'],
		['{"a": {"__proto__": {}}}', 'line 1, column 8: this name is not allowed'],
		['{"\\u005f_proto__": 1}', 'line 1, column 2: this name is not allowed'],
		['['.repeat(17) + ']'.repeat(17), 'line 1, column 17: more than 16 levels'],
		['['.repeat(1_000_000), 'line 1, column 17: more than 16 levels'],
	])('a fault is named by its place, and the text is not quoted: case %#', (text, reason) => {
		const read = readJson(text)
		expect(read).toEqual({ ok: false, reason })
	})

	test('a byte order mark, blanks and every kind of value are read', () => {
		const text = '\ufeff \r\n{"a":[true,false,null,-1.5e+3,"\\u00e9\\n\\"\\/"],"":{},"b":[]}\t'
		expect(readJson(text)).toEqual({
			ok: true,
			value: { a: [true, false, null, -1500, 'é\n"/'], '': {}, b: [] },
		})
	})

	test('accepts what JSON.parse accepts, and nothing else', () => {
		const alphabet = [...'{}[]",:\\ \n-+.0123eEntrufals\'/#\u0001\u2028é']
		const noise = fc.string({ unit: fc.constantFrom(...alphabet), maxLength: 12 })
		const broken = fc
			.tuple(fc.json({ maxDepth: 4 }), fc.nat(), fc.nat(3), noise)
			.map(([json, at, drop, text]) => {
				const place = at % (json.length + 1)
				return json.slice(0, place) + text + json.slice(place + drop)
			})
		fc.assert(
			fc.property(fc.oneof(noise, broken, fc.json({ maxDepth: 4 })), text => {
				const read = readJson(text)
				if (!read.ok && /twice|not allowed/.test(read.reason)) return
				let parsed: unknown
				try {
					parsed = JSON.parse(text)
				} catch {
					expect(read.ok).toBe(false)
					return
				}
				expect(read).toEqual({ ok: true, value: parsed })
			}),
			{ numRuns: 2000 },
		)
	})

	test('millions of characters are no trouble', () => {
		const size = 4_000_000
		expect(readJson(`["${'x'.repeat(size)}"]`)).toMatchObject({ ok: true })
		expect(readJson(' '.repeat(size))).toMatchObject({ ok: false })
		expect(readJson(`[${'1'.repeat(size)}]`)).toMatchObject({ ok: true })
		expect(readJson(`["${'\\n'.repeat(size / 2)}"]`)).toMatchObject({ ok: true })
	})
})
