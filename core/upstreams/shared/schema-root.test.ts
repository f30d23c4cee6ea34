import { expect, test } from 'vitest'
import * as fc from '../../../test/support/fast-check.ts'
import { mergeRoot } from './schema-root.ts'

const text = { type: 'string' }
const number = { type: 'number' }
const refused = ['anyOf', 'oneOf', 'allOf', 'enum', 'not']

test('a schema without alternatives at the top is returned as it is', () => {
	const schema = { type: 'object', properties: { anyOf: text, a: { oneOf: [text, number] } } }
	expect(mergeRoot(schema)).toBe(schema)
})

test.each<[string, object, object]>([
	[
		'alternatives require what all of them require',
		{
			type: 'object',
			oneOf: [
				{ properties: { kind: { const: 'a' }, a: text }, required: ['kind', 'a'] },
				{ properties: { kind: { const: 'b' } }, required: ['kind'] },
			],
		},
		{
			type: 'object',
			properties: { kind: { anyOf: [{ const: 'a' }, { const: 'b' }] }, a: text },
			required: ['kind'],
		},
	],
	[
		'what holds all at once requires everything',
		{ properties: { a: text }, required: ['a'], allOf: [{ properties: { b: number }, required: ['b'] }] },
		{ properties: { b: number, a: text }, required: ['a', 'b'] },
	],
	[
		'alternatives that only require lose their requirement and nothing else',
		{ type: 'object', properties: { a: text, b: text }, anyOf: [{ required: ['a'] }, { required: ['b'] }] },
		{ type: 'object', properties: { a: text, b: text } },
	],
	[
		'alternatives that are no objects are never chosen',
		{
			anyOf: [{ type: 'null' }, text, { type: ['object', 'null'], properties: { a: text }, required: ['a'] }],
		},
		{ properties: { a: text }, required: ['a'] },
	],
	[
		'what is closed in every alternative stays closed',
		{
			anyOf: [
				{ properties: { a: text }, additionalProperties: false },
				{ properties: { b: text }, additionalProperties: false },
			],
		},
		{ properties: { a: text, b: text }, additionalProperties: false },
	],
	[
		'references are followed, also to themselves, and definitions stay',
		{
			$defs: { 'x/y': { properties: { a: text }, anyOf: [{ $ref: '#/$defs/x~1y' }] } },
			anyOf: [{ $ref: '#/$defs/x~1y' }, { $ref: 'https://elsewhere.example' }],
		},
		{
			$defs: { 'x/y': { properties: { a: text }, anyOf: [{ $ref: '#/$defs/x~1y' }] } },
			properties: { a: text },
		},
	],
	[
		'what two conditions lead to is an alternative each',
		{
			properties: { kind: text },
			allOf: [
				JSON.parse(
					'{"if":{"required":["x"]},"then":{"properties":{"value":{"type":"string"}},"required":["value"]}}',
				),
				JSON.parse('{"if":{"required":["y"]},"then":{"properties":{"value":{"type":"number"}}}}'),
			],
		},
		{ properties: { value: { anyOf: [text, number] }, kind: text } },
	],
	[
		'a list of values and a negation go',
		{ type: 'object', enum: [{}], not: { required: ['a'] } },
		{ type: 'object' },
	],
	[
		'a property may have any name',
		{ anyOf: [JSON.parse('{"properties":{"__proto__":{"type":"string"}}}')] },
		JSON.parse('{"properties":{"__proto__":{"type":"string"}}}'),
	],
])('%s', (_case, schema, expected) => {
	expect(mergeRoot(schema as Record<string, unknown>)).toEqual(expected)
})

/** Alternatives within alternatives, three deep: without a bound a few of them grow to hundreds of kilobytes. */
function anySchema(depth = 3): fc.Arbitrary<Record<string, unknown>> {
	const nested = fc.array(depth === 0 ? fc.constant({}) : anySchema(depth - 1), { maxLength: 2 })
	return fc.record(
		{
			properties: fc.dictionary(fc.constantFrom('a', 'b', 'c', '__proto__'), fc.constantFrom(text, number)),
			required: fc.subarray(['a', 'b', 'c']),
			anyOf: nested,
			oneOf: nested,
			allOf: nested,
			not: fc.constant({}),
			enum: fc.constant([]),
		},
		{ requiredKeys: [] },
	)
}

test('no keyword that OpenAI refuses stays at the top, and no property is lost', () => {
	fc.assert(
		fc.property(anySchema(), given => {
			const merged = mergeRoot(given)
			expect(Object.keys(merged).filter(name => refused.includes(name))).toEqual([])
			const names = new Set(Object.keys(merged.properties ?? {}))
			expect([...namesIn(given)].filter(name => !names.has(name))).toEqual([])
		}),
	)
})

function namesIn(schema: Record<string, unknown>): Set<string> {
	const lists = ['anyOf', 'oneOf', 'allOf'].flatMap(name => (schema[name] ?? []) as Record<string, unknown>[])
	return new Set([...Object.keys(schema.properties ?? {}), ...lists.flatMap(one => [...namesIn(one)])])
}
