import type { UpstreamFailure } from '../contract.ts'
import { isRecord, parseJson } from './failure.ts'

/** What a refusal says, wherever its dialect keeps it. */
export interface Complaint {
	/** All its sentences. */
	text: string
	/** Paths of the fields that it calls unknown or unsupported, as `messages.1.reasoning_content`; may be wrong. */
	fields: string[]
}

/** Longest text that is looked at: Gemini names every schema node that it dislikes. */
const maxText = 20_000

/** Members that quote the request. */
const quoting = new Set(['input', 'ctx', 'url', 'request_id'])

/** Reads an error of any dialect: nested JSON (also JSON in strings), FastAPI's lists, plain sentences. */
export function readComplaint(failure: UpstreamFailure): Complaint {
	const texts = new Set([failure.message])
	const fields = new Set<string>()
	collect(failure.json, { texts, fields }, 0)
	const text = [...texts].join('\n').slice(0, maxText)
	for (const field of namedFields(text)) fields.add(field)
	return { text, fields: [...fields] }
}

/** Some of OpenAI's models stream for verified organisations only, others never. The options of a stream are no stream. */
export function refusesStream({ text, fields }: Complaint): boolean {
	return fields.includes('stream') && !/stream[ _]options/i.test(text)
}

function collect(value: unknown, found: { texts: Set<string>; fields: Set<string> }, depth: number): void {
	if (depth > 8 || found.texts.size > 100) return
	if (typeof value === 'string') {
		const inner = /^\s*[[{]/.test(value) ? parseJson(value) : undefined
		if (inner !== undefined) return collect(inner, found, depth + 1)
		if (value !== '') found.texts.add(value)
	} else if (Array.isArray(value)) {
		for (const item of value) collect(item, found, depth + 1)
	} else if (isRecord(value)) {
		for (const field of structuredFields(value)) found.fields.add(field)
		for (const [name, item] of Object.entries(value)) {
			if (!quoting.has(name)) collect(item, found, depth + 1)
		}
	}
}

/** FastAPI's `{type: 'extra_forbidden', loc: ['body', 'x']}` and OpenAI's `{code: 'unknown_parameter', param: 'x'}`. */
function structuredFields({ type, loc, code, param }: Record<string, unknown>): string[] {
	if (type === 'extra_forbidden' && Array.isArray(loc)) return [normalizePath(loc.join('.'))]
	const unknown =
		code === 'unknown_parameter' || code === 'unsupported_parameter' || code === 'unsupported_value'
	return unknown && typeof param === 'string' ? [normalizePath(param)] : []
}

const name = String.raw`[\w$][\w.$[\]-]{0,150}`
const quote = String.raw`['"\x60]`

/**
 * How vendors say that a field is not for them. Each captures the field; whether the request has it is checked by the
 * caller, so these may be generous. The messages are quoted in complaint.test.ts with their sources.
 */
const fieldPatterns: readonly RegExp[] = [
	new RegExp(
		String.raw`(?:unsupported|unknown|unrecognized|unexpected|invalid|extra|additional)\s+(?:request\s+|body\s+|input\s+|keyword\s+)?(?:parameter|argument|field|property|propertie|key|input|option)s?(?:\s+(?:supplied|provided|passed))?\s*:?\s*(?:parameter\s+)?[[(]?${quote}*(${name})`,
		'gi',
	),
	new RegExp(
		String.raw`(${name})${quote}?\s+(?:parameter\s+|option\s+)?(?:is|are)\s+(?:currently\s+)?(?:not\s+(?:yet\s+)?(?:supported|permitted|allowed|enabled|available|recognized|a\s+valid)|unsupported|unknown|deprecated|unrecognized|unavailable)`,
		'gi',
	),
	new RegExp(String.raw`${quote}(${name})${quote}\s+does\s+not\s+support`, 'gi'),
	new RegExp(
		String.raw`(?:does\s+not|doesn't|do\s+not|don't)\s+support\s+(?:the\s+|this\s+)?(?:(?:parameter|argument|field|option)s?\s*:?\s*)?${quote}?(${name})`,
		'gi',
	),
	new RegExp(String.raw`(${name})\s*(?::|\n)\s*Extra inputs are not permitted`, 'g'),
	new RegExp(String.raw`argument not supported[^:\n]*:\s*(${name})`, 'gi'),
	new RegExp(String.raw`Additional properties are not allowed \('(${name})'`, 'g'),
	new RegExp(`(${name}) type is unavailable`, 'g'),
	new RegExp(`Extra inputs are not permitted, field: ${quote}(${name})`, 'g'),
	new RegExp(String.raw`invalid (${name}): only [\d.]+ is allowed`, 'gi'),
	new RegExp(String.raw`(${name})${quote}? (?:${quote}\w+${quote} )?is incompatible with`, 'gi'),
	new RegExp(`(${name})${quote}? parameter does not support`, 'gi'),
	// A limit on the answer is another matter.
	new RegExp(
		`parameter ${quote}(?!max_)(${name})${quote} specified in the request (?:is|are) not valid`,
		'gi',
	),
	new RegExp(`${quote}(${name})${quote} : one of the following must be satisfied`, 'g'),
]

function namedFields(text: string): string[] {
	const found = fieldPatterns.flatMap(pattern => [...text.matchAll(pattern)].map(match => match[1] as string))
	// Gemini and its relays: the name and where it stands.
	for (const [, last, at = ''] of text.matchAll(
		/Unknown name "([^"]+)"(?: at '([^']*)')?: Cannot find field/g,
	)) {
		found.push(at === '' ? (last as string) : `${at}.${last}`)
	}
	// Bedrock: a JSON pointer and the key.
	for (const [, at = '', last] of text.matchAll(/#\/?([\w/]*): extraneous key \[([\w.-]+)\]/g)) {
		found.push([...at.split('/'), last].filter(step => step !== '').join('.'))
	}
	// pydantic's list as Python prints it, which vLLM passes on.
	for (const [, steps = ''] of text.matchAll(/'extra_forbidden', 'loc': [([]([^)\]]*)[)\]]/g)) {
		found.push(steps.replace(/['"\s]/g, '').replaceAll(',', '.'))
	}
	return found.map(normalizePath).filter(path => path !== '')
}

/** `body.messages[1].x.` -> `messages.1.x` */
function normalizePath(path: string): string {
	return path
		.replace(/\[(\d+|\*)\]/g, '.$1')
		.replace(/[[\]]/g, '')
		.replace(/^(?:\$|body|request)\./, '')
		.replace(/^\.+|[.-]+$/g, '')
}
