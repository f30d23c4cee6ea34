import type { z } from 'zod'

/** How many wrong fields one answer names. */
const maxIssues = 5

/**
 * A validation error as Anthropic's API words it: `messages.0.content: Field required`, one field after another.
 * Only the deepest issue of a union is kept, since that is the branch the client meant.
 */
export function describeIssues(error: z.ZodError): string {
	const found = [...new Set(error.issues.flatMap(issue => describeIssue(issue, [])))]
	const more = found.length > maxIssues ? ` (and ${found.length - maxIssues} more)` : ''
	return found.slice(0, maxIssues).join('; ') + more
}

type Issue = z.core.$ZodIssue

function describeIssue(issue: Issue, parents: readonly PropertyKey[]): string[] {
	const path = [...parents, ...issue.path]
	if (issue.code === 'invalid_union' && issue.errors.length > 0) {
		const branch = issue.errors.toSorted((a, b) => depth(b) - depth(a))[0] as Issue[]
		if (depth(branch) > 0) return branch.flatMap(inner => describeIssue(inner, path))
		const expected = issue.errors.flatMap(issues => issues.map(expectedOf)).filter(Boolean)
		return [`${join(path)}: Input should be ${[...new Set(expected)].join(' or ') || 'valid'}`]
	}
	return [`${join(path)}: ${describe(issue)}`]
}

const depth = (issues: Issue[]): number => Math.max(0, ...issues.map(issue => issue.path.length))

const join = (path: readonly PropertyKey[]): string => path.map(String).join('.') || 'body'

function expectedOf(issue: Issue): string {
	return issue.code === 'invalid_type' ? article(issue.expected) : ''
}

function describe(issue: Issue): string {
	if (issue.code === 'invalid_type') {
		return issue.input === undefined && /received undefined/.test(issue.message)
			? 'Field required'
			: `Input should be ${article(issue.expected)}`
	}
	if (issue.code === 'invalid_union') return `Input tag does not match any of the expected types`
	if (issue.code === 'too_small') return `Input should be ${tooSmall(issue)}`
	if (issue.code === 'too_big') return `Input should be at most ${issue.maximum}`
	if (issue.code === 'invalid_value')
		return `Input should be ${issue.values.map(value => `'${String(value)}'`).join(' or ')}`
	return issue.message
}

function tooSmall(issue: Extract<Issue, { code: 'too_small' }>): string {
	if (issue.origin === 'string') return 'a non-empty string'
	return issue.origin === 'array' ? `a list of at least ${issue.minimum}` : `at least ${issue.minimum}`
}

const names: Readonly<Record<string, string>> = {
	string: 'a string',
	number: 'a number',
	int: 'a whole number',
	boolean: 'a boolean',
	array: 'a list',
	object: 'an object',
	record: 'an object',
}

const article = (expected: string): string => names[expected] ?? expected
