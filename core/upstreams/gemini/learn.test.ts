import { describe, expect, test } from 'vitest'
import type { LearnedFact } from '../../config/learned-facts.ts'
import type { Note } from '../../messages/notes.ts'
import { readFailure } from './failure.ts'
import { learn } from './learn.ts'
import { respectFacts } from './repair.ts'
import type { GenerateContentRequest } from './wire.ts'

const schema = {
	type: 'OBJECT',
	properties: { title: { type: 'STRING', title: 'x', minLength: '1' } },
} as const
const body = (): GenerateContentRequest => ({
	systemInstruction: { parts: [{ text: 'Be brief.' }] },
	contents: [
		{ role: 'user', parts: [{ inlineData: { mimeType: 'image/png', data: 'AAAA' } }] },
		{ role: 'model', parts: [{ functionCall: { id: 'a', name: 'f', args: {} } }] },
		{ role: 'model', parts: [{ functionCall: { name: 'f', args: {} }, thoughtSignature: 'AAAA' }] },
		{ role: 'user', parts: [{ inlineData: { mimeType: 'application/pdf', data: 'AAAA' } }] },
	],
	tools: [{ functionDeclarations: [{ name: 'f', parameters: structuredClone(schema) as never }] }],
	generationConfig: {
		maxOutputTokens: 65_536,
		topK: 3,
		thinkingConfig: { includeThoughts: true, thinkingBudget: 50_000 },
	},
})

function learnFrom(message: string, sent: object = body()) {
	const response = JSON.stringify({ error: { code: 400, message, status: 'INVALID_ARGUMENT' } })
	const outgoing = { method: 'POST' as const, url: 'http://x', headers: {}, body: JSON.stringify(sent) }
	return learn(readFailure({ status: 400, headers: {}, body: response }), outgoing)
}

/** What the request is after it was repaired by a fact. */
function repair(fact: LearnedFact) {
	const notes: Note[] = []
	const repaired = respectFacts(body(), [fact], notes)
	return { repaired, actions: notes.map(({ action }) => action) }
}

