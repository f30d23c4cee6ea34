import { describe, expect, test } from 'vitest'
import { reduceParameters, reduceSchema } from './json-schema.ts'
import { toJsonSchema } from './schema-as-json.ts'
import type { Schema } from './wire.ts'

const object = (properties: Record<string, unknown>, more: object = {}) => ({
	type: 'object',
	properties,
	...more,
})
/** The reduced form of one property. */
const reduceOne = (schema: unknown) => reduceParameters(object({ a: schema }))?.schema.properties?.a

describe('trap A17: a property', () => {
	test.each<[string, unknown, Schema]>([
		[
			'keeps what Gemini knows',
			{ type: 'string', description: 'd', minLength: 1, maxLength: 524288 },
			{ type: 'STRING', description: 'd', minLength: '1', maxLength: '524288' },
		],
		[
			'loses what Gemini does not know',
			{
				type: 'string',
				title: 't',
				default: 'x',
				examples: ['x'],
				$comment: 'c',
				deprecated: true,
				pattern: '^a',
			},
			{ type: 'STRING' },
		],
		['keeps a known format', { type: 'integer', format: 'int64' }, { type: 'INTEGER', format: 'int64' }],
		['loses another format', { type: 'string', format: 'uri' }, { type: 'STRING' }],
		[
			'keeps an enum of strings, without the empty one',
			{ type: 'string', enum: ['a', '', 'b', 'a'] },
			{ type: 'STRING', enum: ['a', 'b'] },
		],
		[
			'tells an enum of numbers in words',
			{ type: 'integer', enum: [1, 2] },
			{ type: 'INTEGER', description: 'One of: 1, 2' },
		],
		[
			'keeps its own description beside',
			{ type: 'integer', enum: [1, 2], description: 'd' },
			{ type: 'INTEGER', description: 'd\nOne of: 1, 2' },
		],
		['makes const an enum', { const: 'on' }, { type: 'STRING', enum: ['on'] }],
		['makes a list with null nullable', { type: ['string', 'null'] }, { type: 'STRING', nullable: true }],
		[
			'makes a list of types anyOf',
			{ type: ['string', 'integer'], minimum: 1 },
			{ anyOf: [{ type: 'STRING' }, { type: 'INTEGER', minimum: 1 }] },
		],
		[
			'joins constants to one enum',
			{ anyOf: [{ const: 'a' }, { const: 'b', type: 'string' }], description: 'd' },
			{ type: 'STRING', enum: ['a', 'b'], description: 'd' },
		],
		[
			'makes oneOf anyOf',
			{ oneOf: [{ type: 'string' }, { type: 'number' }] },
			{ anyOf: [{ type: 'STRING' }, { type: 'NUMBER' }] },
		],
		[
			'makes anyOf with null nullable',
			{ anyOf: [{ type: 'boolean' }, { type: 'null' }], description: 'd' },
			{ type: 'BOOLEAN', nullable: true, description: 'd' },
		],
		[
			'merges allOf',
			{
				allOf: [
					{ type: 'object', properties: { x: { type: 'string' } }, required: ['x'] },
					{ properties: { y: { type: 'number' } }, required: ['y'] },
				],
			},
			{ type: 'OBJECT', properties: { x: { type: 'STRING' }, y: { type: 'NUMBER' } }, required: ['x', 'y'] },
		],
		[
			'turns exclusive limits of integers into limits',
			{ type: 'integer', exclusiveMinimum: 0, exclusiveMaximum: 10 },
			{ type: 'INTEGER', minimum: 1, maximum: 9 },
		],
		[
			'keeps the tighter of two limits',
			{ type: 'integer', minimum: 0, exclusiveMinimum: 4, maximum: 9, exclusiveMaximum: 20 },
			{ type: 'INTEGER', minimum: 5, maximum: 9 },
		],
		[
			'tells a constant truth in words, beside its own description',
			{ const: true, description: 'Must be set.' },
			{ type: 'BOOLEAN', description: 'Must be set.\nOne of: true' },
		],
		['has no words for both truths', { type: 'boolean', enum: [true, false] }, { type: 'BOOLEAN' }],
		[
			'keeps large limits',
			{ type: 'integer', maximum: 9007199254740991 },
			{ type: 'INTEGER', maximum: 9007199254740991 },
		],
		[
			'requires only what it has',
			object({ x: { type: 'string' } }, { required: ['x', 'gone', 'x'] }),
			{ type: 'OBJECT', properties: { x: { type: 'STRING' } }, required: ['x'] },
		],
		[
			'infers a type',
			{ properties: { x: { type: 'string' } } },
			{ type: 'OBJECT', properties: { x: { type: 'STRING' } } },
		],
		[
			'unites the items of a tuple',
			{ type: 'array', prefixItems: [{ type: 'string' }, { type: 'number' }] },
			{ type: 'ARRAY', items: { anyOf: [{ type: 'STRING' }, { type: 'NUMBER' }] } },
		],
		[
			'ignores anyOf that only constrains',
			object({ x: { type: 'string' } }, { anyOf: [{ required: ['x'] }, { required: [] }] }),
			{ type: 'OBJECT', properties: { x: { type: 'STRING' } } },
		],
		['that can only be null is nullable', { type: 'null' }, { type: 'STRING', nullable: true }],
	])('%s', (_name, schema, expected) => {
		expect(reduceOne(schema)).toEqual(expected)
	})

	const free: Schema = {
		anyOf: [
			{ type: 'STRING' },
			{ type: 'NUMBER' },
			{ type: 'BOOLEAN' },
			{ type: 'OBJECT' },
			{ type: 'ARRAY', items: { type: 'STRING' } },
		],
	}

	test.each([[true], [{}], [false], [null]])('%j may be anything', schema => {
		expect(reduceOne(schema)).toEqual(free)
	})

	test('of any type keeps its description', () => {
		expect(reduceOne({ description: 'd' })).toEqual({ ...free, description: 'd' })
	})

	test('without items gets items', () => {
		expect(reduceOne({ type: 'array' })).toEqual({ type: 'ARRAY', items: free })
	})

	test('may be called like a keyword', () => {
		const names = ['title', '$schema', 'pattern', 'default', 'examples', '__proto__', 'constructor']
		const properties = Object.fromEntries(names.map(name => [name, { type: 'string' }]))
		const reduced = reduceParameters(object(properties, { required: names }))
		expect(Object.keys(reduced?.schema.properties ?? {})).toEqual(names)
		expect(reduced?.schema.required).toEqual(names)
	})
})

