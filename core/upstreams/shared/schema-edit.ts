import { isRecord } from './failure.ts'
import { mergeRoot } from './schema-root.ts'

type Schema = Record<string, unknown>

/** Keywords of JSON Schema and of the formats made from it: only these are ever taken out of a schema. */
const keywords = new Set(
	`$schema $id $ref $defs $comment $anchor definitions const default deprecated examples example title format pattern
	minLength maxLength minimum maximum exclusiveMinimum exclusiveMaximum multipleOf minItems maxItems uniqueItems contains
	minContains maxContains prefixItems additionalItems additionalProperties unevaluatedProperties unevaluatedItems
	patternProperties propertyNames minProperties maxProperties dependentRequired dependentSchemas dependencies if then else
	not anyOf oneOf allOf enum nullable readOnly writeOnly contentEncoding contentMediaType propertyOrdering strict`.split(
		/\s+/,
	),
)

export function isSchemaKeyword(name: string): boolean {
	return keywords.has(name)
}

/** Keywords whose value is a schema, a list of schemas, or schemas by name. */
const oneSchema = ['items', 'additionalProperties', 'not', 'if', 'then', 'else', 'contains', 'propertyNames']
const listOfSchemas = ['anyOf', 'oneOf', 'allOf', 'prefixItems']
const namedSchemas = ['properties', '$defs', 'definitions', 'patternProperties', 'dependentSchemas']

/** Whether a schema uses a keyword anywhere. Names of properties are no keywords. */
export function usesKeyword(schema: unknown, keyword: string): boolean {
	return isRecord(schema) && withoutKeyword(schema, keyword) !== schema
}

/** A copy without a keyword, at any depth; the schema itself when it has none. Names of properties stay. */
export function withoutKeyword(schema: Schema, keyword: string): Schema {
	let changed: Schema | undefined
	const set = (name: string, value: unknown) => {
		if (value === schema[name]) return
		changed ??= { ...schema }
		changed[name] = value
	}
	const reduce = (value: unknown) => (isRecord(value) ? withoutKeyword(value, keyword) : value)
	for (const name of oneSchema) set(name, reduce(schema[name]))
	for (const name of listOfSchemas) {
		const list = schema[name]
		if (!Array.isArray(list)) continue
		const reduced = list.map(reduce)
		if (reduced.some((one, index) => one !== list[index])) set(name, reduced)
	}
	for (const name of namedSchemas) {
		const named = schema[name]
		if (!isRecord(named)) continue
		const entries = Object.entries(named).map(([key, value]) => [key, reduce(value)] as const)
		if (entries.some(([key, value]) => value !== named[key])) set(name, Object.fromEntries(entries))
	}
	const result = changed ?? schema
	if (!Object.hasOwn(result, keyword)) return result
	const { [keyword]: _removed, ...rest } = result
	return rest
}

/** A copy without a keyword at its top level. The properties of alternatives stay, as ones that may be given. */
export function withoutRootKeyword(schema: Schema, keyword: string): Schema {
	return mergeRoot(schema, [keyword])
}
