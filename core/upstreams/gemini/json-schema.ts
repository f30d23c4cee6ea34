import { isRecord } from '../shared/failure.ts'
import { asText } from '../shared/json-values.ts'
import { isNull, isNullable, stringsOf, typesOf, valuesOf } from './schema-keywords.ts'
import { mergeSchemas, type RawSchema, resolveSchema, type SchemaScope } from './schema-merge.ts'
import { uniteSchemas } from './schema-union.ts'
import type { Schema, SchemaType } from './wire.ts'

/** A schema that Gemini takes, and the keywords of the original that it has no word for. */
export interface ReducedSchema {
	schema: Schema
	/** An object without properties is in it, which `Schema` cannot say: see schema-as-json.ts. */
	freeForm: boolean
	dropped: string[]
}

interface Context extends SchemaScope {
	freeForm: boolean
}

/** Deeper or larger schemas end in "anything". */
const maxDepth = 32
const maxSchemas = 3000

/**
 * Any JSON Schema as Gemini's `Schema`, by an allow-list: a keyword that Gemini does not know is a 400
 * ("Unknown name …: Cannot find field"). Keys of `properties` are names and always stay.
 * Source: https://ai.google.dev/api/caching#Schema
 */
export function reduceSchema(source: unknown): ReducedSchema {
	const context = createContext(source)
	return finish(reduce(context.root, context, 0), context)
}

/**
 * A tool's input schema: always an object, with alternatives at its root folded into one list of properties.
 * Undefined when it has no properties: Gemini refuses an empty object there, and takes a missing one.
 */
export function reduceParameters(source: unknown): ReducedSchema | undefined {
	const context = createContext(source)
	const schema = typed(foldOptions(resolve(context.root, context), context, 0), 'OBJECT', context, 0)
	return schema.properties ? finish(schema, context) : undefined
}

function finish(schema: Schema, context: Context): ReducedSchema {
	return { schema, freeForm: context.freeForm, dropped: [...context.dropped] }
}

function createContext(source: unknown): Context {
	return { root: isRecord(source) ? source : {}, dropped: new Set(), freeForm: false, left: maxSchemas }
}

function resolve(schema: RawSchema, context: Context): RawSchema {
	return resolveSchema(schema, context)
}

function reduce(raw: unknown, context: Context, depth: number): Schema {
	if (!isRecord(raw) || depth > maxDepth || context.left-- <= 0) return anything(context)
	const node = resolve(raw, context)
	const options = optionsOf(node, context)
	if (options.length === 0) return reduceNode(node, context, depth)
	if (isRecord(node.properties)) return reduceNode(foldOptions(node, context, depth), context, depth)
	const { anyOf: _anyOf, oneOf: _oneOf, description, ...base } = node
	const real = options.filter(option => !isNull(option))
	if (real.length === 0) return reduceNode({ ...base, description, nullable: true }, context, depth)
	const nullable = real.length < options.length || isNullable(node)
	const schemas = real.map(option => reduce(mergeSchemas(option, base), context, depth + 1))
	return uniteSchemas(schemas, { nullable, description })
}

function reduceNode(node: RawSchema, context: Context, depth: number): Schema {
	const types = typesOf(node)
	const schemas =
		types.length === 0 ? [anything(context)] : types.map(type => typed(node, type, context, depth))
	return uniteSchemas(schemas, { nullable: isNullable(node), description: node.description })
}

/** A node's alternatives; none when all they do is constrain (`anyOf: [{required: ['a']}, …]`). */
function optionsOf(node: RawSchema, context: Context): RawSchema[] {
	const listed = [node.anyOf, node.oneOf].find(list => Array.isArray(list) && list.length > 0)
	const options = ((listed as unknown[] | undefined) ?? []).map(option =>
		isRecord(option) ? resolve(option, context) : {},
	)
	const tells = options.some(option => Object.keys(option).some(key => !silentKeywords.has(key)))
	return tells ? options : []
}

const silentKeywords = new Set(['required', 'not', 'title', 'description', 'default', 'examples', '$comment'])

/** One object with the properties of all alternatives; required is what every alternative requires. */
function foldOptions(node: RawSchema, context: Context, depth: number): RawSchema {
	const { anyOf: _anyOf, oneOf: _oneOf, ...base } = node
	const options = depth > maxDepth ? [] : optionsOf(node, context).filter(option => !isNull(option))
	if (options.length === 0) return base
	const folded = options.map(option => foldOptions(option, context, depth + 1))
	const found = new Map<string, unknown[]>()
	for (const { properties } of folded) {
		if (!isRecord(properties)) continue
		for (const [name, schema] of Object.entries(properties)) {
			found.set(name, [...(found.get(name) ?? []), schema])
		}
	}
	const properties = [...found].map(([name, all]) => [name, all.length === 1 ? all[0] : { anyOf: all }])
	const required = stringsOf(folded[0]?.required).filter(name =>
		folded.every(option => stringsOf(option.required).includes(name)),
	)
	return mergeSchemas(base, { properties: Object.fromEntries(properties), required })
}

