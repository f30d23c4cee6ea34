import type { ZodType } from 'zod'

/** A JSON body that must be there: without `required`, a request without a content type would pass unchecked. */
export function jsonBody<Schema extends ZodType>(schema: Schema) {
	return { required: true as const, content: { 'application/json': { schema } } }
}

/** One response of a route. */
export function jsonAnswer<Schema extends ZodType>(description: string, schema: Schema) {
	return { description, content: { 'application/json': { schema } } }
}
