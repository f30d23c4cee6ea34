import type { Schema } from './wire.ts'

/**
 * A reduced schema as JSON Schema, for `parametersJsonSchema` and `responseJsonSchema`: those take an object without
 * properties, which `Schema` does not ("should be non-empty for OBJECT type"). Only documented keywords are used.
 * Source: https://ai.google.dev/api/generate-content#FIELDS.response_json_schema
 */
export function toJsonSchema(schema: Schema): Record<string, unknown> {
	const { type, nullable, properties, items, anyOf, minItems, maxItems, ...rest } = schema
	const { minLength: _minLength, maxLength: _maxLength, enum: listed, ...plain } = rest
	const name = type?.toLowerCase()
	const alternatives = anyOf?.map(toJsonSchema)
	return {
		...(name !== undefined && { type: nullable ? [name, 'null'] : name }),
		...plain,
		...(listed && { enum: nullable ? [...listed, null] : listed }),
		...(properties && { properties: mapValues(properties) }),
		...(items && { items: toJsonSchema(items) }),
		...(minItems !== undefined && { minItems: Number(minItems) }),
		...(maxItems !== undefined && { maxItems: Number(maxItems) }),
		...(alternatives && { anyOf: nullable ? [...alternatives, { type: 'null' }] : alternatives }),
	}
}

function mapValues(properties: Record<string, Schema>): Record<string, unknown> {
	return Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, toJsonSchema(schema)]))
}
