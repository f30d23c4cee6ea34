import type { LearnedFact } from '../../config/learned-facts.ts'
import type { Lesson, OutgoingRequest, UpstreamFailure } from '../contract.ts'
import { type Complaint, refusesStream } from '../shared/complaint.ts'
import { readRefusedMedia, readRefusedRole, wantsReasoning } from '../shared/complaint-content.ts'
import { readTokenLimit, readValues } from '../shared/complaint-limits.ts'
import { isRecord } from '../shared/failure.ts'
import { findField, toSnakeCase } from '../shared/json-path.ts'
import { asNumber, asText } from '../shared/json-values.ts'
import { type LearnRule, learnByRules, type SentJson } from '../shared/learn-rules.ts'
import { effortScale } from '../shared/reasoning-effort.ts'
import { isSchemaKeyword, usesKeyword } from '../shared/schema-edit.ts'
import { recordsOf } from '../shared/sent-body.ts'
import { mistralCallId } from './repair.ts'

/** Reads what a refusal of a Chat Completions request teaches; the first rule that recognises it decides. */
export function learn(failure: UpstreamFailure, sent: OutgoingRequest): Lesson[] {
	return learnByRules(rules, failure, sent)
}

const rules: readonly LearnRule[] = [
	learnTokenField,
	learnTokenLimit,
	learnReasoningContent,
	learnThoughtSignatures,
	learnEffort,
	learnRole,
	learnOrder,
	learnCallIds,
	learnMedia,
	learnStrict,
	learnSchema,
	learnStream,
	learnExclusions,
	learnFields,
	guessWhenVague,
]

const lasting = (fact: LearnedFact): Lesson[] => [{ fact, lasting: true }]

function learnTokenField({ fields }: Complaint, body: SentJson): Lesson[] {
	if (fields.includes('max_completion_tokens') && 'max_completion_tokens' in body)
		return lasting({ kind: 'token-field', field: 'max_tokens' })
	if (fields.includes('max_tokens') && 'max_tokens' in body)
		return lasting({ kind: 'token-field', field: 'max_completion_tokens' })
	return []
}

function learnTokenLimit({ text }: Complaint, body: SentJson): Lesson[] {
	const found = readTokenLimit(text, asNumber(body.max_completion_tokens ?? body.max_tokens ?? 0))
	return found ? [{ fact: { kind: 'token-limit', limit: found.limit }, lasting: found.lasting }] : []
}

function learnReasoningContent({ text, fields }: Complaint, body: SentJson): Lesson[] {
	const answers = recordsOf(body.messages).filter(message => message.role === 'assistant')
	const has = answers.some(message => 'reasoning_content' in message)
	if (has && fields.some(field => /(?:^|\.)reasoning_content$/.test(field)))
		return lasting({ kind: 'reasoning-content', wanted: false })
	const lacks = answers.some(message => !('reasoning_content' in message))
	return lacks && wantsReasoning(text) ? lasting({ kind: 'reasoning-content', wanted: true }) : []
}

/** Gemini: missing in calls of another model, or made by one. */
function learnThoughtSignatures({ text }: Complaint, body: SentJson): Lesson[] {
	if (!/thought[_ ]?signature/i.test(text)) return []
	const calls = recordsOf(body.messages).map(message => recordsOf(message.tool_calls))
	const lacks = calls.some(([first]) => first && !('extra_content' in first))
	if (/missing/i.test(text)) return lacks ? lasting({ kind: 'call-signatures' }) : []
	const signed = [...calls.flat(), ...recordsOf(body.messages)]
	const has = signed.some(one => 'extra_content' in one || 'reasoning_details' in one)
	return has ? [{ fact: { kind: 'foreign-thinking' }, lasting: false }] : []
}

const effortWords = /reasoning[_ .]?effort|level .\w+. not supported/i

function learnEffort({ text }: Complaint, body: SentJson): Lesson[] {
	if (/tools? with reasoning_effort are not supported/i.test(text) && Array.isArray(body.tools))
		return lasting({ kind: 'no-effort-with-tools', off: /reasoning_effort to .none/i.test(text) })
	if (body.reasoning_effort === undefined || !effortWords.test(text)) return []
	const values = readValues(text).filter(
		value => value === 'default' || effortScale.some(effort => effort === value),
	)
	// A list with the value in it is no refusal of the value.
	if (values.length === 0 || values.includes(asText(body.reasoning_effort))) return []
	return lasting({ kind: 'efforts', values })
}

function learnRole({ text }: Complaint, body: SentJson): Lesson[] {
	const messages = recordsOf(body.messages)
	const role = (['developer', 'system'] as const).find(
		one => messages.some(message => message.role === one) && readRefusedRole(text, one),
	)
	return role ? lasting({ kind: 'no-role', role }) : []
}

const orderWords =
	/unexpected role .?user.? after role|(?:roles must|should) alternate|expected last role user|last message must have role .?user/i

/** Mistral, and chat templates that local servers fill in. */
function learnOrder({ text }: Complaint, body: SentJson): Lesson[] {
	if (!orderWords.test(text)) return []
	const roles = recordsOf(body.messages).map(({ role }) => role)
	const isTwice = roles.some((role, at) => role === 'user' && /^(?:user|tool)$/.test(asText(roles[at - 1])))
	const isOff = isTwice || roles.at(-1) === 'assistant'
	return isOff ? lasting({ kind: 'role-order' }) : []
}

/** "Tool call id was toolu_1 but must be a-z, A-Z, 0-9, with a length of 9.": Mistral, of calls that are not its own. */
function learnCallIds({ text }: Complaint, body: SentJson): Lesson[] {
	if (!/tool call id was .{0,100} must be a-z, A-Z, 0-9, with a length of 9/i.test(text)) return []
	const calls = recordsOf(body.messages).flatMap(message => recordsOf(message.tool_calls))
	const isForeign = calls.some(({ id }) => !mistralCallId.test(asText(id)))
	return isForeign ? [{ fact: { kind: 'foreign-tool-ids' }, lasting: false }] : []
}

