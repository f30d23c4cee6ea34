import { describe, expect, test } from 'vitest'
import * as fc from '../../test/support/fast-check.ts'
import { applyEdits, findText, parse, removeElements, scanArray, scanObject, watched } from './scan.ts'

const bytes = (text: string) => new TextEncoder().encode(text)
const text = (data: Uint8Array) => new TextDecoder().decode(data)

describe('scanObject', () => {
	test('finds the members of an object and where their values stand', () => {
		const json = ' {"model" : "a\\"b", "n":-1.5e3,\n"list":[{"model":"no"}],"ok":true,"nil":null,"o":{}} '
		const members = scanObject(bytes(json))
		const found = [...(members ?? [])].map(([name, { kind, start, end }]) => [
			name,
			kind,
			json.slice(start, end),
		])
		expect(found).toEqual([
			['model', 'string', '"a\\"b"'],
			['n', 'number', '-1.5e3'],
			['list', 'array', '[{"model":"no"}]'],
			['ok', 'true', 'true'],
			['nil', 'null', 'null'],
			['o', 'object', '{}'],
		])
	})

	test.each([
		'',
		'null',
		'[1]',
		'"text"',
		'{',
		'{"a":1',
		'{"a":1,}',
		'{"a" 1}',
		'{"a":}',
		'{"a":tru}',
		'{"a":"unfinished}',
		'{"a":[1}',
		'{"a":{"b":[}]}',
		'{"a":1} trailing',
		'{a:1}',
		"{'a':1}",
		`{"a":${'['.repeat(100_000)}`,
	])('refuses %.40s', json => {
		expect(scanObject(bytes(json))).toBeUndefined()
	})

	test('finds the members of an object inside of another, whatever stands behind it', () => {
		for (const blanks of ['', ' ', '\n\t']) {
			const json = `{"list":[{"a":1}${blanks}, {}${blanks}]}`
			const data = bytes(json)
			const inner = scanArray(data, scanObject(data)!.get('list')!)
			expect(inner.map(({ start, end }) => scanObject(data, start, end)?.size)).toEqual([1, 0])
			expect(scanObject(data, inner[0]!.start, inner[0]!.end - 1)).toBeUndefined()
		}
	})

	test('agrees with JSON.parse on every object', () => {
		fc.assert(
			fc.property(
				fc.dictionary(fc.string(), fc.jsonValue()),
				fc.constantFrom(undefined, '\t'),
				(object, indent) => {
					const data = bytes(JSON.stringify(object, null, indent))
					const members = scanObject(data)
					expect(members).toBeDefined()
					const read = [...members!].map(([name, { start, end }]) => [name, parse(data, start, end)])
					expect(Object.fromEntries(read)).toEqual(JSON.parse(JSON.stringify(object)))
				},
			),
		)
	})
})

test('long strings full of quotes and backslashes end where JSON.parse ends them', () => {
	const tricky = fc.string({ unit: fc.constantFrom('\\', '"', 'a', '\n', '世'), maxLength: 90 })
	fc.assert(
		fc.property(tricky, tricky, (first, second) => {
			const data = bytes(JSON.stringify({ first, list: [second, first], second }))
			const members = scanObject(data)
			expect([...(members ?? [])].map(([name, { start, end }]) => [name, parse(data, start, end)])).toEqual([
				['first', first],
				['list', [second, first]],
				['second', second],
			])
		}),
		{ numRuns: 500 },
	)
})

describe('edits', () => {
	test('replace a value and keep the rest byte by byte', () => {
		const data = bytes('{"模型":"a",  "model":"old"}')
		const { start, end } = scanObject(data)!.get('model')!
		const edited = applyEdits(data, [{ start, end, replacement: '"新"' }])
		expect(text(edited)).toBe('{"模型":"a",  "model":"新"}')
	})

	test.each([
		[[0], '[2, 3]'],
		[[1], '[1, 3]'],
		[[2], '[1, 2]'],
		[[0, 1], '[3]'],
		[[1, 2], '[1]'],
		[[0, 2], '[2]'],
		[[0, 1, 2], '[]'],
	])('taking elements %j out of a list leaves a list', (removed, expected) => {
		const data = bytes('{"a":[1, 2, 3]}')
		const elements = scanArray(data, scanObject(data)!.get('a')!)
		const edits = removeElements(elements, new Set(removed))
		expect(JSON.parse(text(applyEdits(data, edits)))).toEqual({ a: JSON.parse(expected) })
	})

	test('edits may come in any order', () => {
		const data = bytes('abcdef')
		const edits = [
			{ start: 4, end: 5, replacement: 'E' },
			{ start: 1, end: 2, replacement: 'B' },
		]
		expect(text(applyEdits(data, edits))).toBe('aBcdEf')
	})

	test('scanArray finds the elements that JSON.parse finds', () => {
		fc.assert(
			fc.property(fc.array(fc.jsonValue()), values => {
				const data = bytes(JSON.stringify({ list: values }))
				const elements = scanArray(data, scanObject(data)!.get('list')!)
				expect(elements.map(({ start, end }) => parse(data, start, end))).toEqual(
					JSON.parse(JSON.stringify(values)),
				)
			}),
		)
	})
})

test('findText finds text within a range only', () => {
	const data = bytes('x-fox x-anthropic-billing-header: x-anthropic')
	expect(findText(data, 'x-anthropic', 0)).toBe(6)
	expect(findText(data, 'x-anthropic', 0, 7)).toBe(34)
	expect(findText(data, 'x-anthropic', 0, 7, 40)).toBe(-1)
	expect(findText(data, 'billing', 4)).toBe(18)
	expect(findText(data, 'absent', 0)).toBe(-1)
})

test('what requests are looked through for is noticed in the very values that hold it, not in text', () => {
	const signed = { thinking: 'x', signature: 'claude-proxy:gemini:abc' }
	const told = 'of "function" and "claude-proxy:none"'
	const tool = { type: 'function', function: { name: 'f' } }
	const document = { told: [told], tools: [{ name: 'function s' }, tool], messages: [{ content: [signed] }] }
	const data = bytes(JSON.stringify(document))
	const members = scanObject(data)!
	expect([...members].map(([name, { met }]) => [name, met])).toEqual([
		['told', undefined],
		['tools', watched.functionString],
		['messages', watched.ownSignature],
	])
	expect(scanArray(data, members.get('tools')!).map(({ met }) => met)).toEqual([
		undefined,
		watched.functionString,
	])
	expect(scanObject(bytes('{"a":[{"claude-proxy:":"function"}],"b":[]}'))?.get('b')?.met).toBeUndefined()
	expect(scanObject(bytes('{"a":["function","claude-proxy:"]}'))?.get('a')?.met).toBe(3)
})