describe('what Gemini refuses, and the request after it', () => {
	const cases: [string, LearnedFact, (request: GenerateContentRequest) => unknown, unknown][] = [
		[
			'Unable to submit request because it has a maxOutputTokens value of 65536 but the supported range is from 1 (inclusive) to 8193 (exclusive). Update the value and try again.',
			{ kind: 'token-limit', limit: 8192 },
			request => request.generationConfig?.maxOutputTokens,
			8192,
		],
		[
			'The thinking budget 50000 is invalid. Please choose a value between 128 and 32768.',
			{ kind: 'budgets', min: 128, max: 32_768 },
			request => request.generationConfig?.thinkingConfig?.thinkingBudget,
			32_768,
		],
		[
			'Thinking budget is not supported for this model. Please use thinking level instead.',
			{ kind: 'no-field', path: 'generationConfig.thinkingConfig.thinkingBudget' },
			request => request.generationConfig?.thinkingConfig,
			{ includeThoughts: true },
		],
		[
			'Unable to submit request because thinking is not supported by this model.',
			{ kind: 'no-field', path: 'generationConfig.thinkingConfig' },
			request => request.generationConfig,
			{ maxOutputTokens: 65_536, topK: 3 },
		],
		[
			`Invalid JSON payload received. Unknown name "thinkingConfig" at 'generation_config': Cannot find field.`,
			{ kind: 'no-field', path: 'generationConfig.thinkingConfig' },
			request => 'thinkingConfig' in (request.generationConfig ?? {}),
			false,
		],
		[
			`Invalid JSON payload received. Unknown name "id" at 'contents[1].parts[0].function_call': Cannot find field.`,
			{ kind: 'no-field', path: 'contents.*.parts.*.functionCall.id' },
			request => request.contents[1]?.parts[0]?.functionCall,
			{ name: 'f', args: {} },
		],
		[
			`Invalid JSON payload received. Unknown name "title" at 'tools[0].function_declarations[0].parameters.properties[0].value': Cannot find field.`,
			{ kind: 'no-keyword', keyword: 'title', root: false },
			request => request.tools?.[0]?.functionDeclarations?.[0]?.parameters,
			{ type: 'OBJECT', properties: { title: { type: 'STRING', minLength: '1' } } },
		],
		[
			'Developer instruction is not enabled for models/gemma-3-27b-it',
			{ kind: 'no-role', role: 'system' },
			request => [request.systemInstruction, request.contents[0]?.parts[0]],
			[undefined, { text: 'Be brief.' }],
		],
		[
			'Image input modality is not enabled for models/gemma-3-1b-it',
			{ kind: 'no-media', media: 'image' },
			request => request.contents[0]?.parts[0]?.text,
			expect.stringContaining('The image that belongs here'),
		],
		[
			'Unsupported MIME type: application/pdf',
			{ kind: 'no-media', media: 'document' },
			request => request.contents[3]?.parts[0]?.text,
			expect.stringContaining('The document that belongs here'),
		],
		[
			'Function call is missing a thought_signature in functionCall parts. This is required for tools to work correctly. Additional data, function call `default_api:f`, position 2.',
			{ kind: 'call-signatures' },
			request => request.contents.map(content => content.parts[0]?.thoughtSignature),
			[undefined, 'skip_thought_signature_validator', 'AAAA', undefined],
		],
	]
	test.each(cases)('%s', (message, fact, look, expected) => {
		expect(learnFrom(message)).toEqual([{ fact, lasting: true }])
		const { repaired, actions } = repair(fact)
		expect(look(repaired)).toEqual(expected)
		expect(actions).toHaveLength(1)
	})

	test('where the field itself is unknown, signatures are left out', () => {
		const message =
			'Invalid JSON payload received. Unknown name "thoughtSignature" at \'contents[2].parts[0]\': Cannot find field.'
		const path = 'contents.*.parts.*.thoughtSignature'
		expect(learnFrom(message)).toEqual([{ fact: { kind: 'no-field', path }, lasting: true }])
		expect(JSON.stringify(repair({ kind: 'no-field', path }).repaired)).not.toContain('thoughtSignature')
	})

	test('a signature of another project is replaced in this request only (trap 9)', () => {
		expect(learnFrom('Corrupted thought signature.')).toEqual([
			{ fact: { kind: 'foreign-thinking' }, lasting: false },
		])
		const { repaired } = repair({ kind: 'foreign-thinking' })
		expect(repaired.contents[2]?.parts[0]?.thoughtSignature).toBe('skip_thought_signature_validator')
	})

	test('a budget of nothing where the model always thinks', () => {
		const sent = { contents: [], generationConfig: { thinkingConfig: { thinkingBudget: 0 } } }
		expect(learnFrom('Budget 0 is invalid. This model only works in thinking mode.', sent)).toEqual([
			{ fact: { kind: 'no-field', path: 'generationConfig.thinkingConfig.thinkingBudget' }, lasting: true },
		])
	})

	test('facts about what the request does not have change nothing', () => {
		const notes: Note[] = []
		const plain: GenerateContentRequest = { contents: [{ role: 'user', parts: [{ text: 'Hi' }] }] }
		const facts = cases.map(([, fact]) => fact)
		expect(respectFacts(structuredClone(plain), facts, notes)).toEqual(plain)
		expect(notes).toEqual([])
	})
})

test.each([
	`Invalid JSON payload received. Unknown name "contents": Cannot find field.`,
	`Invalid JSON payload received. Unknown name "tools": Cannot find field.`,
	'Please ensure that the number of function response parts is equal to the number of function call parts of the function call turn.',
	'Function calling is not enabled for models/gemma-3-27b-it',
	'Unable to process input image. Please retry or report in https://developers.generativeai.google/guide/troubleshooting',
	'Request contains an invalid argument.',
])('%s teaches nothing', message => {
	expect(learnFrom(message)).toEqual([])
})
