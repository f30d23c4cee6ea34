import { isRecord } from './failure.ts'
import { findReference } from './schema-root.ts'

type Schema = Record<string, unknown>

/**
 * A schema in Moonshot's flavour, which means the same: with `anyOf`, the type stands in its alternatives and not
 * beside it, and beside a `$ref` stands nothing that its target says as well. Anything else is a 400 for the whole
 * request. Source: MoonshotAI/kimi-code#2661, MoonshotAI/kimi-cli#2061.
 */
export function toMoonshotSchema(schema: Schema): Schema {
	return convert(schema, schema)
}

const oneSchema = ['items', 'additionalProperties', 'not']
const listOfSchemas = ['anyOf', 'oneOf', 'allOf', 'prefixItems']
const namedSchemas = ['properties', '$defs', 'definitions', 'patternProperties']

function convert(schema: Schema, root: Schema): Schema {
	const inner = (value: unknown) => (isRecord(value) ? convert(value, root) : value)
	const entries = Object.entries(schema).map(([keyword, value]): [string, unknown] => {
		if (oneSchema.includes(keyword)) return [keyword, inner(value)]
		if (listOfSchemas.includes(keyword) && Array.isArray(value)) return [keyword, value.map(inner)]
		if (!namedSchemas.includes(keyword) || !isRecord(value)) return [keyword, value]
		return [keyword, Object.fromEntries(Object.entries(value).map(([name, one]) => [name, inner(one)]))]
	})
	return moveType(dropRepeated(Object.fromEntries(entries), root))
}

function dropRepeated(schema: Schema, root: Schema): Schema {
	const target = typeof schema.$ref === 'string' ? findReference(schema.$ref, root) : undefined
	if (!target) return schema
	return Object.fromEntries(Object.entries(schema).filter(([keyword]) => !Object.hasOwn(target, keyword)))
}

function moveType(schema: Schema): Schema {
	const { type, ...rest } = schema
	if (type === undefined || !Array.isArray(schema.anyOf)) return schema
	const lacksType = (one: unknown) => isRecord(one) && one.type === undefined && one.$ref === undefined
	return { ...rest, anyOf: schema.anyOf.map(one => (lacksType(one) ? { type, ...(one as Schema) } : one)) }
}
