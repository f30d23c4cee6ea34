import { describe, expect, test } from 'vitest'
import type { ConvertOptions } from '../../../test/support/conversion.ts'
import { ask, convert, expectAccepted } from '../../../test/support/responses-conversion.ts'
import { Refusal } from '../../../test/support/upstreams/vendor.ts'
import type { LearnedFact } from '../../config/learned-facts.ts'
import type { Lesson } from '../contract.ts'
import { responses } from './index.ts'
import { writeReasoningSignature } from './reasoning-signature.ts'

const messages = ask('hi')
const openAi = 'https://api.openai.com/v1'
const tool = (schema: object) => ({ tools: [{ name: 'f', input_schema: schema }] })
const strictSchema = {
	type: 'object',
	properties: { a: { enum: ['x'] } },
	required: ['a'],
	additionalProperties: false,
}
const strictTool = { tools: [{ name: 'f', strict: true, input_schema: strictSchema }] }
const png = { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'aWltYWdl' } }
const pdf = { type: 'document', source: { type: 'base64', media_type: 'application/pdf', data: 'cGRm' } }
const thought = (encrypted: string) => ({
	type: 'thinking',
	thinking: 'hm',
	signature: writeReasoningSignature({ id: 'rs_1', encrypted_content: encrypted }),
})
const history = (encrypted: string) => [
	...messages,
	{ role: 'assistant', content: [thought(encrypted), { type: 'text', text: 'yes' }] },
	{ role: 'user', content: 'on' },
]

/** What a refusal of this request teaches. */
function learnFrom(message: string, request: object, options: ConvertOptions = {}, more: object = {}) {
	const { outgoing } = convert({ messages, ...request }, options)
	const body = JSON.stringify({ error: { message, type: 'invalid_request_error', param: null, ...more } })
	return responses.learn?.(responses.readFailure({ status: 400, headers: {}, body }), outgoing)
}

const noField = (path: string): LearnedFact => ({ kind: 'no-field', path })
const reasoning = { thinking: { type: 'adaptive' }, output_config: { effort: 'high' } }

describe('what a refusal teaches', () => {
	const gpt = { model: 'gpt-5.4', baseUrl: openAi }
	test.each<[string, object, ConvertOptions, LearnedFact, boolean]>([
		[
			"Unsupported value: 'stream' does not support true with this model. Only the default (false) value is supported.",
			{},
			{ ...gpt, stream: true },
			noField('stream'),
			true,
		],
		[
			'The encrypted content for item rs_1 could not be verified.',
			{ messages: history('other') },
			gpt,
			{ kind: 'foreign-thinking' },
			false,
		],
		[
			'reasoning `encrypted_content` was not issued to this caller',
			{ messages: history('other') },
			gpt,
			{ kind: 'foreign-thinking' },
			false,
		],
		[
			"Invalid 'input[1].id': 'x1'. Expected an ID that begins with 'rs'.",
			{ messages: history('x') },
			gpt,
			{ kind: 'foreign-thinking' },
			false,
		],
		[
			"Invalid 'input[1].id': string too long. Expected a string with maximum length 64, but got a string with length 408 instead.",
			{ messages: history('x') },
			gpt,
			{ kind: 'foreign-thinking' },
			false,
		],
		[
			"Item 'rs_1' of type 'reasoning' was provided without its required following item.",
			{ messages: history('x') },
			gpt,
			{ kind: 'foreign-thinking' },
			false,
		],
		[
			'Your organization must be verified to generate reasoning summaries. Please go to the settings.',
			reasoning,
			gpt,
			noField('reasoning.summary'),
			true,
		],
		[
			"Unsupported value: 'high' is not supported with the 'x' model. Supported values are: 'low' and 'medium'.",
			reasoning,
			gpt,
			{ kind: 'efforts', values: ['low', 'medium'] },
			true,
		],
		[
			"Invalid 'max_output_tokens': integer above maximum value. Expected a value <= 500, but got 1000 instead.",
			{},
			{},
			{ kind: 'token-limit', limit: 500 },
			true,
		],
		['Encrypted content is not supported with this model.', {}, gpt, noField('include'), true],
		[
			"Unknown parameter: 'prompt_cache_key'.",
			{ metadata: { user_id: 'u' } },
			{},
			noField('prompt_cache_key'),
			true,
		],
		[
			"Unsupported parameter: 'temperature' is not supported with this model.",
			{ temperature: 1 },
			{},
			noField('temperature'),
			true,
		],
		["Unknown parameter: 'input[2].phase'.", { messages: history('x') }, gpt, noField('input.*.phase'), true],
		[
			"Invalid schema for function 'f': schema must have type 'object' and not have 'oneOf'/'anyOf'/'allOf'/'enum'/'not' at the top level.",
			tool({ type: 'object', properties: {}, anyOf: [{ required: ['a'] }] }),
			{},
			{ kind: 'no-keyword', keyword: 'anyOf', root: true },
			true,
		],
		[
			"Invalid schema for function 'f': In context=('properties', 'a'), schema must have a 'type' key.",
			strictTool,
			{},
			noField('tools.*.strict.true'),
			false,
		],
		[
			'The system role is not supported',
			{ messages: [...messages, { role: 'system', content: 'env' }] },
			{},
			{ kind: 'no-role', role: 'system' },
			true,
		],
		[
			'This model does not support image inputs',
			{ messages: ask([png]) },
			{},
			{ kind: 'no-media', media: 'image' },
			true,
		],
		[
			'This model does not support PDF files',
			{ messages: ask([pdf]) },
			{},
			{ kind: 'no-media', media: 'document' },
			true,
		],
	])('%s', (message, request, options, fact, lasting) => {
		expect(learnFrom(message, request, options)).toContainEqual({ fact, lasting } satisfies Lesson)
	})

	test.each([
		['The encrypted content for item rs_1 could not be verified.', {}],
		["Unknown parameter: 'temperature'.", {}],
		["Unknown parameter: 'input[0].content'.", {}],
		['This model does not support image inputs', {}],
		["Supported values are: 'low', 'medium', and 'high'.", reasoning],
		['Your input exceeds the context window of this model.', { messages: history('x') }],
	])('nothing of what the request does not have, or cannot do without: %s', (message, request) => {
		expect(learnFrom(message, request, gpt)).toEqual([])
	})
})

