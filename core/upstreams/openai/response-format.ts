import type { MessageRequest } from '../../messages/request.ts'
import { isRecord } from '../shared/failure.ts'
import type { ResponseFormat } from './wire.ts'

export function requestedSchema(request: MessageRequest): Record<string, unknown> | undefined {
	const format = request.output_config?.format
	return format?.type === 'json_schema' ? format.schema : undefined
}

/**
 * Structured output. `strict` only where the schema keeps OpenAI's rules for it, since breaking them is a 400:
 * https://platform.openai.com/docs/guides/structured-outputs#supported-schemas
 */
export function toResponseFormat(schema: Record<string, unknown>): ResponseFormat {
	const strict = isStrictSchema(schema)
	return { type: 'json_schema', json_schema: { name: 'answer', schema, ...(strict && { strict }) } }
}

/** Servers older than structured output are asked in words. */
export function describeSchema(schema: Record<string, unknown>): string {
	return `Answer with JSON only, without any other text, matching this JSON Schema:\n${JSON.stringify(schema)}`
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

function isStrictSchema(schema: unknown): boolean {
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
	return names.every(name => required.includes(name)) && Object.values(properties).every(isStrictSchema)
}