function typed(node: RawSchema, type: SchemaType, context: Context, depth: number): Schema {
	noteDropped(node, type, context)
	if (type === 'OBJECT') return objectSchema(node, context, depth)
	if (type === 'ARRAY') return arraySchema(node, context, depth)
	if (type === 'STRING') return stringSchema(node)
	if (type === 'BOOLEAN') return booleanSchema(node)
	const format = numberFormats[type].includes(asText(node.format)) ? { format: asText(node.format) } : {}
	const listed = valuesOf(node).filter(value => value !== null)
	return {
		type,
		...format,
		...(listed.length > 0 && { description: `One of: ${listed.join(', ')}` }),
		...lowest(node, type),
		...highest(node, type),
	}
}

function booleanSchema(node: RawSchema): Schema {
	const listed = new Set(valuesOf(node).filter(value => typeof value === 'boolean'))
	return { type: 'BOOLEAN', ...(listed.size === 1 && { description: `One of: ${[...listed].join(', ')}` }) }
}

function objectSchema(node: RawSchema, context: Context, depth: number): Schema {
	const source = isRecord(node.properties) ? node.properties : {}
	const names = Object.keys(source)
	if (names.length === 0) return freeObject(context)
	const properties = Object.fromEntries(names.map(name => [name, reduce(source[name], context, depth + 1)]))
	const required = [...new Set(stringsOf(node.required))].filter(name => Object.hasOwn(source, name))
	return { type: 'OBJECT', properties, ...(required.length > 0 && { required }) }
}

function arraySchema(node: RawSchema, context: Context, depth: number): Schema {
	const tuple = [node.prefixItems, node.items].find(Array.isArray)
	const items = tuple
		? uniteSchemas(
				tuple.length === 0 ? [anything(context)] : tuple.map(item => reduce(item, context, depth + 1)),
			)
		: reduce(node.items, context, depth + 1)
	return { type: 'ARRAY', items, ...count(node, 'minItems'), ...count(node, 'maxItems') }
}

function stringSchema(node: RawSchema): Schema {
	// Gemini refuses an empty string in an enum.
	const values = new Set(valuesOf(node).filter(value => typeof value === 'string' && value !== ''))
	const allText = valuesOf(node).every(value => typeof value === 'string' || value === null)
	return {
		type: 'STRING',
		...(values.size > 0 && allText && { enum: [...values] as string[] }),
		// Any other format of a string is a 400 there.
		...(node.format === 'date-time' && { format: 'date-time' }),
		...count(node, 'minLength'),
		...count(node, 'maxLength'),
	}
}

const numberFormats = { INTEGER: ['int32', 'int64'], NUMBER: ['float', 'double'] }

function count(node: RawSchema, key: 'minItems' | 'maxItems' | 'minLength' | 'maxLength'): Schema {
	const value = node[key]
	return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
		? { [key]: asText(value) }
		: {}
}

/** Gemini's limits are inclusive: exclusive ones of integers move by one, those of other numbers lose their edge. */
function lowest({ minimum, exclusiveMinimum: exclusive }: RawSchema, type: SchemaType): Schema {
	const limits = typeof minimum === 'number' ? [minimum] : []
	if (typeof exclusive === 'number') limits.push(type === 'INTEGER' ? Math.floor(exclusive) + 1 : exclusive)
	return limits.length > 0 ? { minimum: Math.max(...limits) } : {}
}

function highest({ maximum, exclusiveMaximum: exclusive }: RawSchema, type: SchemaType): Schema {
	const limits = typeof maximum === 'number' ? [maximum] : []
	if (typeof exclusive === 'number') limits.push(type === 'INTEGER' ? Math.ceil(exclusive) - 1 : exclusive)
	return limits.length > 0 ? { maximum: Math.min(...limits) } : {}
}

/** Gemini wants a type everywhere; this is every type there is. */
function anything(context: Context): Schema {
	const plain = [{ type: 'STRING' }, { type: 'NUMBER' }, { type: 'BOOLEAN' }] as const
	return { anyOf: [...plain, freeObject(context), { type: 'ARRAY', items: { type: 'STRING' } }] }
}

function freeObject(context: Context): Schema {
	context.freeForm = true
	return { type: 'OBJECT' }
}

const telling = ['pattern', 'patternProperties', 'not', 'if', 'multipleOf', 'contains', 'dependentRequired']

const exclusiveLimits = ['exclusiveMinimum', 'exclusiveMaximum']

function noteDropped(node: RawSchema, type: SchemaType, context: Context): void {
	for (const key of telling) if (node[key] !== undefined) context.dropped.add(key)
	if (type === 'NUMBER') {
		for (const key of exclusiveLimits) if (typeof node[key] === 'number') context.dropped.add(key)
	}
	if (type === 'OBJECT' && isRecord(node.additionalProperties)) {
		if (Object.keys(node.additionalProperties).length > 0) context.dropped.add('additionalProperties')
	}
}
