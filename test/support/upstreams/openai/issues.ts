import type { z } from 'zod'
import type { Refusal } from '../vendor.ts'
import { isMissing, kindOf, valueAt } from '../zod-branches.ts'
import { refuse } from './errors.ts'

type Issue = z.core.$ZodIssue

/** The refusal that OpenAI would send for the first thing that is wrong. */
export function refusalOf(issues: readonly Issue[], body: unknown): Refusal {
	const issue = issues.find(one => one.code === 'unrecognized_keys' && one.path.length === 0) ?? issues[0]!
	const path = formatPath(issue.path)
	if (issue.code === 'unrecognized_keys') return refuseUnknown(path, issue.keys[0]!)
	if (isMissing(body, issue.path)) {
		return refuse(`Missing required parameter: '${path}'.`, path, 'missing_required_parameter')
	}
	return refuseValue(issue, path, valueAt(body, issue.path))
}

function refuseUnknown(path: string, key: string): Refusal {
	if (path === '') return refuse(`Unrecognized request argument supplied: ${key}`)
	const full = `${path}.${key}`
	return refuse(`Unknown parameter: '${full}'.`, full, 'unknown_parameter')
}

function refuseValue(issue: Issue, path: string, value: unknown): Refusal {
	switch (issue.code) {
		case 'invalid_type':
			return refuseType(path, article(issue.expected), value)
		case 'custom': {
			const expected = issue.params?.wrongKind
			return refuseType(path, typeof expected === 'string' ? expected : 'another value', value)
		}
		case 'invalid_value':
			return refuseChoice(path, value, issue.values.map(String))
		case 'invalid_union':
			return refuseDiscriminator(issue, path, value)
		case 'too_big':
			return refuseSize(path, value, Number(issue.maximum), 'above')
		case 'too_small':
			return refuseSize(path, value, Number(issue.minimum), 'below')
		case 'invalid_format': {
			const pattern = String(issue.pattern).replace(/^\/|\/$/g, '')
			const message = `Invalid '${path}': string does not match pattern. Expected a string that matches the pattern '${pattern}'.`
			return refuse(message, path, 'invalid_value')
		}
		default:
			return refuse(`Invalid value for '${path}'.`, path, 'invalid_value')
	}
}

function refuseType(path: string, expected: string, value: unknown): Refusal {
	const message = `Invalid type for '${path}': expected ${expected}, but got ${describe(value)} instead.`
	return refuse(message, path, 'invalid_type')
}

function refuseChoice(path: string, value: unknown, choices: readonly string[]): Refusal {
	const quoted = choices.map(choice => `'${choice}'`)
	const last = quoted.length > 1 ? `${quoted.slice(0, -1).join(', ')}, and ${quoted.at(-1)}` : quoted[0]
	if (typeof value !== 'string') return refuseType(path, `one of ${quoted.join(', ')}`, value)
	const verb = choices.length > 1 ? 'Supported values are' : 'Value must be'
	return refuse(`Invalid value: '${value}'. ${verb}: ${last}.`, path, 'invalid_value')
}

/** A `role` or `type` that no branch has: zod names the discriminator but not its values. */
function refuseDiscriminator(
	issue: Issue & { code: 'invalid_union' },
	path: string,
	value: unknown,
): Refusal {
	const options = 'options' in issue && Array.isArray(issue.options) ? issue.options.map(String) : []
	return options.length > 0
		? refuseChoice(path, value, options)
		: refuse(`Invalid value: '${String(value)}'.`, path, 'invalid_value')
}

function refuseSize(path: string, value: unknown, limit: number, side: 'above' | 'below'): Refusal {
	const bound = side === 'above' ? 'maximum' : 'minimum'
	const short = side === 'above' ? 'max' : 'min'
	if (typeof value === 'number') {
		const kind = /temperature|top_p|penalty|logit_bias/.test(path) ? 'decimal' : 'integer'
		const sign = side === 'above' ? '<=' : '>='
		const message = `Invalid '${path}': ${kind} ${side} ${bound} value. Expected a value ${sign} ${limit}, but got ${value} instead.`
		return refuse(message, path, `${kind}_${side}_${short}_value`)
	}
	const [kind, count] = Array.isArray(value) ? ['array', value.length] : ['string', String(value).length]
	if (count === 0) {
		const message = `Invalid '${path}': empty ${kind}. Expected ${article(kind)} with minimum length 1, but got an empty ${kind} instead.`
		return refuse(message, path, `empty_${kind}`)
	}
	const problem = side === 'above' ? 'too long' : 'too short'
	const message = `Invalid '${path}': ${kind} ${problem}. Expected ${article(kind)} with ${bound} length ${limit}, but got ${article(kind)} with length ${count} instead.`
	return refuse(message, path, `${kind}_${side}_${short}_length`)
}

function formatPath(path: readonly PropertyKey[]): string {
	return path.reduce<string>(
		(text, step) =>
			typeof step === 'number' ? `${text}[${step}]` : `${text}${text ? '.' : ''}${String(step)}`,
		'',
	)
}

function article(kind: string): string {
	if (kind === 'int') return 'an integer'
	if (kind === 'number') return 'a decimal'
	if (kind === 'record') return 'an object'
	return `${/^[aeio]/.test(kind) ? 'an' : 'a'} ${kind}`
}

function describe(value: unknown): string {
	const kind = kindOf(value)
	if (kind === 'null' || kind === 'undefined') return 'null'
	if (kind === 'number') return Number.isInteger(value) ? 'an integer' : 'a decimal'
	return article(kind)
}