function learnMedia({ text }: Complaint, body: SentJson): Lesson[] {
	const types = recordsOf(body.messages).flatMap(message => recordsOf(message.content).map(part => part.type))
	const sent = { image: types.includes('image_url'), document: types.includes('file') }
	const media = readRefusedMedia(text, sent)
	return media ? lasting({ kind: 'no-media', media }) : []
}

const strictToolPath = 'tools.*.function.strict'
const rootRule = /top level/i

/** A server that knows no strict tools, or a schema that breaks a rule for them which we do not know. */
function learnStrict({ text, fields }: Complaint, body: SentJson): Lesson[] {
	const functions = recordsOf(body.tools).map(tool => tool.function)
	const strict = recordsOf(functions).filter(one => one.strict === true)
	if (strict.length === 0) return []
	const fact: LearnedFact = { kind: 'no-field', path: strictToolPath }
	if (fields.some(field => field === 'strict' || findField(body, field) === strictToolPath))
		return lasting(fact)
	const isRefused = /schema for function/i.test(text) && !rootRule.test(text)
	// Another schema may keep the rules.
	return isRefused && strict.some(one => text.includes(`'${asText(one.name)}'`))
		? [{ fact, lasting: false }]
		: []
}

function learnSchema(complaint: Complaint, body: SentJson): Lesson[] {
	const schemas = recordsOf(body.tools).flatMap(tool =>
		isRecord(tool.function) && isRecord(tool.function.parameters) ? [tool.function.parameters] : [],
	)
	if (
		/response_format/.test(complaint.text) &&
		/schema/i.test(complaint.text) &&
		findField(body, strictPath)
	) {
		// The schema broke a rule of strict mode; another one may keep them.
		return [{ fact: { kind: 'no-field', path: strictPath }, lasting: false }]
	}
	if (!/schema|function|tools|parameters/i.test(complaint.text)) return []
	if (rootRule.test(complaint.text)) {
		const used = rootKeywords.filter(keyword => schemas.some(schema => Object.hasOwn(schema, keyword)))
		return used.flatMap(keyword => lasting({ kind: 'no-keyword', keyword, root: true }))
	}
	const named = namedKeywords(complaint)
	const used = named.filter(keyword => schemas.some(schema => usesKeyword(schema, keyword)))
	return used.flatMap(keyword => lasting({ kind: 'no-keyword', keyword, root: false }))
}

const strictPath = 'response_format.json_schema.strict'
const rootKeywords = ['oneOf', 'anyOf', 'allOf', 'enum', 'not']

/** `tools.0.function.parameters.properties.a.minItems`, `'minItems' is not permitted`, `keyword "format"`, Cerebras' list. */
function namedKeywords({ text, fields }: Complaint): string[] {
	const last = fields.map(field => field.slice(field.lastIndexOf('.') + 1))
	const quoted = [...text.matchAll(/keywords?:? ['"`]?(\$?\w+)/gi)].map(match => match[1] as string)
	const listed = /schema fields: [[{]([^\]}\n]*)/i.exec(text)?.[1]?.match(/\$?\w+/g) ?? []
	return [...new Set([...last, ...quoted, ...listed])].filter(isSchemaKeyword)
}

function learnStream(complaint: Complaint, body: SentJson): Lesson[] {
	return body.stream === true && refusesStream(complaint) ? lasting({ kind: 'no-field', path: 'stream' }) : []
}

/** What can be left out with a note. Everything else is the request itself. */
const droppable = new Set([
	'stream_options',
	'stream_options.include_usage',
	'parallel_tool_calls',
	'reasoning_effort',
	'temperature',
	'top_p',
	'stop',
	'prompt_cache_key',
	'tool_choice',
	'response_format',
	strictPath,
])

/** What cannot stand beside something else of the request: true of this request, not of the model. */
function learnExclusions({ text }: Complaint, body: SentJson): Lesson[] {
	const drop = (path: string): Lesson[] =>
		path in body ? [{ fact: { kind: 'no-field', path }, lasting: false }] : []
	if (/temperature.{0,8}and.{0,4}top_p.{0,20}cannot both/i.test(text)) return drop('top_p')
	if (/temperature.{0,3} may only be set to 1/i.test(text)) return drop('temperature')
	return /json[ _](?:mode|schema).{0,40}cannot be combined with/i.test(text) ? drop('response_format') : []
}

/** Groq names the value or writes the name in two words. */
const responseFormat = /^(?:json_schema|json_object|response)$/

function learnFields({ fields }: Complaint, body: SentJson): Lesson[] {
	const named = fields.map(field => (responseFormat.test(field) ? 'response_format' : field))
	const found = named.flatMap(field => findField(body, toSnakeCase(field)) ?? [])
	const paths = new Set(found.map(path => (path.startsWith('stream_options') ? 'stream_options' : path)))
	return [...paths]
		.filter(path => droppable.has(path))
		.map(path => ({ fact: { kind: 'no-field', path }, lasting: true }))
}

/** Old servers answer no more than `Bad Request`: then the one field that is not needed is tried without. */
function guessWhenVague({ text }: Complaint, body: SentJson): Lesson[] {
	const vague = /^(?:bad request|invalid request|unprocessable entity|the upstream answered 4\d\d)\.?$/i
	if (!text.split('\n').every(line => vague.test(line.trim())) || !('stream_options' in body)) return []
	return lasting({ kind: 'no-field', path: 'stream_options' })
}
