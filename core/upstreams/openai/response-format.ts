import { isStrictSchema } from '../shared/output-schema.ts'
import type { ResponseFormat } from './wire.ts'

/** Structured output, `strict` only where the schema allows that. */
export function toResponseFormat(schema: Record<string, unknown>): ResponseFormat {
	const strict = isStrictSchema(schema)
	return { type: 'json_schema', json_schema: { name: 'answer', schema, ...(strict && { strict }) } }
}
