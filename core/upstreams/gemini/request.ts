import type { Note } from '../../messages/notes.ts'
import type { CountTokensRequest } from '../../messages/request.ts'
import type { ConvertedRequest, ConvertInput, UpstreamTarget } from '../contract.ts'
import { noteDroppedFields } from '../shared/dropped-fields.ts'
import { ownTools, writeBody } from '../shared/kept-tools.ts'
import { refuseThread } from '../shared/refusals.ts'
import { toContents } from './contents.ts'
import { toGenerationConfig } from './generation-config.ts'
import { type GeminiModel, isThirdGeneration, readModelName } from './model.ts'
import { respectFacts } from './repair.ts'
import { toSystemInstruction } from './system.ts'
import { type ConvertedTools, toTools } from './tools.ts'
import { methodUrl } from './url.ts'
import type { Content, GenerateContentRequest } from './wire.ts'

/** An Anthropic request as generateContent or streamGenerateContent. */
export function buildRequest({ request, model, target, stream, facts }: ConvertInput): ConvertedRequest {
	refuseThread(request)
	const notes: Note[] = []
	noteDroppedFields(request, notes)
	if (request.tools?.some(tool => tool.strict === true)) {
		notes.push({
			field: 'tools',
			action: 'dropped',
			detail: 'Gemini has no strict tools: arguments may stray from the schema',
		})
	}
	const { body, tools, known } = toPrompt(request, model, notes)
	const { config, instruction } = toGenerationConfig(request, known, tools.hasFunctions, notes)
	continuePrefill(body.contents, known, notes)
	if (instruction !== undefined) {
		body.systemInstruction = { parts: [...(body.systemInstruction?.parts ?? []), { text: instruction }] }
	}
	const complete = {
		...body,
		...(body.tools && { tools: ownTools(body.tools, facts) }),
		generationConfig: config,
	}
	const method = stream ? 'streamGenerateContent' : 'generateContent'
	return {
		outgoing: {
			method: 'POST',
			url: methodUrl(target.baseUrl, model, method),
			headers: jsonHeaders(target),
			body: writeBody(respectFacts(complete, facts ?? [], notes)),
		},
		notes,
		toolNames: tools.names.renamed,
	}
}

/** What is the same for an answer and for counting: system, contents, tools. */
export function toPrompt(
	request: CountTokensRequest,
	model: string,
	notes: Note[],
): { body: GenerateContentRequest; tools: ConvertedTools; known: GeminiModel } {
	const known = readModelName(model)
	const tools = toTools(request, notes)
	const contents = toContents(request.messages, {
		names: tools.names,
		strict: isThirdGeneration(known),
		notes,
	})
	const systemInstruction = toSystemInstruction(request.system)
	const body: GenerateContentRequest = {
		...(systemInstruction && { systemInstruction }),
		contents,
		...(tools.tools && { tools: tools.tools }),
		...(tools.toolConfig && { toolConfig: tools.toolConfig }),
	}
	return { body, tools, known }
}

export function jsonHeaders(target: UpstreamTarget): Record<string, string> {
	return { 'content-type': 'application/json', ...target.extraHeaders }
}

/** Newer models refuse a request that ends with the model's own words: https://ai.google.dev/gemini-api/docs/latest-model */
function continuePrefill(contents: Content[], known: GeminiModel, notes: Note[]): void {
	if (contents.at(-1)?.role !== 'model' || !isThirdGeneration(known)) return
	contents.push({ role: 'user', parts: [{ text: 'Continue exactly where your last message ends.' }] })
	const detail = 'this model does not go on from a last assistant message by itself; it was asked to'
	notes.push({ field: 'messages', action: 'repaired', detail })
}
