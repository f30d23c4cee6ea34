import { describe, expect, test } from 'vitest'
import * as fc from '../../test/support/fast-check.ts'
import { parseRequest } from './parse-request.ts'

const bytes = (value: unknown) => new TextEncoder().encode(JSON.stringify(value))
const longTools = (description: string) => [
	{ name: 'Read', description: description.padEnd(5000, '.'), input_schema: { type: 'object' } },
]

describe('parseRequest', () => {
	test('reads any JSON as JSON.parse does, whatever stands around the tools', () => {
		const name = fc.constantFrom('model', 'tools', 'messages', 'tool_choice', 'x')
		fc.assert(
			fc.property(fc.dictionary(name, fc.jsonValue()), fc.string({ unit: 'grapheme' }), (fields, text) => {
				const request = { ...fields, tools: longTools(text), last: text }
				expect(parseRequest(bytes(request))).toEqual(JSON.parse(JSON.stringify(request)))
			}),
		)
	})

	test('the same bytes of tools give the same list, other bytes another one', () => {
		const parse = (tools: unknown, content: string) =>
			(parseRequest(bytes({ messages: [content], tools })) as { tools: unknown }).tools
		const first = parse(longTools('a'), 'one')
		expect(parse(longTools('a'), 'two')).toBe(first)
		expect(parse(longTools('b'), 'two')).not.toEqual(first)
	})

	test('tools that the schema would convert are not shared', () => {
		const tools = [{ type: 'function', function: { name: 'a', description: 'x'.repeat(5000) } }]
		const parse = () => (parseRequest(bytes({ tools })) as { tools: unknown }).tools
		expect(parse()).toEqual(tools)
		expect(parse()).not.toBe(parse())
	})

	test('of two lists of tools the last counts, as in JSON.parse', () => {
		const text = `{"tools":${JSON.stringify(longTools('a'))},"tools":${JSON.stringify(longTools('b'))}}`
		expect(parseRequest(new TextEncoder().encode(text))).toEqual({ tools: longTools('b') })
	})

	test.each([
		['inside the tools', (text: string) => text.replace('"name"', 'name')],
		['after them', (text: string) => `${text.slice(0, -1)},}`],
		['before them', (text: string) => text.replace('"m"', 'm')],
	])('says where JSON is wrong %s', (_where, spoil) => {
		const text = spoil(JSON.stringify({ model: 'm', tools: longTools('a') }))
		let expected = ''
		try {
			JSON.parse(text)
		} catch (error) {
			expected = String(error)
		}
		expect(expected).toContain('SyntaxError')
		expect(() => parseRequest(new TextEncoder().encode(text))).toThrow(expected.replace('SyntaxError: ', ''))
	})

	test('refuses bytes that are not UTF-8', () => {
		const body = bytes({ model: 'm', tools: longTools('é') })
		body[body.indexOf(0xc3) + 1] = 0x20
		expect(() => parseRequest(body)).toThrow(TypeError)
	})
})
