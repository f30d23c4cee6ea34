import type { Note } from '../../messages/notes.ts'
import type { Tool } from '../../messages/request.ts'
import { isRecord } from './failure.ts'
import { toMoonshotSchema } from './moonshot-schema.ts'
import { mergeRoot } from './schema-root.ts'

type Schema = Record<string, unknown>

/**
 * A tool's schema as OpenAI's APIs take it: an object with properties, items for every array, since their absence is a
 * 400, and no enum without values. Every other keyword stays: non-strict functions take all of them.
 * Source: https://platform.openai.com/docs/guides/function-calling#strict-mode. An unchanged schema is returned as it is.
 */
function toParameters(schema: Schema | null | undefined): Schema {
	const completed = repairSchema(schema ?? {})
	if (completed.type === 'object' && isRecord(completed.properties)) return completed
	return {
		...completed,
		type: 'object',
		properties: isRecord(completed.properties) ? completed.properties : {},
	}
}

/**
 * A tool's schema for an upstream. OpenAI itself and Moonshot refuse alternatives at the top; their imitators mostly
 * take them, and lose nothing then.
 */
export function toToolParameters(
	tool: Tool,
	index: number,
	options: { official: boolean; moonshot?: boolean; notes: Note[] },
): Schema {
	const schema = tool.input_schema ?? {}
	const merged = options.official || options.moonshot ? mergeRoot(schema) : schema
	if (merged !== schema) {
		const field = `tools.${index}.input_schema`
		const who = options.moonshot ? 'Moonshot' : 'OpenAI'
		const detail = `${who} takes no alternatives at the top of a tool’s schema: they became one object`
		options.notes.push({ field, action: 'replaced', detail })
	}
	return options.moonshot ? toMoonshotSchema(toParameters(merged)) : toParameters(merged)
}

/** Keywords whose value is a schema, a list of schemas, or schemas by name. */
const oneSchema = ['items', 'additionalProperties', 'not']
const listOfSchemas = ['anyOf', 'oneOf', 'allOf', 'prefixItems']
const namedSchemas = ['properties', '$defs', 'definitions', 'patternProperties']

function repairSchema(schema: Schema): Schema {
	if (!mayNeedRepair(schema)) return schema
	let changed: Schema | undefined
	const set = (keyword: string, value: unknown) => {
		if (value === schema[keyword]) return
		changed ??= { ...schema }
		changed[keyword] = value
	}
	for (const keyword of oneSchema) if (isRecord(schema[keyword])) set(keyword, repairSchema(schema[keyword]))
	for (const keyword of listOfSchemas) set(keyword, addToList(schema[keyword]))
	for (const keyword of namedSchemas) set(keyword, addToNamed(schema[keyword]))
	const isArray = schema.type === 'array' || (Array.isArray(schema.type) && schema.type.includes('array'))
	if (isArray && schema.items === undefined) set('items', {})
	if (isEmptyList(schema.enum)) {
		changed ??= { ...schema }
		delete changed.enum
	}
	return changed ?? schema
}

/** Anthropic takes an enum without values, OpenAI answers "[] should be non-empty". */
function isEmptyList(value: unknown): boolean {
	return Array.isArray(value) && value.length === 0
}

function addToList(list: unknown): unknown {
	if (!Array.isArray(list)) return list
	const completed = list.map(one => (isRecord(one) ? repairSchema(one) : one))
	return completed.some((one, index) => one !== list[index]) ? completed : list
}

function addToNamed(named: unknown): unknown {
	if (!isRecord(named)) return named
	const entries = Object.entries(named)
	const completed = entries.map(([name, one]) => [name, isRecord(one) ? repairSchema(one) : one] as const)
	return completed.some(([name, one]) => one !== named[name]) ? Object.fromEntries(completed) : named
}

/** Hardly any schema does, and there are dozens in a request: this look at it makes no objects. */
function mayNeedRepair(value: object): boolean {
	const { type, items, enum: values } = value as Schema
	if (isEmptyList(values)) return true
	if (items === undefined && (type === 'array' || (Array.isArray(type) && type.includes('array'))))
		return true
	for (const child of Object.values(value)) {
		if (typeof child === 'object' && child !== null && mayNeedRepair(child)) return true
	}
	return false
}
