import type { z } from 'zod'
import { keySecretSchema, type UpstreamConfig, upstreamInputSchema } from '../upstream.ts'
import { formatPath, type Report } from './report.ts'

export type JsonObject = Record<string, unknown>

export function isObject(value: unknown): value is JsonObject {
	return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** One field by the upstream's schema; undefined, and a problem, when it does not fit. */
export function readField<Field extends keyof UpstreamConfig>(
	field: Field,
	value: unknown,
	path: string,
	report: Report,
): UpstreamConfig[Field] | undefined {
	const schema: z.ZodType = upstreamInputSchema.shape[field]
	return readWith(schema, value, path, report) as UpstreamConfig[Field] | undefined
}

export function readWith<Output>(
	schema: z.ZodType<Output>,
	value: unknown,
	path: string,
	report: Report,
): Output | undefined {
	const result = schema.safeParse(value)
	if (result.success) return result.data
	for (const issue of result.error.issues) report.refuse(join(path, issue.path), plainWords(issue.message))
	return undefined
}

/** A type that this version has, in any case. */
export function readType(
	value: unknown,
	types: readonly string[],
	path: string,
	report: Report,
): string | undefined {
	const type = typeof value === 'string' ? value.trim().toLowerCase() : undefined
	if (type !== undefined && types.includes(type)) return type
	report.refuse(path, `must be one of ${types.join(', ')}`)
	return undefined
}

/** Keys are checked, never quoted. */
export function readSecret(value: unknown, path: string, report: Report): string | undefined {
	return readWith(keySecretSchema, value, path, report)
}

function join(path: string, rest: readonly PropertyKey[]): string {
	if (rest.length === 0) return path
	const tail = formatPath(rest)
	return path === '' || tail.startsWith('[') ? path + tail : `${path}.${tail}`
}

/** Fields that nobody here knows: said, so that nobody believes they were taken. */
export function warnUnknown(given: JsonObject, known: readonly string[], path: string, report: Report): void {
	for (const name of Object.keys(given)) {
		if (!known.includes(name)) report.warn(join(path, [name]), 'not known here, left out')
	}
}

/** The schema library's `Invalid input: expected string, received number` as `must be string, not number`. */
function plainWords(message: string): string {
	const [, wanted, got] = /^Invalid input: expected (\w+), received (\w+)$/.exec(message) ?? []
	if (wanted !== undefined) return got === 'undefined' ? 'is missing' : `must be ${wanted}, not ${got}`
	return message
}