describe('a request that respects what was learned', () => {
	const bodyWith = (fact: LearnedFact, request: object, options: ConvertOptions = {}) =>
		convert({ messages, ...request }, { ...options, facts: [fact] })

	test('leaves out the field, and asks for structured output in words', () => {
		const format = { type: 'json_schema', schema: { type: 'object' } }
		const request = { system: 'Be brief.', output_config: { format } }
		const { body, notes } = bodyWith(noField('text.format'), request)
		expect(body).not.toHaveProperty('text')
		expect(body.instructions).toMatch(/^Be brief\.\n\nAnswer with JSON only.*\{"type":"object"\}$/s)
		expect(notes).toMatchObject([{ field: 'text.format', action: 'replaced' }])
	})

	test('says of tools that they are not strict: without a word they would be', () => {
		const { body, notes } = bodyWith(noField('tools.*.strict.true'), strictTool)
		expect(body.tools).toMatchObject([{ name: 'f', strict: false }])
		expect(notes).toMatchObject([{ field: 'tools.*.strict.true', action: 'replaced' }])
		const plain = bodyWith(noField('tools.*.strict.true'), tool({ type: 'object', properties: {} }))
		expect(plain.notes).toEqual([])
	})

	test('sends no empty reasoning, no tools that must not be called', () => {
		const summaryOnly = bodyWith(
			noField('reasoning.summary'),
			{ thinking: { type: 'adaptive' } },
			{ model: 'gpt-5.2' },
		)
		expect(summaryOnly.body).not.toHaveProperty('reasoning')
		const none = { ...tool({ type: 'object', properties: {} }), tool_choice: { type: 'none' } }
		expect(bodyWith(noField('tool_choice'), none).body).not.toHaveProperty('tools')
	})

	test('shows no images or files, in results neither', () => {
		const content = [png, pdf, { type: 'text', text: 'x' }]
		const turn = [
			...ask(content),
			{ role: 'assistant', content: [{ type: 'tool_use', id: 'a', name: 'f', input: {} }] },
			{ role: 'user', content: [{ type: 'tool_result', tool_use_id: 'a', content }] },
		]
		const { body, notes } = bodyWith({ kind: 'no-media', media: 'image' }, { messages: turn })
		expect(JSON.stringify(body)).not.toContain('input_image')
		expect(JSON.stringify(body).match(/input_file/g)).toHaveLength(2)
		expect(notes).toMatchObject([{ field: 'messages', action: 'replaced' }])
	})

	test('says reminders as the user', () => {
		const conversation = { messages: [...messages, { role: 'system', content: 'env' }] }
		expect(bodyWith({ kind: 'no-role', role: 'system' }, conversation).body.input[1]).toEqual({
			type: 'message',
			role: 'user',
			content: [{ type: 'input_text', text: '<system-reminder>\nenv\n</system-reminder>' }],
		})
	})

	test('is not changed by what it does not have', () => {
		const facts: LearnedFact[] = [
			{ kind: 'foreign-thinking' },
			{ kind: 'token-limit', limit: 5000 },
			{ kind: 'efforts', values: ['low'] },
			{ kind: 'no-role', role: 'developer' },
			{ kind: 'no-media', media: 'image' },
			{ kind: 'no-keyword', keyword: 'pattern', root: false },
			noField('temperature'),
		]
		const { outgoing, notes } = convert({ messages }, { facts })
		expect(outgoing.body).toBe(convert({ messages }).outgoing.body)
		expect(notes).toEqual([])
	})
})

/** Sends, is refused by the strict upstream, learns, sends again. */
test.each<[string, object, ConvertOptions]>([
	['reasoning of another organisation', { messages: history('EqQB') }, { model: 'gpt-5.4', baseUrl: openAi }],
	['a union at the root of a schema', tool({ anyOf: [{ type: 'object', properties: { a: {} } }] }), {}],
	[
		'every keyword that the root must not have',
		tool({ type: 'object', oneOf: [{}], not: {}, enum: [{}] }),
		{},
	],
])('self-healing: %s', (_case, request, options) => {
	const facts: LearnedFact[] = []
	const attempt = () => {
		const converted = convert({ messages, ...request }, { ...options, facts })
		try {
			expectAccepted(converted.body)
			return true
		} catch (error) {
			if (!(error instanceof Refusal)) throw error
			const { status, body } = error.answer
			const failure = responses.readFailure({ status, headers: {}, body: JSON.stringify(body) })
			facts.push(...(responses.learn?.(failure, converted.outgoing) ?? []).map(lesson => lesson.fact))
			return false
		}
	}
	expect(attempt()).toBe(false)
	expect(attempt()).toBe(true)
})
