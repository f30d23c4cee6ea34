import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import * as fc from '../../../test/support/fast-check.ts'
import { reduceParameters, reduceSchema } from './json-schema.ts'
import type { Schema } from './wire.ts'

const object = (properties: Record<string, unknown>) => ({ type: 'object', properties })

const allowed = new Set([
	...['type', 'format', 'description', 'nullable', 'enum', 'properties', 'required', 'items', 'anyOf'],
	...['minItems', 'maxItems', 'minLength', 'maxLength', 'minimum', 'maximum'],
])

function* walk(schema: Schema): Generator<Schema> {
	yield schema
	for (const child of Object.values(schema.properties ?? {})) yield* walk(child)
	if (schema.items) yield* walk(schema.items)
	for (const child of schema.anyOf ?? []) yield* walk(child)
}

/** What Gemini would have against a schema. */
function findProblems(schema: Schema): string[] {
	const problems: string[] = []
	for (const part of walk(schema)) {
		problems.push(...Object.keys(part).filter(key => !allowed.has(key)))
		if (part.type === undefined && !part.anyOf?.length) problems.push('no type')
		if (part.type === 'ARRAY' && !part.items) problems.push('no items')
		if (part.enum && part.type !== 'STRING') problems.push('enum of another type')
		if (part.enum && !part.enum.length) problems.push('empty enum')
		if (part.enum?.some(value => typeof value !== 'string' || value === '')) problems.push('enum value')
		if (part.properties && part.type !== 'OBJECT') problems.push('properties of another type')
		for (const name of part.required ?? []) {
			if (!Object.hasOwn(part.properties ?? {}, name)) problems.push('required without property')
		}
	}
	return problems
}

const { node: schemaArbitrary } = fc.letrec(tie => ({
	leaf: fc.oneof(
		fc.constantFrom<unknown>(true, false, {}, { type: 'string', pattern: '^x', format: 'uri' }, { const: 3 }),
		fc.constantFrom<unknown>(
			{ type: ['integer', 'null'], multipleOf: 2 },
			{ enum: ['a', null, 1] },
			{ type: 'null' },
		),
		fc.record({ $ref: fc.constantFrom('#', '#/$defs/a', '#/$defs/b', '#/nowhere') }),
		fc.dictionary(
			fc.constantFrom('type', 'enum', 'items', 'required', 'anyOf', 'minimum', 'x'),
			fc.jsonValue(),
		),
	),
	node: fc.oneof(
		{ maxDepth: 4 },
		tie('leaf'),
		fc.record({
			type: fc.constant('object'),
			properties: fc.dictionary(fc.string(), tie('node'), { maxKeys: 3 }),
			required: fc.array(fc.string()),
		}),
		fc.record({ type: fc.constant('array'), items: tie('node'), uniqueItems: fc.boolean() }),
		fc.record({ anyOf: fc.array(tie('node'), { maxLength: 3 }), description: fc.string() }),
		fc.record({
			oneOf: fc.array(tie('node'), { maxLength: 3 }),
			properties: fc.dictionary(fc.string(), tie('node'), { maxKeys: 3 }),
		}),
		fc.record({ allOf: fc.array(tie('node'), { maxLength: 3 }) }),
	),
}))

/** Names of properties on every level, in a schema without references. */
function namesIn(schema: unknown, names = new Set<string>()): Set<string> {
	if (typeof schema !== 'object' || schema === null) return names
	const node = schema as Record<string, unknown>
	const properties = (node.properties ?? {}) as Record<string, unknown>
	for (const [name, child] of Object.entries(properties)) namesIn(child, names.add(name))
	namesIn(node.items, names)
	for (const key of ['anyOf', 'allOf']) {
		for (const child of (node[key] as unknown[] | undefined) ?? []) namesIn(child, names)
	}
	return names
}

const { node: plainSchemaArbitrary } = fc.letrec(tie => ({
	leaf: fc.constantFrom<unknown>({ type: 'string' }, { type: 'number' }, {}, { enum: ['a'] }),
	node: fc.oneof(
		{ maxDepth: 4 },
		tie('leaf'),
		fc.record({
			type: fc.constant('object'),
			properties: fc.dictionary(fc.string(), tie('node'), { maxKeys: 3 }),
		}),
		fc.record({ type: fc.constant('array'), items: tie('node') }),
		fc.record({ anyOf: fc.array(tie('object'), { minLength: 1, maxLength: 3 }) }),
		fc.record({
			allOf: fc.array(tie('object'), { maxLength: 3 }),
			properties: fc.dictionary(fc.string(), tie('node'), { maxKeys: 3 }),
		}),
	),
	object: fc.record({
		type: fc.constant('object'),
		properties: fc.dictionary(fc.string(), tie('node'), { maxKeys: 3 }),
	}),
}))

/** No two properties share a name: two that contradict each other in an allOf cannot both stay. */
function withOwnNames(schema: unknown, next = { number: 0 }): unknown {
	if (Array.isArray(schema)) return schema.map(item => withOwnNames(item, next))
	if (typeof schema !== 'object' || schema === null) return schema
	const entries = Object.entries(schema).map(([key, value]) => {
		if (key !== 'properties') return [key, withOwnNames(value, next)]
		const named = Object.entries(value).map(([name, child]) => [
			`${name}${next.number++}`,
			withOwnNames(child, next),
		])
		return [key, Object.fromEntries(named)]
	})
	return Object.fromEntries(entries)
}

describe('any schema', () => {
	test('ends, and has only what Gemini takes', () => {
		const property = fc.property(schemaArbitrary, schemaArbitrary, schemaArbitrary, (root, a, b) => {
			const whole = { ...(root as object), $defs: { a, b } }
			expect(findProblems(reduceSchema(whole).schema)).toEqual([])
			const parameters = reduceParameters(whole)
			if (parameters) {
				expect(findProblems(parameters.schema)).toEqual([])
				expect(parameters.schema.type).toBe('OBJECT')
			}
		})
		fc.assert(property, { numRuns: 300 })
	})

	test('never loses a property', () => {
		const property = fc.property(
			fc.dictionary(fc.string(), plainSchemaArbitrary, { maxKeys: 3 }),
			properties => {
				const source = withOwnNames(object(properties)) as Record<string, unknown>
				const reduced = reduceParameters(source)
				expect([...namesIn(reduced?.schema)].sort()).toEqual([...namesIn(source)].sort())
			},
		)
		fc.assert(property, { numRuns: 300 })
	})

	test('of a real client is taken', () => {
		const folder = new URL('../../../test/fixtures/captures/', import.meta.url)
		for (const file of readdirSync(folder)) {
			const { body } = JSON.parse(readFileSync(new URL(file, folder), 'utf8'))
			for (const tool of body.tools ?? []) {
				const reduced = reduceParameters(tool.input_schema)
				if (reduced) expect(findProblems(reduced.schema)).toEqual([])
				expect(Object.keys(reduced?.schema.properties ?? {})).toEqual(
					Object.keys(tool.input_schema?.properties ?? {}),
				)
			}
		}
	})
})
