import { expect, test } from 'vitest'
import { isSchemaKeyword, usesKeyword, withoutKeyword, withoutRootKeyword } from './schema-edit.ts'

const schema = {
	type: 'object',
	title: 'x',
	properties: {
		title: { type: 'string', title: 'y' },
		list: { type: 'array', items: { anyOf: [{ title: 'z' }, { type: 'null' }] } },
	},
	$defs: { title: { title: 'w', not: { title: 'v' } } },
	required: ['title'],
}

test('a keyword is taken out at every depth, and a property of its name stays', () => {
	const before = structuredClone(schema)
	expect(withoutKeyword(schema, 'title')).toEqual({
		type: 'object',
		properties: {
			title: { type: 'string' },
			list: { type: 'array', items: { anyOf: [{}, { type: 'null' }] } },
		},
		$defs: { title: { not: {} } },
		required: ['title'],
	})
	expect(schema).toEqual(before)
})

test('a schema without the keyword is returned as it is', () => {
	expect(withoutKeyword(schema, 'format')).toBe(schema)
	expect(usesKeyword(schema, 'format')).toBe(false)
	expect(usesKeyword({ properties: { format: {} } }, 'format')).toBe(false)
	expect(usesKeyword({ properties: { a: { format: 'uri' } } }, 'format')).toBe(true)
	expect(usesKeyword('no schema', 'format')).toBe(false)
})

test('alternatives at the root go, and their properties stay', () => {
	const union = {
		type: 'object',
		properties: { a: { type: 'string' } },
		oneOf: [{ properties: { a: { type: 'number' }, b: {} }, required: ['b'] }, { required: ['a'] }],
	}
	expect(withoutRootKeyword(union, 'oneOf')).toEqual({
		type: 'object',
		properties: { a: { type: 'string' }, b: {} },
	})
	expect(withoutRootKeyword(union, 'anyOf')).toBe(union)
})

test('what a schema means is no keyword to leave out', () => {
	for (const name of ['type', 'properties', 'required', 'items', 'description', 'city']) {
		expect(isSchemaKeyword(name)).toBe(false)
	}
})
