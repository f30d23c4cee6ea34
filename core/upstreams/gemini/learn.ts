import type { LearnedFact } from '../../config/learned-facts.ts'
import type { Lesson, OutgoingRequest, UpstreamFailure } from '../contract.ts'
import type { Complaint } from '../shared/complaint.ts'
import { readRefusedMedia } from '../shared/complaint-content.ts'
import { readTokenLimit } from '../shared/complaint-limits.ts'
import { isRecord } from '../shared/failure.ts'
import { findField } from '../shared/json-path.ts'
import { asNumber, asText } from '../shared/json-values.ts'
import { type LearnRule, learnByRules, type SentJson } from '../shared/learn-rules.ts'
import { isSchemaKeyword, usesKeyword } from '../shared/schema-edit.ts'
import { recordsOf } from '../shared/sent-body.ts'

/** Reads what a refusal of a generateContent request teaches; the first rule that recognises it decides. */
export function learn(failure: UpstreamFailure, sent: OutgoingRequest): Lesson[] {
	return learnByRules(rules, failure, sent)
}

const rules: readonly LearnRule[] = [
	learnTokenLimit,
	learnSignatures,
	learnThinking,
	learnSystem,
	learnMedia,
	learnSchema,
	learnFields,
]

const lasting = (fact: LearnedFact): Lesson[] => [{ fact, lasting: true }]
const config = (body: SentJson) => (isRecord(body.generationConfig) ? body.generationConfig : {})

function learnTokenLimit({ text }: Complaint, body: SentJson): Lesson[] {
	const found = readTokenLimit(text, asNumber(config(body).maxOutputTokens ?? 0))
	return found ? [{ fact: { kind: 'token-limit', limit: found.limit }, lasting: found.lasting }] : []
}

/** Traps A9: missing, or made by another key's project or by another model. */
function learnSignatures({ text }: Complaint, body: SentJson): Lesson[] {
	const parts = recordsOf(body.contents).flatMap(content => recordsOf(content.parts))
	if (!/thought_?\s?signature/i.test(text) || /Unknown name/.test(text)) return []
	const lacks = parts.some(part => 'functionCall' in part && !('thoughtSignature' in part))
	if (/missing/i.test(text) && lacks) return lasting({ kind: 'call-signatures' })
	const has = parts.some(part => 'thoughtSignature' in part)
	const refused = /invalid|not valid|corrupt|unable|mismatch|decod/i.test(text)
	return has && refused ? [{ fact: { kind: 'foreign-thinking' }, lasting: false }] : []
}

const thinkingPath = 'generationConfig.thinkingConfig'

function learnThinking({ text }: Complaint, body: SentJson): Lesson[] {
	const { thinkingConfig } = config(body)
	if (!isRecord(thinkingConfig) || !/thinking/i.test(text)) return []
	const range = /thinking budget -?\d+ is invalid\. Please choose a value between (-?\d+) and (\d+)/i.exec(
		text,
	)
	if (range) return lasting({ kind: 'budgets', min: Number(range[1]), max: Number(range[2]) })
	const drop = (name: string): Lesson[] => {
		const path = name === '' ? thinkingPath : `${thinkingPath}.${name}`
		return findField(body, path) ? lasting({ kind: 'no-field', path }) : []
	}
	if (/budget 0 is invalid/i.test(text) && thinkingConfig.thinkingBudget === 0) return drop('thinkingBudget')
	if (!/not (?:supported|enabled|available)|does not support|only set one|one of/i.test(text)) return []
	if (/thinking[ _]?level/i.test(text)) {
		const dropped = drop('thinkingLevel')
		if (dropped.length > 0) return dropped
	}
	return /thinking[ _]?budget/i.test(text) ? drop('thinkingBudget') : drop('')
}

/** Gemma: "Developer instruction is not enabled for models/gemma-3-27b-it". */
function learnSystem({ text }: Complaint, body: SentJson): Lesson[] {
	const refused = /(?:developer|system)[ _]instruction.{0,20}not (?:enabled|supported)/i.test(text)
	return refused && 'systemInstruction' in body ? lasting({ kind: 'no-role', role: 'system' }) : []
}

function learnMedia({ text }: Complaint, body: SentJson): Lesson[] {
	const parts = recordsOf(body.contents).flatMap(content => recordsOf(content.parts))
	const types = parts.flatMap(({ inlineData, fileData }) =>
		[inlineData, fileData].flatMap(data => (isRecord(data) ? asText(data.mimeType) : [])),
	)
	const image = types.some(type => type.startsWith('image/'))
	const media = readRefusedMedia(text, { image, document: types.some(type => !type.startsWith('image/')) })
	return media ? lasting({ kind: 'no-media', media }) : []
}

/** `tools.0.function_declarations.5.parameters.properties.8.value.const` */
function learnSchema({ fields }: Complaint, body: SentJson): Lesson[] {
	const schemas = recordsOf(body.tools).flatMap(tool =>
		recordsOf(tool.functionDeclarations).map(({ parameters }) => parameters),
	)
	const named = fields
		.filter(field => /parameters\b|_schema\b|Schema\b/.test(field))
		.map(field => field.slice(field.lastIndexOf('.') + 1))
	const used = [...new Set(named)].filter(
		keyword => isSchemaKeyword(keyword) && schemas.some(schema => usesKeyword(schema, keyword)),
	)
	return used.flatMap(keyword => lasting({ kind: 'no-keyword', keyword, root: false }))
}

/** What can be left out with a note. Everything else is the request itself. */
const droppable =
	/^generationConfig\.(?:thinkingConfig(?:\.\w+)?|temperature|topP|topK|stopSequences)$|^toolConfig(?:\.|$)|\.(?:functionCall|functionResponse)\.id$|\.thoughtSignature$/

function learnFields({ fields }: Complaint, body: SentJson): Lesson[] {
	const found = fields.flatMap(
		field => findField(body, field) ?? findField(body, `generationConfig.${field}`) ?? [],
	)
	return [...new Set(found)]
		.filter(path => droppable.test(path))
		.flatMap(path => lasting({ kind: 'no-field', path }))
}
