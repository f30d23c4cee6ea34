import { describeFact, type LearnedFact } from '../../config/learned-facts.ts'
import type { Note } from '../../messages/notes.ts'
import { mediaPlaceholder } from '../shared/complaint-content.ts'
import { removeField } from '../shared/json-path.ts'
import { withoutKeyword } from '../shared/schema-edit.ts'
import { skipValidation } from './thought-signature.ts'
import type { GenerateContentRequest, Part, Schema } from './wire.ts'

/** The request as the upstream's refusals taught; each fact that changes it is noted. Changes the body given. */
export function respectFacts(
	body: GenerateContentRequest,
	facts: readonly LearnedFact[],
	notes: Note[],
): GenerateContentRequest {
	for (const fact of facts) {
		const action = respect(body, fact)
		if (action) notes.push({ ...describeFact(fact), action })
	}
	return body
}

/** Undefined when the request has nothing of the kind. */
function respect(body: GenerateContentRequest, fact: LearnedFact): Note['action'] | undefined {
	switch (fact.kind) {
		case 'token-limit':
			return limitTokens(body, fact.limit)
		case 'budgets':
			return limitBudget(body, fact)
		case 'no-field':
			return removeField(body, fact.path) ? 'dropped' : undefined
		case 'no-keyword':
			return reduceSchemas(body, fact.keyword)
		case 'no-media':
			return replaceMedia(body, fact.media)
		case 'no-role':
			return moveInstruction(body)
		case 'call-signatures':
			return signCalls(body)
		case 'foreign-thinking':
			return mapParts(body, part =>
				part.thoughtSignature ? { ...part, thoughtSignature: skipValidation } : part,
			)
		default:
			return undefined
	}
}

function limitTokens({ generationConfig: config }: GenerateContentRequest, limit: number) {
	if (!config?.maxOutputTokens || config.maxOutputTokens <= limit) return undefined
	config.maxOutputTokens = limit
	return 'clamped'
}

function limitBudget(
	{ generationConfig: config }: GenerateContentRequest,
	range: { min: number; max: number },
) {
	const budget = config?.thinkingConfig?.thinkingBudget
	if (budget === undefined || budget === -1 || !config?.thinkingConfig) return undefined
	const within = Math.min(Math.max(budget, range.min), range.max)
	if (within === budget) return undefined
	config.thinkingConfig.thinkingBudget = within
	return 'clamped'
}

function reduceSchemas(body: GenerateContentRequest, keyword: string) {
	let changed = false
	for (const tool of body.tools ?? []) {
		tool.functionDeclarations = tool.functionDeclarations?.map(declaration => {
			if (!declaration.parameters) return declaration
			const reduced = withoutKeyword({ ...declaration.parameters }, keyword) as Schema
			if (JSON.stringify(reduced) === JSON.stringify(declaration.parameters)) return declaration
			changed = true
			return { ...declaration, parameters: reduced }
		})
		if (!tool.functionDeclarations) delete tool.functionDeclarations
	}
	return changed ? 'dropped' : undefined
}

function replaceMedia(body: GenerateContentRequest, media: 'image' | 'document') {
	return mapParts(body, part => {
		const mimeType = part.inlineData?.mimeType ?? part.fileData?.mimeType
		const isMedia = mimeType !== undefined && mimeType.startsWith('image/') === (media === 'image')
		return isMedia ? { text: mediaPlaceholder(media) } : part
	})
}

/** Models without a system instruction read it at the beginning of the user's first turn. */
function moveInstruction(body: GenerateContentRequest) {
	if (!body.systemInstruction) return undefined
	const { parts } = body.systemInstruction
	delete body.systemInstruction
	const first = body.contents[0]
	if (first?.role === 'user') first.parts.unshift(...parts)
	else body.contents.unshift({ role: 'user', parts })
	return 'replaced'
}

/** Only the first of parallel calls has a signature: https://ai.google.dev/gemini-api/docs/thought-signatures */
function signCalls(body: GenerateContentRequest) {
	let changed = false
	for (const content of body.contents) {
		const call = content.parts.find(part => part.functionCall)
		if (!call || call.thoughtSignature) continue
		call.thoughtSignature = skipValidation
		changed = true
	}
	return changed ? 'repaired' : undefined
}

function mapParts(body: GenerateContentRequest, map: (part: Part) => Part): Note['action'] | undefined {
	let changed = false
	for (const content of body.contents) {
		content.parts = content.parts.map(part => {
			const mapped = map(part)
			if (mapped !== part) changed = true
			return mapped
		})
	}
	return changed ? 'replaced' : undefined
}
