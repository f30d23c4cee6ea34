import { isRecord } from '../shared/failure.ts'
import type { RawSchema } from './schema-merge.ts'
import type { SchemaType } from './wire.ts'

const typeNames: Readonly<Record<string, SchemaType>> = {
	string: 'STRING',
	number: 'NUMBER',
	integer: 'INTEGER',
	boolean: 'BOOLEAN',
	array: 'ARRAY',
	object: 'OBJECT',
}

/** The types a node allows, null apart; by its other keywords when it names none. */
export function typesOf(node: RawSchema): SchemaType[] {
	const named = Array.isArray(node.type) ? node.type : [node.type]
	const known = named.flatMap(name => {
		const lower = typeof name === 'string' ? name.toLowerCase() : ''
		return Object.hasOwn(typeNames, lower) ? [typeNames[lower] as SchemaType] : []
	})
	if (known.length > 0) return [...new Set(known)]
	if (isNull(node)) return ['STRING']
	if (isRecord(node.properties) || isRecord(node.additionalProperties)) return ['OBJECT']
	if (node.items !== undefined || node.prefixItems !== undefined) return ['ARRAY']
	if (node.minimum !== undefined || node.maximum !== undefined) return ['NUMBER']
	if (node.minLength !== undefined || node.maxLength !== undefined || node.pattern !== undefined) {
		return ['STRING']
	}
	return [...new Set(valuesOf(node).flatMap(typeOfValue))]
}

function typeOfValue(value: unknown): SchemaType[] {
	if (value === null) return []
	return Array.isArray(value) ? ['ARRAY'] : [typeNames[typeof value] ?? 'STRING']
}

/** The values a node is limited to: its enum, or its const. */
export function valuesOf(node: RawSchema): unknown[] {
	if (Array.isArray(node.enum)) return node.enum
	return node.const === undefined ? [] : [node.const]
}

export function isNull(node: RawSchema): boolean {
	const types = Array.isArray(node.type) ? node.type : [node.type]
	if (types.length > 0 && types.every(type => type === 'null')) return true
	const values = valuesOf(node)
	return node.type === undefined && values.length > 0 && values.every(value => value === null)
}

export function isNullable(node: RawSchema): boolean {
	const listed = Array.isArray(node.type) && node.type.includes('null')
	return listed || isNull(node) || node.nullable === true || valuesOf(node).includes(null)
}

export function stringsOf(value: unknown): string[] {
	return Array.isArray(value) ? value.filter(item => typeof item === 'string') : []
}
