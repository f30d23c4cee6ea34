import { z } from 'zod'

type JsonKind = 'string' | 'array' | 'object' | 'number' | 'boolean' | 'null'

export function kindOf(value: unknown): JsonKind | 'undefined' {
	if (value === undefined) return 'undefined'
	if (value === null) return 'null'
	if (Array.isArray(value)) return 'array'
	return typeof value as JsonKind
}

/**
 * A union decided by the JSON type of the value. Zod's own union reports all branches at once; the vendors report
 * what is wrong within the branch that was meant.
 */
export function byKind(branches: Partial<Record<JsonKind, z.ZodType>>, expected: string): z.ZodType {
	return z.any().superRefine((value, context) => {
		const kind = kindOf(value)
		const branch = kind === 'undefined' ? undefined : branches[kind]
		if (!branch) {
			context.addIssue({ code: 'custom', input: value, message: '', params: { wrongKind: expected } })
			return
		}
		const result = branch.safeParse(value, { reportInput: true })
		for (const issue of result.error?.issues ?? [])
			context.addIssue({ ...issue, input: issue.input } as never)
	})
}

/** An integer: zod says "number" of what is none, the vendors say "integer". */
export function integer(range: z.ZodType<number>, expected: string): z.ZodType<number> {
	return byKind({ number: range }, expected) as z.ZodType<number>
}

/** A required member of any type: zod lets `unknown` be absent. */
export const present = z.any().refine(value => value !== undefined, { params: { missing: true } })

/** The value at an issue's path. */
export function valueAt(root: unknown, path: readonly PropertyKey[]): unknown {
	let here = root
	for (const step of path) {
		if (typeof here !== 'object' || here === null) return undefined
		here = (here as Record<PropertyKey, unknown>)[step]
	}
	return here
}

/** Whether the member that the path names is not there at all. */
export function isMissing(root: unknown, path: readonly PropertyKey[]): boolean {
	return path.length > 0 && valueAt(root, path) === undefined
}
