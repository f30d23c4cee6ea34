import { hidden } from '../../../../core/config/redact.ts'
import {
	keySecretSchema,
	type UpstreamConfig,
	upstreamInputSchema,
	upstreamPatchSchema,
} from '../../../../core/config/upstream.ts'
import type { FieldProblem } from '../api/api-error.ts'
import type { Messages } from '../i18n/messages/en/index.ts'
import { type Draft, findChanges, toConfig } from './draft.ts'

type Words = Messages['upstreams']['problems']

/** Field of the form -> what is wrong: `name`, `rules.3`, `headers.5`, `keys`. */
export type Problems = Readonly<Record<string, string>>

export const formTabs = ['basic', 'keys', 'models', 'advanced'] as const
export type FormTab = (typeof formTabs)[number]

const basicFields = ['name', 'type', 'baseUrl', 'website', 'description', 'enabled']

/** The tab on which a field is. */
export function tabOf(path: string): FormTab {
	const [field = ''] = path.split('.')
	if (basicFields.includes(field)) return 'basic'
	if (field === 'keys') return 'keys'
	return field === 'rules' ? 'models' : 'advanced'
}

interface CheckOptions {
	words: Words
	/** As stored; undefined for a new one. */
	stored: UpstreamConfig | undefined
	/** Names of the other upstreams. */
	names: readonly string[]
	keys: readonly string[]
}

/** Checks a draft by the schema that the API goes by. */
export function checkDraft(draft: Draft, { words, stored, names, keys }: CheckOptions): Problems {
	const config = toConfig(draft)
	const given = stored ? findChanges(stored, config) : config
	const shown = withoutHidden(given)
	const schema = stored ? upstreamPatchSchema : upstreamInputSchema
	const result = schema.safeParse(shown)
	const found = (result.error?.issues ?? []).map(({ path, message }) => ({ path: path.join('.'), message }))
	return {
		...nameProblems(found, draft, words),
		...findRowProblems(draft, words),
		...findHiddenProblems(given, words),
		...(names.some(name => name.toLowerCase() === config.name.toLowerCase()) && { name: words.taken }),
		...(keys.some(key => !keySecretSchema.safeParse(key).success) && { keys: words.key }),
	}
}

/** Problems as schema and API tell them, by the fields of the form and in its language. */
export function nameProblems(found: readonly FieldProblem[], draft: Draft, words: Words): Problems {
	// The first of a field says what matters.
	return Object.fromEntries(
		found.toReversed().map(({ path, message }) => [toFormPath(path, draft), describeProblem(message, words)]),
	)
}

const sentences: readonly [RegExp, keyof Words][] = [
	[/http:\/\/ or https:\/\//, 'url'],
	[/type the part shown|must hold what is shown/, 'hiddenUrl'],
	[/no header of this name/, 'hiddenHeader'],
	[/control characters/, 'control'],
	[/looks like a key/, 'looksLikeKey'],
	[/must not be empty|too small: expected string/i, 'empty'],
	[/too big: expected string/i, 'tooLong'],
	[/too big/i, 'tooLarge'],
	[/expected (?:number|int)|NaN/i, 'number'],
	[/name of a header must be/, 'headerName'],
	[/set by the proxy itself/, 'headerOwn'],
	[/header is there twice/, 'headerTwice'],
	[/value of a header must be/, 'headerValue'],
	[/one word of printable ASCII/, 'key'],
	[/upstream type|must be one of/i, 'type'],
]

/** A problem that the dictionary does not know is told as it is: in English, but told. */
export function describeProblem(message: string, words: Words): string {
	const found = sentences.find(([pattern]) => pattern.test(message))
	return found ? words[found[1]] : message
}

function toFormPath(path: string, draft: Draft): string {
	const [field = '', ...rest] = path.split('.')
	const name = rest.join('.')
	if (field === 'modelMap') {
		const row = draft.rules.find(({ from }) => from.trim() === name)
		return row ? `rules.${row.id}` : 'rules'
	}
	if (field === 'extraHeaders') {
		const row = draft.headers.find(header => header.name.trim() === name)
		return row ? `headers.${row.id}` : 'headers'
	}
	return field
}

/** What a record cannot say: rows that are half filled, or there twice. */
function findRowProblems(draft: Draft, words: Words): Problems {
	const problems: Record<string, string> = {}
	const seen = new Set<string>()
	for (const { id, from, to } of draft.rules) {
		const left = from.trim().toLowerCase()
		const isEmpty = left === '' && to.trim() === ''
		if (!isEmpty && (left === '' || to.trim() === '')) problems[`rules.${id}`] = words.empty
		else if (!isEmpty && seen.has(left)) problems[`rules.${id}`] = words.ruleTwice
		seen.add(left)
	}
	const names = new Set<string>()
	for (const { id, name, value } of draft.headers) {
		const lower = name.trim().toLowerCase()
		if (lower === '' && value !== '') problems[`headers.${id}`] = words.headerName
		else if (lower !== '' && names.has(lower)) problems[`headers.${id}`] = words.headerTwice
		names.add(lower)
	}
	return problems
}

const urlFields = ['baseUrl', 'website', 'proxyUrl'] as const

/** A URL with something hidden in it can only be kept as it is. */
function findHiddenProblems(given: Partial<UpstreamConfig>, words: Words): Problems {
	const fields = urlFields.filter(field => given[field]?.includes(hidden))
	return Object.fromEntries(fields.map(field => [field, words.hiddenUrl]))
}

/** Hidden values are checked where they are stored. */
function withoutHidden(given: Partial<UpstreamConfig>): Partial<UpstreamConfig> {
	const shown = { ...given }
	for (const field of urlFields) if (shown[field]?.includes(hidden)) delete shown[field]
	if (shown.extraHeaders) {
		const headers = Object.entries(shown.extraHeaders)
		shown.extraHeaders = Object.fromEntries(
			headers.map(([name, value]) => [name, value === hidden ? 'stored' : value]),
		)
	}
	return shown
}
