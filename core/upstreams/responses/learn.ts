import type { LearnedFact } from '../../config/learned-facts.ts'
import type { Lesson, OutgoingRequest, UpstreamFailure } from '../contract.ts'
import { type Complaint, refusesStream } from '../shared/complaint.ts'
import { readRefusedMedia, readRefusedRole } from '../shared/complaint-content.ts'
import { readTokenLimit, readValues } from '../shared/complaint-limits.ts'
import { isRecord } from '../shared/failure.ts'
import { findField } from '../shared/json-path.ts'
import { asNumber, asText } from '../shared/json-values.ts'
import { type LearnRule, learnByRules, type SentJson } from '../shared/learn-rules.ts'
import { effortScale } from '../shared/reasoning-effort.ts'
import { isSchemaKeyword, usesKeyword } from '../shared/schema-edit.ts'
import { recordsOf } from '../shared/sent-body.ts'
import { strictTools } from './repair.ts'

/** Reads what a refusal of a Responses request teaches; the first rule that recognises it decides. */
export function learn(failure: UpstreamFailure, sent: OutgoingRequest): Lesson[] {
	return learnByRules(rules, failure, sent)
}

const rules: readonly LearnRule[] = [
	learnReasoning,
	learnTokenLimit,
	learnSummary,
	learnEffort,
	learnRole,
	learnMedia,
	learnSchema,
	learnStream,
	learnFields,
]

const lasting = (fact: LearnedFact): Lesson[] => [{ fact, lasting: true }]

const reasoningWords = new RegExp(
	[
		'encrypted.content.*(?:could not be (?:verified|decrypted)|not issued to this caller)',
		'invalid_encrypted_content',
		"'?reasoning'? was provided without its required following item",
		"without its required 'reasoning' item",
		'Duplicate item found with id rs_',
		"Item with id '?rs_\\w+'? not found",
		// Another service names its items otherwise: "Expected an ID that begins with 'rs'", or at more length.
		"Invalid 'input\\[\\d+\\]\\.id'",
		'Reasoning input items can only be provided to',
	].join('|'),
	'i',
)

/** What one organisation encrypted no other can read, and keys may belong to several: openai/codex#8128. */
function learnReasoning({ text }: Complaint, body: SentJson): Lesson[] {
	const has = recordsOf(body.input).some(({ type }) => type === 'reasoning')
	return has && reasoningWords.test(text) ? [{ fact: { kind: 'foreign-thinking' }, lasting: false }] : []
}

function learnTokenLimit({ text }: Complaint, body: SentJson): Lesson[] {
	const found = readTokenLimit(text, asNumber(body.max_output_tokens ?? 0))
	return found ? [{ fact: { kind: 'token-limit', limit: found.limit }, lasting: found.lasting }] : []
}

/** "Your organization must be verified to generate reasoning summaries." */
function learnSummary({ text }: Complaint, body: SentJson): Lesson[] {
	const path = findField(body, 'reasoning.summary')
	return path && /verified to (?:generate|use) reasoning summar/i.test(text)
		? lasting({ kind: 'no-field', path })
		: []
}

function learnEffort({ text }: Complaint, body: SentJson): Lesson[] {
	const effort = isRecord(body.reasoning) ? body.reasoning.effort : undefined
	if (effort === undefined || !/reasoning[_ .]?effort|is not supported with the/i.test(text)) return []
	const values = readValues(text).filter(value => effortScale.some(known => known === value))
	// A list with the value in it is no refusal of the value.
	if (values.length === 0 || values.includes(asText(effort))) return []
	return lasting({ kind: 'efforts', values })
}

function learnRole({ text }: Complaint, body: SentJson): Lesson[] {
	const items = recordsOf(body.input)
	const role = (['developer', 'system'] as const).find(
		one => items.some(item => item.role === one) && readRefusedRole(text, one),
	)
	return role ? lasting({ kind: 'no-role', role }) : []
}

function learnMedia({ text }: Complaint, body: SentJson): Lesson[] {
	const parts = recordsOf(body.input).flatMap(item => [...recordsOf(item.content), ...recordsOf(item.output)])
	const types = parts.map(part => part.type)
	const sent = { image: types.includes('input_image'), document: types.includes('input_file') }
	const media = readRefusedMedia(text, sent)
	return media ? lasting({ kind: 'no-media', media }) : []
}

const rootKeywords = ['oneOf', 'anyOf', 'allOf', 'enum', 'not']

function learnSchema(complaint: Complaint, body: SentJson): Lesson[] {
	const { text, fields } = complaint
	if (/response_format|text\.format/.test(text) && /schema/i.test(text)) {
		const path = findField(body, 'text.format.strict')
		const isStrict = recordsOf([body.text]).some(({ format }) => isRecord(format) && format.strict === true)
		// The schema broke a rule of strict mode; another one may keep them.
		return path && isStrict ? [{ fact: { kind: 'no-field', path }, lasting: false }] : []
	}
	if (/schema for function/i.test(text) && !/top level/i.test(text)) {
		const strict = recordsOf(body.tools).filter(tool => tool.strict === true)
		// Here too another schema may keep the rules.
		const isNamed = strict.some(tool => text.includes(`'${asText(tool.name)}'`))
		if (isNamed) return [{ fact: { kind: 'no-field', path: strictTools }, lasting: false }]
	}
	const schemas = recordsOf(body.tools).flatMap(tool => (isRecord(tool.parameters) ? [tool.parameters] : []))
	if (!/schema|function|tools|parameters/i.test(text)) return []
	if (/top level/i.test(text)) {
		const used = rootKeywords.filter(keyword => schemas.some(schema => Object.hasOwn(schema, keyword)))
		return used.flatMap(keyword => lasting({ kind: 'no-keyword', keyword, root: true }))
	}
	const last = fields.map(field => field.slice(field.lastIndexOf('.') + 1))
	const used = [...new Set(last)].filter(
		keyword => isSchemaKeyword(keyword) && schemas.some(schema => usesKeyword(schema, keyword)),
	)
	return used.flatMap(keyword => lasting({ kind: 'no-keyword', keyword, root: false }))
}

function learnStream(complaint: Complaint, body: SentJson): Lesson[] {
	return body.stream === true && refusesStream(complaint) ? lasting({ kind: 'no-field', path: 'stream' }) : []
}

/** What can be left out with a note. Everything else is the request itself. */
const droppable = new Set([
	'include',
	'max_output_tokens',
	'max_tool_calls',
	'parallel_tool_calls',
	'prompt_cache_key',
	'reasoning',
	'reasoning.effort',
	'reasoning.summary',
	'store',
	'temperature',
	'text',
	'text.format',
	'text.format.strict',
	'tool_choice',
	'top_p',
	'input.*.phase',
	'tools.*.strict',
	'tools.*.filters',
	'tools.*.user_location',
])

function learnFields({ text, fields }: Complaint, body: SentJson): Lesson[] {
	// "Encrypted content is not supported with this model." names no field.
	const named = /encrypted content is not supported/i.test(text) ? [...fields, 'include'] : fields
	const found = named.flatMap(field => findField(body, field) ?? [])
	return [...new Set(found)]
		.filter(path => droppable.has(path))
		.flatMap(path => lasting({ kind: 'no-field', path }))
}
