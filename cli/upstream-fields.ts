import { refuseHeader } from '../core/config/header-rules.ts'
import {
	authStyles,
	type UpstreamConfig,
	type UpstreamInput,
	upstreamPatchSchema,
} from '../core/config/upstream.ts'
import { findAdapter, upstreamTypes } from '../core/upstreams/registry.ts'
import { describeIssue } from './describe-issue.ts'
import type { OptionSpec, Options } from './parse-options.ts'
import { usageError } from './refuse.ts'

type Maps = { modelMap: Record<string, string>; extraHeaders: Record<string, string> }
type Patch = Partial<UpstreamInput>

/** How one field of an upstream is written on the command line. */
interface FieldOption extends OptionSpec {
	name: string
	/** Values given -> the field; `before` is what the upstream has now. */
	read(values: readonly string[], before: Maps): unknown
}

const last = (values: readonly string[]) => values.at(-1) ?? ''

/** One option per field: a field that the schema gains is an error here until it can be set. */
const fieldOptions: Record<keyof UpstreamConfig, FieldOption> = {
	name: { name: 'name', value: 'name', description: 'another name', read: last },
	type: {
		name: 'type',
		value: 'type',
		description: upstreamTypes.join(', '),
		read: values => readType(last(values)),
	},
	baseUrl: { name: 'url', value: 'url', description: 'base URL', read: last },
	description: { name: 'description', value: 'text', description: 'for people', read: last },
	website: { name: 'website', value: 'url', description: 'where keys are made, bills are paid', read: last },
	insecureSkipVerify: {
		...{ name: 'insecureSkipVerify', value: 'true|false', description: 'accept any TLS certificate' },
		read: values => readFlag('insecureSkipVerify', last(values)),
	},
	modelMap: {
		...{ name: 'model-map', value: 'from=to', repeatable: true },
		description: "client's model (name, glob, opus, sonnet, haiku) = upstream's; `from=` removes",
		read: (values, { modelMap }) => changePairs('model-map', modelMap, values),
	},
	extraHeaders: {
		...{ name: 'header', value: 'name=value', repeatable: true },
		description: 'header sent with each request; `name=` removes',
		read: (values, { extraHeaders }) => readHeaders(extraHeaders, values),
	},
	proxyUrl: {
		name: 'proxy',
		value: 'url',
		description: 'HTTP proxy on the way to this upstream',
		read: last,
	},
	authStyle: {
		...{ name: 'auth-style', value: authStyles.join('|'), description: 'header that carries the key' },
		read: values => last(values).toLowerCase(),
	},
	timeoutMs: {
		...{
			name: 'timeout',
			value: 'time',
			description: 'longest silence: 30s, 5m, 30000 (ms); 0 as REQUEST_TIMEOUT',
		},
		read: values => readDuration('timeout', last(values)),
	},
	maxConcurrent: {
		...{ name: 'max-concurrent', value: 'number', description: 'requests at once; 0 without limit' },
		read: values => readNumber('max-concurrent', last(values)),
	},
	keyConcurrent: {
		...{ name: 'key-concurrent', value: 'number', description: 'requests at once per key; 0 without limit' },
		read: values => readNumber('key-concurrent', last(values)),
	},
	firstContentMs: {
		...{ name: 'first-content', value: 'time', description: "longest wait for a stream's first content" },
		read: values => readDuration('first-content', last(values)),
	},
	enabled: {
		...{ name: 'enabled', value: 'true|false', description: 'false: answer no requests with it' },
		read: values => readFlag('enabled', last(values)),
	},
}

const fields = Object.entries(fieldOptions) as [keyof UpstreamConfig, FieldOption][]

/** The options for these fields, or for all. */
export function specifyFields(leftOut: readonly (keyof UpstreamConfig)[] = []): Record<string, OptionSpec> {
	const shown = fields.filter(([field]) => !leftOut.includes(field))
	return Object.fromEntries(
		shown.map(([, { name, value, repeatable, description }]) => [
			name,
			{ value, description, ...(repeatable ? { repeatable } : {}) } as OptionSpec,
		]),
	)
}

/** The fields that were given, checked. Maps are merged with those the upstream has. */
export function readFields(options: Options, before: Maps = { modelMap: {}, extraHeaders: {} }): Patch {
	const given = fields.filter(([, { name }]) => options.has(name))
	return checkFields(
		Object.fromEntries(given.map(([field, { name, read }]) => [field, read(options.list(name), before)])),
	)
}

/** Whether one of the merged maps is among the options: what they become depends on what is there. */
export function changesMaps(options: Options): boolean {
	return options.has('model-map') || options.has('header')
}

/** @throws CliError usage, naming the option; values are not repeated */
export function checkFields(patch: Record<string, unknown>): Patch {
	const result = upstreamPatchSchema.safeParse(patch)
	if (result.success) return patch as Patch
	const problems = result.error.issues.map(issue => {
		const field = issue.path[0] as keyof UpstreamConfig
		return `${fieldOptions[field]?.name ?? field}: ${describeIssue(issue)}`
	})
	throw usageError([...new Set(problems)].join('\n'))
}

/** @throws CliError usage, naming the types there are */
export function readType(text: string): string {
	const type = text.trim().toLowerCase()
	if (findAdapter(type) !== undefined) return type
	throw usageError('there is no such upstream type', `types: ${upstreamTypes.join(', ')}`)
}

function readFlag(name: string, text: string): boolean {
	const word = text.trim().toLowerCase()
	if (['true', '1', 'yes', 'on'].includes(word)) return true
	if (['false', '0', 'no', 'off'].includes(word)) return false
	throw usageError(`--${name} must be true or false`)
}

function readNumber(name: string, text: string): number {
	if (/^\d{1,9}$/.test(text.trim())) return Number(text)
	throw usageError(`--${name} must be a whole number`)
}

function readDuration(name: string, text: string): number {
	const [, digits, unit = 'ms'] = /^(\d{1,9})(ms|s|m)?$/.exec(text.trim().toLowerCase()) ?? []
	if (digits === undefined) throw usageError(`--${name} must be a time such as 30s, 5m or 30000 (ms)`)
	return Number(digits) * (unit === 'm' ? 60_000 : unit === 's' ? 1000 : 1)
}

function changePairs(option: string, before: Record<string, string>, values: readonly string[]) {
	const pairs = new Map(Object.entries(before))
	for (const text of values) {
		const at = text.indexOf('=')
		const from = text.slice(0, Math.max(0, at)).trim()
		const to = text.slice(at + 1).trim()
		if (from === '') throw usageError(`--${option} must look like ${fieldHint(option)}`)
		if (to === '') pairs.delete(from)
		else pairs.set(from, to)
	}
	return Object.fromEntries(pairs)
}

function readHeaders(before: Record<string, string>, values: readonly string[]) {
	const headers = changePairs('header', before, values.map(lowerName))
	for (const [name, value] of Object.entries(headers)) {
		const reason = refuseHeader(name, value)
		if (reason !== undefined) throw usageError(`--header: ${reason}`)
	}
	return headers
}

function lowerName(text: string): string {
	const at = text.indexOf('=')
	return at === -1 ? text : text.slice(0, at).toLowerCase() + text.slice(at)
}

function fieldHint(option: string): string {
	return option === 'header' ? 'name=value' : 'from=to'
}
