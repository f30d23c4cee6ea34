import type { Schema } from './wire.ts'

/** Several schemas as one: equal ones once, enums of strings joined, the rest as anyOf. */
export function uniteSchemas(
	schemas: readonly Schema[],
	more: { nullable?: boolean; description?: unknown } = {},
): Schema {
	const distinct = new Map<string, Schema>()
	const words: string[] = []
	for (const schema of schemas.flatMap(alternativesOf)) {
		const { type, enum: listed, ...rest } = schema
		if (type === 'STRING' && listed && Object.keys(rest).length === 0) words.push(...listed)
		else distinct.set(JSON.stringify(schema), schema)
	}
	if (words.length > 0) distinct.set('enum', { type: 'STRING', enum: [...new Set(words)] })
	const options = [...distinct.values()]
	const [only] = options
	const united: Schema = options.length === 1 && only ? only : { anyOf: options }
	const { description } = more
	return {
		...united,
		...(typeof description === 'string' && description.trim() !== '' && describe(united, description)),
		...(more.nullable && { nullable: true }),
	}
}

/** The alternatives of a schema that is nothing but alternatives. */
function alternativesOf(schema: Schema): Schema[] {
	return schema.anyOf && Object.keys(schema).length === 1 ? schema.anyOf : [schema]
}

function describe(schema: Schema, description: string): Schema {
	const own = schema.description
	return { description: own && own !== description ? `${description}\n${own}` : description }
}