describe('references', () => {
	test('are replaced by what they point at, and keep what stands beside them', () => {
		const { schema } = reduceSchema({
			...object({ a: { $ref: '#/$defs/x~1y', description: 'mine' }, b: { $ref: '#/definitions/z' } }),
			$defs: { 'x/y': { type: 'string', description: 'theirs', minLength: 2 } },
			definitions: { z: { type: 'number' } },
		})
		expect(schema.properties).toEqual({
			a: { type: 'STRING', description: 'mine', minLength: '2' },
			b: { type: 'NUMBER' },
		})
	})

	test('that lead into themselves are cut', () => {
		const tree = object({ name: { type: 'string' }, children: { type: 'array', items: { $ref: '#' } } })
		const { schema, dropped } = reduceSchema(tree)
		const inner = schema.properties?.children?.items
		expect(inner?.properties?.name).toEqual({ type: 'STRING' })
		expect(dropped).toEqual(['recursion'])
	})

	test('used twice side by side are no recursion', () => {
		const { schema, dropped } = reduceSchema({
			allOf: [{ $ref: '#/$defs/base' }, object({ child: { $ref: '#/$defs/base' } })],
			$defs: { base: object({ id: { type: 'string' } }) },
		})
		const base = { type: 'OBJECT', properties: { id: { type: 'STRING' } } }
		expect(schema).toEqual({ ...base, properties: { ...base.properties, child: base } })
		expect(dropped).toEqual([])
	})

	test('that lead nowhere are told of', () => {
		expect(reduceSchema(object({ a: { $ref: 'https://else.test/x' } })).dropped).toEqual(['$ref'])
	})

	test.each(['properties', 'allOf', 'anyOf', 'all of these'])('that multiply in %s stay bounded', keyword => {
		const refs = Array.from({ length: 40 }, (_, index) => ({ $ref: `#/$defs/${index}` }))
		const every = { properties: { ...refs }, allOf: refs, anyOf: refs }
		const node = keyword === 'all of these' ? every : { [keyword]: every[keyword as keyof typeof every] }
		const { schema } = reduceSchema({ ...node, $defs: refs.map(() => node) })
		expect(JSON.stringify(schema).length).toBeLessThan(1_000_000)
	})
})

describe('the schema of a tool', () => {
	test.each([undefined, null, {}, { type: 'object' }, { type: 'object', properties: {} }])(
		'trap A17: %j is left out',
		schema => {
			expect(reduceParameters(schema)).toBeUndefined()
		},
	)

	test('is one object even when it has alternatives', () => {
		const reduced = reduceParameters({
			type: 'object',
			oneOf: [
				object({ kind: { const: 'a' }, x: { type: 'string' } }, { required: ['kind', 'x'] }),
				object({ kind: { const: 'b' }, y: { type: 'number' } }, { required: ['kind', 'y'] }),
			],
		})
		expect(reduced?.schema).toEqual({
			type: 'OBJECT',
			properties: {
				kind: { type: 'STRING', enum: ['a', 'b'] },
				x: { type: 'STRING' },
				y: { type: 'NUMBER' },
			},
			required: ['kind'],
		})
	})

	test('tells what was dropped, as far as it matters', () => {
		const reduced = reduceParameters(
			object(
				{
					a: { type: 'string', pattern: 'x', title: 't' },
					b: { type: 'object', additionalProperties: { type: 'string' } },
				},
				{ $schema: 'https://json-schema.org/draft/2020-12/schema', additionalProperties: false },
			),
		)
		expect(reduced?.dropped).toEqual(['pattern', 'additionalProperties'])
		expect(reduced?.freeForm).toBe(true)
	})

	test('as JSON Schema says the same', () => {
		const schema: Schema = {
			type: 'OBJECT',
			properties: {
				a: { type: 'STRING', enum: ['x'], nullable: true, maxLength: '3' },
				b: { type: 'ARRAY', items: { type: 'INTEGER', minimum: 1 }, maxItems: '2' },
				c: { anyOf: [{ type: 'STRING' }, { type: 'NUMBER' }], nullable: true, description: 'd' },
			},
			required: ['a'],
		}
		expect(toJsonSchema(schema)).toEqual({
			type: 'object',
			properties: {
				a: { type: ['string', 'null'], enum: ['x', null] },
				b: { type: 'array', items: { type: 'integer', minimum: 1 }, maxItems: 2 },
				c: { anyOf: [{ type: 'string' }, { type: 'number' }, { type: 'null' }], description: 'd' },
			},
			required: ['a'],
		})
	})
})
