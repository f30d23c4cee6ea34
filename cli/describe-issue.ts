import type { z } from 'zod'

const kinds: Readonly<Record<string, string>> = {
	...{ int: 'a whole number', number: 'a number', boolean: 'true or false', string: 'a text' },
	...{ array: 'a list', object: 'a JSON object', record: 'a JSON object' },
}

/** What is wrong with a value, in words like our own: zod's are for programmers. */
export function describeIssue(issue: z.core.$ZodIssue): string {
	// A schema with words of its own has said it already.
	if (!/^(?:Invalid|Too|Unrecognized)/.test(issue.message)) return issue.message
	switch (issue.code) {
		case 'invalid_value':
			return `must be one of ${issue.values.join(', ')}`
		case 'invalid_type':
			return `must be ${kinds[issue.expected] ?? issue.expected}`
		case 'too_big':
			return `must be at most ${issue.maximum}${unitOf(issue.origin)}`
		case 'too_small':
			return `must be at least ${issue.minimum}${unitOf(issue.origin)}`
		default:
			return issue.message
	}
}

function unitOf(origin: string): string {
	if (origin === 'string') return ' characters long'
	return origin === 'array' || origin === 'set' ? ' entries long' : ''
}
