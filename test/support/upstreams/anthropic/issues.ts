import type { z } from 'zod'
import type { Refusal } from '../vendor.ts'
import { isMissing, valueAt } from '../zod-branches.ts'
import { refuse } from './errors.ts'

type Issue = z.core.$ZodIssue

/** The refusal that the Messages API would send for the first thing that is wrong. */
export function refusalOf(issues: readonly Issue[], body: unknown): Refusal {
	const issue = issues[0]!
	if (issue.code === 'unrecognized_keys') {
		return refuse(`${formatPath([...issue.path, issue.keys[0]!], body)}: Extra inputs are not permitted`)
	}
	// A wrong tag is told of the object that has it.
	const path = issue.code === 'invalid_union' ? issue.path.slice(0, -1) : issue.path
	return refuse(`${formatPath(path, body)}: ${describe(issue, body)}`)
}

function describe(issue: Issue, body: unknown): string {
	if (isMissing(body, issue.path)) {
		const isTag = issue.code === 'invalid_union'
		return isTag ? "Unable to extract tag using discriminator 'type'" : 'Field required'
	}
	switch (issue.code) {
		case 'invalid_type':
			return `Input should be ${kindNames[issue.expected] ?? `a valid ${issue.expected}`}`
		case 'custom':
			return typeof issue.params?.wrongKind === 'string' ? issue.params.wrongKind : 'Field required'
		case 'invalid_value':
			return `Input should be ${joinChoices(issue.values.map(String).filter(value => value !== 'system'))}`
		case 'too_big':
			return issue.origin === 'string'
				? `String should have at most ${issue.maximum} characters`
				: `Input should be less than or equal to ${issue.maximum}`
		case 'too_small':
			return issue.origin === 'string'
				? `String should have at least ${issue.minimum} character`
				: `Input should be greater than or equal to ${issue.minimum}`
		case 'invalid_format':
			return `String should match pattern '${String(issue.pattern).replace(/^\/|\/$/g, '')}'`
		default:
			return issue.code === 'invalid_union' ? describeTag(issue, body) : 'Input is not valid'
	}
}

const kindNames: Record<string, string> = {
	array: 'a valid list',
	record: 'a valid dictionary',
	object: 'an object',
	int: 'a valid integer',
}

function describeTag(issue: Issue, body: unknown): string {
	const tag = String(valueAt(body, issue.path))
	const options = 'options' in issue && Array.isArray(issue.options) ? issue.options.map(String) : []
	// A custom tool may leave its tag out; the API does not list that.
	const named = options.filter(option => option !== 'null' && option !== 'undefined')
	const expected = named.map(option => `'${option}'`).join(', ')
	return `Input tag '${tag}' found using 'type' does not match any of the expected tags: ${expected}`
}

function joinChoices(choices: readonly string[]): string {
	const quoted = choices.map(choice => `'${choice}'`)
	return quoted.length > 1 ? `${quoted.slice(0, -1).join(', ')} or ${quoted.at(-1)}` : quoted[0]!
}

/** Dots between steps, and the tag of each union member that the path goes through: `content.0.text.foo`. */
function formatPath(path: readonly PropertyKey[], body: unknown): string {
	const steps: string[] = []
	let here = body
	for (const [index, step] of path.entries()) {
		steps.push(String(step))
		here = valueAt(here, [step])
		const container = String(typeof step === 'number' ? path[index - 1] : step)
		const more = index < path.length - 1
		const tag = more ? tagOf(here, container, steps.length) : undefined
		if (tag !== undefined) steps.push(tag)
	}
	return steps.join('.')
}

const unions = [
	'content',
	'tools',
	'source',
	'thinking',
	'tool_choice',
	'cache_control',
	'citations',
	'edits',
	'caller',
]

function tagOf(value: unknown, container: string, depth: number): string | undefined {
	if (!unions.includes(container) || typeof value !== 'object' || value === null || Array.isArray(value))
		return undefined
	// `thinking` of a block is a string and `cache_control` ends a path: only members of unions have a tag.
	if ('type' in value && typeof value.type === 'string') return value.type
	return container === 'tools' && depth === 2 ? 'custom' : undefined
}
