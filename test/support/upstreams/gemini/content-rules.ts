import { refuse, refuseProblems } from './errors.ts'
import type { GeminiContent, GeminiPart, GeminiRequest } from './types.ts'

/** Clients that have no signature may send this: https://ai.google.dev/gemini-api/docs/thought-signatures */
const SENTINELS = ['skip_thought_signature_validator', 'context_engineering_is_the_way_to_go']

const dataMembers = [
	'text',
	'inlineData',
	'fileData',
	'functionCall',
	'functionResponse',
	'executableCode',
	'codeExecutionResult',
	'toolCall',
	'toolResponse',
] as const

export interface SignatureRules {
	/** Models from Gemini 3 on want the signature of a function call back. */
	required: boolean
	/** Signatures that this server made. */
	minted: ReadonlySet<string>
}

export function checkContents(request: GeminiRequest, signatures: SignatureRules): void {
	const contents = request.contents ?? []
	const problems = findContentProblems(request)
	if (problems.length > 0) throw refuseProblems(problems)
	for (const content of contents) {
		if (content.role !== undefined && content.role !== 'user' && content.role !== 'model') {
			throw refuse('Please use a valid role: user, model.')
		}
	}
	checkTurns(contents)
	checkSignatures(contents, signatures)
}

function findContentProblems(request: GeminiRequest): string[] {
	const contents = request.contents ?? []
	const problems: string[] = []
	if (contents.length === 0) problems.push('GenerateContentRequest.contents: contents is not specified')
	for (const [index, content] of contents.entries()) {
		findPartProblems(content, `GenerateContentRequest.contents[${index}]`, problems)
	}
	if (request.systemInstruction) {
		findPartProblems(request.systemInstruction, 'GenerateContentRequest.system_instruction', problems)
		for (const [index, part] of (request.systemInstruction.parts ?? []).entries()) {
			if (part.text !== undefined) continue
			problems.push(`GenerateContentRequest.system_instruction.parts[${index}]: only text is supported`)
		}
	}
	return problems
}

function findPartProblems(content: GeminiContent, path: string, problems: string[]): void {
	const parts = content.parts ?? []
	if (parts.length === 0) problems.push(`${path}.parts: contents.parts must not be empty.`)
	for (const [index, part] of parts.entries()) {
		const here = `${path}.parts[${index}]`
		const set = dataMembers.filter(member => part[member] !== undefined)
		if (set.length === 0 && part.thoughtSignature === undefined) {
			problems.push(`${here}.data: required oneof field 'data' must have one initialized field`)
		}
		if (set.length > 1) problems.push(`${here}.data: oneof field 'data' is already set`)
		if (part.functionCall && !part.functionCall.name) {
			problems.push(`${here}.function_call.name: Name cannot be empty.`)
		}
		if (part.functionResponse && !part.functionResponse.name) {
			problems.push(`${here}.function_response.name: Name cannot be empty.`)
		}
		if (part.functionResponse && part.functionResponse.response === undefined) {
			problems.push(`${here}.function_response.response: required field is not set`)
		}
		if (part.inlineData) findBlobProblem(part.inlineData, `${here}.inline_data`, problems)
	}
}

function findBlobProblem(blob: { mimeType?: string; data?: string }, path: string, problems: string[]): void {
	if (!blob.mimeType) problems.push(`${path}.mime_type: mimeType must be specified`)
	else if (
		!/^(image|audio|video|text)\/[-+.\w]+$|^application\/(pdf|json|x-javascript)$/.test(blob.mimeType)
	) {
		throw refuse(`Unsupported MIME type: ${blob.mimeType}`)
	}
	if (!blob.data) problems.push(`${path}.data: required field is not set`)
}

function isMember(part: GeminiPart, member: 'functionCall' | 'functionResponse'): boolean {
	return part[member] !== undefined
}

/** https://ai.google.dev/gemini-api/docs/function-calling: calls and responses come in pairs of turns, all at once. */
function checkTurns(contents: readonly GeminiContent[]): void {
	for (const [index, content] of contents.entries()) {
		const parts = content.parts ?? []
		const calls = parts.filter(part => isMember(part, 'functionCall'))
		const responses = parts.filter(part => isMember(part, 'functionResponse'))
		const before = contents[index - 1]
		if (calls.length > 0) {
			if (content.role !== 'model')
				throw refuse('Please ensure that function call turns have the role model.')
			if (!before || before.role === 'model') {
				throw refuse(
					'Please ensure that function call turn comes immediately after a user turn or after a function response turn.',
				)
			}
			const after = contents[index + 1]
			const answered = (after?.parts ?? []).filter(part => isMember(part, 'functionResponse'))
			if (after && answered.length !== calls.length) {
				throw refuse(
					'Please ensure that the number of function response parts is equal to the number of function call parts of the function call turn.',
				)
			}
			if (after) checkOrder(calls, answered)
		}
		if (responses.length > 0) {
			const called = (before?.parts ?? []).some(part => isMember(part, 'functionCall'))
			if (!called || content.role === 'model') {
				throw refuse(
					'Please ensure that function response turn comes immediately after a function call turn.',
				)
			}
		}
	}
}

/** Responses that name their call by id may come in any order; those by name alone follow the calls. */
function checkOrder(calls: readonly GeminiPart[], responses: readonly GeminiPart[]): void {
	for (const [index, part] of responses.entries()) {
		const { id, name } = part.functionResponse ?? {}
		const call = calls[index]?.functionCall
		const sameId = id === undefined || call?.id === undefined || call.id === id
		if (call?.name !== name || !sameId) {
			throw refuse(
				`Please ensure that function response parts match the function call parts of the function call turn: expected \`${call?.name}\` at position ${index}, got \`${name}\`.`,
			)
		}
	}
}

function checkSignatures(contents: readonly GeminiContent[], { required, minted }: SignatureRules): void {
	for (const [index, content] of contents.entries()) {
		const parts = content.parts ?? []
		for (const part of parts) {
			const signature = part.thoughtSignature
			if (signature !== undefined && !minted.has(signature) && !SENTINELS.includes(signature)) {
				throw refuse('Corrupted thought signature.')
			}
		}
		// Of parallel calls only the first carries a signature.
		const first = parts.find(part => isMember(part, 'functionCall'))
		if (required && first && first.thoughtSignature === undefined) {
			throw refuse(
				`Function call is missing a thought_signature in functionCall parts. This is required for tools to work correctly, and missing thought_signature may lead to degraded model performance. Additional data, function call \`default_api:${first.functionCall?.name}\` , position ${index + 1}. Please refer to https://ai.google.dev/gemini-api/docs/thought-signatures for more details.`,
			)
		}
	}
}
