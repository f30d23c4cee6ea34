import type { MessageRequest } from '../../messages/request.ts'
import { isRecord } from './failure.ts'

/** The JSON Schema that the answer must match, when the client asks for structured output. */
export function requestedSchema(request: MessageRequest): Record<string, unknown> | undefined {
	const format = request.output_config?.format
	return format?.type === 'json_schema' ? format.schema : undefined
}

const annotations = new Set(['title', 'description', '$schema'])
const plainKeywords = new Set([
	'type',
	'enum',
	'const',
	'items',
	'properties',
	'required',
	'additionalProperties',
])

/** Servers older than structured output are asked in words. */
export function describeSchema(schema: Record<string, unknown>): string {
	return `Answer with JSON only, without any other text, matching this JSON Schema:\n${JSON.stringify(schema)}`
}

/**
 * Whether a schema keeps the rules of OpenAI's `strict`; breaking them is a 400.
 * Source: https://platform.openai.com/docs/guides/structured-outputs#supported-schemas
 */
export function isStrictSchema(schema: unknown): boolean {
	if (!isRecord(schema)) return false
	const keywords = Object.keys(schema).filter(keyword => !annotations.has(keyword))
	if (Array.isArray(schema.anyOf)) return keywords.length === 1 && schema.anyOf.every(isStrictSchema)
	if (keywords.length === 0 || !keywords.every(keyword => plainKeywords.has(keyword))) return false
	if (schema.items !== undefined && !isStrictSchema(schema.items)) return false
	const types = Array.isArray(schema.type) ? schema.type : [schema.type]
	return !types.includes('object') || isStrictObject(schema)
}

function isStrictObject(schema: Record<string, unknown>): boolean {
	const { properties, required } = schema
	if (schema.additionalProperties !== false || !isRecord(properties) || !Array.isArray(required)) return false
	const names = Object.keys(properties)
	if (!required.every(name => names.includes(name))) return false
	return names.every(name => required.includes(name)) && Object.values(properties).every(isStrictSchema)
}
