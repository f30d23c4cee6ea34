import { describe, expect, test } from 'vitest'
import * as fc from '../../../test/support/fast-check.ts'
import { answer, findIllegalEvent, readJson, readStream } from './testing.ts'

const call = (name: string, args?: unknown, more: object = {}) => ({
	functionCall: { name, ...(args !== undefined && { args }) },
	...more,
})

describe('an answer', () => {
	test('text in pieces becomes one text block, with the usage of the last chunk', () => {
		const { message, events } = readStream([
			{ ...answer([{ text: 'Hel' }]), usageMetadata: { promptTokenCount: 12 } },
			{ ...answer([{ text: 'lo' }]), usageMetadata: { promptTokenCount: 12, candidatesTokenCount: 1 } },
			{ ...answer([{ text: '' }], 'STOP'), usageMetadata: { promptTokenCount: 12, candidatesTokenCount: 2 } },
		])
		expect(message?.content).toEqual([{ type: 'text', text: 'Hello' }])
		expect(message?.stop_reason).toBe('end_turn')
		expect(message?.usage).toEqual({ input_tokens: 12, output_tokens: 2 })
		expect(findIllegalEvent(events)).toBeUndefined()
		expect(events[0]).toMatchObject({ type: 'message_start', message: { usage: { input_tokens: 12 } } })
	})

	test('an answer of nothing but blanks is none, and worth another try', () => {
		const { blocks } = readStream([answer([{ text: '\n' }]), answer([{ text: ' ' }], 'STOP')])
		expect(blocks.hasContent).toBe(false)
		expect(blocks.failure?.type).toBe('api_error')
	})

	test('trap A2: STOP after a function call means tool_use', () => {
		const { message } = readStream([answer([call('Bash', { command: 'ls' })], 'STOP')])
		expect(message?.stop_reason).toBe('tool_use')
		expect(message?.content).toEqual([
			{ type: 'tool_use', id: 'toolu_1', name: 'Bash', input: { command: 'ls' } },
		])
	})

	test('trap A1: parallel calls are blocks of their own, with the ids that Gemini gave', () => {
		const { events, message } = readStream([
			answer([
				{ text: 'Both.' },
				{ functionCall: { id: 'a1', name: 'Read', args: { path: 'x' } } },
				{ functionCall: { id: 'a/2', name: 'Read', args: { path: 'y' } } },
			]),
			answer([], 'STOP'),
		])
		expect(findIllegalEvent(events)).toBeUndefined()
		expect(message?.content.map(block => [block.type, 'id' in block ? block.id : ''])).toEqual([
			['text', ''],
			['tool_use', 'a1'],
			['tool_use', 'toolu_1'],
		])
	})

	test('trap A15: a call without arguments has an empty object', () => {
		const { sse, message } = readStream([answer([call('CronList')], 'STOP')])
		expect(message?.content).toEqual([{ type: 'tool_use', id: 'toolu_1', name: 'CronList', input: {} }])
		expect(sse).toContain('"partial_json":"{}"')
	})

	test('trap A15: arguments that a relay sends as text are read as the JSON they are', () => {
		const input = { city: 'Oslo' }
		const { sse, message } = readStream([
			answer([call('a', JSON.stringify(input)), call('b', ''), call('c', null)], 'STOP'),
		])
		expect(message?.content).toMatchObject([{ input }, { input: {} }, { input: {} }])
		expect(sse).toContain(JSON.stringify({ type: 'input_json_delta', partial_json: JSON.stringify(input) }))
	})

	test('trap A16: a shortened name comes back as the client knows it', () => {
		const toolNames = new Map([['mcp__short_12345678', 'mcp__very_long']])
		const { message } = readJson(answer([call('mcp__short_12345678')], 'STOP'), { toolNames })
		expect(message?.content).toMatchObject([{ name: 'mcp__very_long' }])
	})

	test('trap A9: a call’s thought signature travels in a thinking block before the call', () => {
		const { message } = readStream([
			answer([{ text: 'I should look.', thought: true }]),
			answer([call('Bash', {}, { thoughtSignature: 'c2ln' }), call('Read', {})], 'STOP'),
		])
		expect(message?.content).toEqual([
			{ type: 'thinking', thinking: 'I should look.', signature: 'claude-proxy:gemini:c2ln' },
			{ type: 'tool_use', id: 'toolu_1', name: 'Bash', input: {} },
			{ type: 'tool_use', id: 'toolu_2', name: 'Read', input: {} },
		])
	})

	test('a call’s signature makes an empty thinking block when nothing was thought aloud', () => {
		const { message } = readJson(answer([call('Bash', {}, { thoughtSignature: 'c2ln' })], 'STOP'))
		expect(message?.content[0]).toEqual({
			type: 'thinking',
			thinking: '',
			signature: 'claude-proxy:gemini:c2ln',
		})
	})

	test('a text’s signature that comes last is left out, so that the text stays the last block', () => {
		const { message } = readStream([
			answer([{ text: 'Done' }]),
			answer([{ text: '', thoughtSignature: 'dGV4dA==' }], 'STOP'),
		])
		expect(message?.content).toEqual([{ type: 'text', text: 'Done' }])
	})

	test('a text’s signature goes before the text, or before the call that follows, marked as the text’s', () => {
		const before = readJson(answer([{ text: 'Hi', thoughtSignature: 'dA==' }], 'STOP'))
		expect(before.message?.content).toEqual([
			{ type: 'thinking', thinking: '', signature: 'claude-proxy:gemini:text:dA==' },
			{ type: 'text', text: 'Hi' },
		])
		const between = readStream([
			answer([{ text: 'Hi' }]),
			answer([{ text: '', thoughtSignature: 'dA==' }]),
			answer([call('Bash', {}, { thoughtSignature: 'Yw==' })], 'STOP'),
		])
		expect(between.message?.content).toEqual([
			{ type: 'text', text: 'Hi' },
			{ type: 'thinking', thinking: '', signature: 'claude-proxy:gemini:text:dA==' },
			{ type: 'thinking', thinking: '', signature: 'claude-proxy:gemini:Yw==' },
			{ type: 'tool_use', id: 'toolu_1', name: 'Bash', input: {} },
		])
	})

	test('code that Gemini ran is shown as text; a picture is told of', () => {
		const { message, blocks } = readJson(
			answer(
				[
					{ executableCode: { language: 'PYTHON', code: 'print(1)' } },
					{ codeExecutionResult: { outcome: 'OUTCOME_OK', output: '1\n' } },
					{ inlineData: { mimeType: 'image/png', data: 'AA==' } },
				],
				'STOP',
			),
		)
		const text = message?.content[0]?.type === 'text' ? message.content[0].text : ''
		expect(text).toContain('```python\nprint(1)\n```')
		expect(text).toContain('```\n1\n\n```')
		expect(text).toContain('which a message cannot carry')
		expect(blocks.notes).toMatchObject([{ field: 'inlineData', action: 'dropped' }])
	})
})

describe('how an answer ends', () => {
	test.each([
		['MAX_TOKENS', 'max_tokens'],
		['CONTINUATION', 'max_tokens'],
		['SAFETY', 'refusal'],
		['PROHIBITED_CONTENT', 'refusal'],
		['RECITATION', 'refusal'],
		['BLOCKLIST', 'refusal'],
		['SPII', 'refusal'],
		['IMAGE_SAFETY', 'refusal'],
		['LANGUAGE', 'refusal'],
	])('%s after text is %s', (finishReason, expected) => {
		const { message } = readStream([answer([{ text: 'Hi' }]), answer([], finishReason)])
		expect(message?.stop_reason).toBe(expected)
		expect(message?.content).toEqual([{ type: 'text', text: 'Hi' }])
	})

	test('trap A18: a refusal that says nothing gets a visible text', () => {
		const { message } = readStream([
			{ candidates: [{ finishReason: 'SAFETY', finishMessage: 'Not this.', index: 0 }] },
		])
		expect(message?.stop_reason).toBe('refusal')
		expect(message?.content).toEqual([
			{ type: 'text', text: 'Gemini blocked this answer (SAFETY). Not this.' },
		])
	})

	test('trap A18: a blocked prompt has no candidates, and is a refusal with a visible text', () => {
		const body = {
			promptFeedback: { blockReason: 'PROHIBITED_CONTENT' },
			usageMetadata: { promptTokenCount: 4 },
		}
		for (const { message } of [readStream([body]), readJson(body)]) {
			expect(message?.stop_reason).toBe('refusal')
			expect(message?.content).toEqual([
				{ type: 'text', text: 'Gemini blocked this prompt (PROHIBITED_CONTENT).' },
			])
			expect(message?.usage.input_tokens).toBe(4)
		}
	})

	test.each(['MALFORMED_FUNCTION_CALL', 'UNEXPECTED_TOOL_CALL', 'MALFORMED_RESPONSE', 'OTHER', 'NEW_REASON'])(
		'trap A18: %s before any content is a failure that another try may heal',
		finishReason => {
			const { error, message, blocks } = readStream([answer([], finishReason)])
			expect(error).toMatchObject({ type: 'api_error', message: expect.stringContaining(finishReason) })
			expect(message).toBeUndefined()
			expect(blocks.hasContent).toBe(false)
		},
	)

	test('a malformed call after a complete one lets the complete one run', () => {
		const { message, blocks } = readStream([
			answer([call('Bash', {})]),
			answer([], 'MALFORMED_FUNCTION_CALL'),
		])
		expect(message?.stop_reason).toBe('tool_use')
		expect(blocks.notes).toMatchObject([{ field: 'finishReason' }])
	})

	test('a malformed call after text closes the text and fails', () => {
		const { error, events } = readStream([
			answer([{ text: 'Let me' }]),
			answer([], 'MALFORMED_FUNCTION_CALL'),
		])
		expect(error?.type).toBe('api_error')
		expect(events.at(-2)).toEqual({ type: 'content_block_stop', index: 0 })
		expect(findIllegalEvent(events)).toBeUndefined()
	})

	test.each([
		['no parts', []],
		['an empty text', [{ text: '' }]],
		['only a signature', [{ text: '', thoughtSignature: 'c2ln' }]],
		['only a thought', [{ text: 'Hm.', thought: true }]],
	])('trap A18: STOP with %s is never an empty success', (_name, parts) => {
		const { error, events } = readStream([answer(parts, 'STOP')])
		expect(error).toMatchObject({ type: 'api_error' })
		expect(events.some(event => event.type === 'message_stop')).toBe(false)
	})

	test('trap A20: an empty answer is whole when the token limit or a stop sequence may have caused it', () => {
		expect(readStream([answer([], 'MAX_TOKENS')]).message?.stop_reason).toBe('max_tokens')
		expect(readStream([answer([], 'STOP')], { stopSequences: ['END'] }).message?.stop_reason).toBe('end_turn')
	})

	test('the unspecified reason says nothing: it neither ends an answer nor takes back how it ended', () => {
		const unspecified = 'FINISH_REASON_UNSPECIFIED'
		const chunks = [
			answer([{ text: 'a' }], unspecified),
			answer([{ text: 'b' }], 'STOP'),
			answer([], unspecified),
		]
		expect(readStream(chunks).message).toMatchObject({
			content: [{ type: 'text', text: 'ab' }],
			stop_reason: 'end_turn',
		})
		expect(readStream(chunks.slice(0, 1)).error).toMatchObject({
			message: expect.stringContaining('before it was complete'),
		})
	})

	test('trap A19: a stream without finishReason was cut off', () => {
		const { error, events } = readStream([answer([{ text: 'Hel' }])])
		expect(error?.type).toBe('api_error')
		expect(findIllegalEvent(events)).toBeUndefined()
	})

	test.each([
		[{ code: 503, message: 'overloaded', status: 'UNAVAILABLE' }, 'overloaded_error', 'overloaded'],
		[{ code: 500, message: 'oops', status: 'INTERNAL' }, 'api_error', 'oops'],
		[{ code: 429, message: 'slow', status: 'RESOURCE_EXHAUSTED' }, 'rate_limit_error', 'slow'],
		[
			{ code: 400, message: 'API key not valid.', details: [{ reason: 'API_KEY_INVALID' }] },
			'authentication_error',
			'API key not valid.',
		],
		[
			{ code: 429, message: 'used up', details: [{ violations: [{ quotaId: 'RequestsPerDay' }] }] },
			'billing_error',
			'used up',
		],
		['plain words', 'api_error', 'plain words'],
	])('trap A19: the error object %j in a stream fails the message as %s', (error, type, message) => {
		for (const body of [{ error }, [{ error }]]) {
			expect(readStream([body]).error).toEqual({ type, message })
			expect(readJson(body)).toMatchObject({ known: true, error: { type, message } })
		}
	})

	test('nothing is written after an error', () => {
		const { events } = readStream([
			{ error: { code: 500, message: 'x' } },
			answer([{ text: 'late' }], 'STOP'),
		])
		expect(events.map(event => event.type)).toEqual(['error'])
	})
})

describe('shapes', () => {
	test.each<[string, (chunk: object) => object]>([
		['an array', chunk => [chunk]],
		['a response wrapper', chunk => ({ response: chunk, traceId: 't' })],
		['an array of wrappers', chunk => [{ response: chunk }]],
	])('trap A29: chunks wrapped in %s are read', (_name, wrap) => {
		const chunks = [answer([{ text: 'a' }]), answer([{ text: 'b' }], 'STOP')]
		expect(readStream(chunks.map(wrap)).message?.content).toEqual([{ type: 'text', text: 'ab' }])
	})

	test('trap A29: a whole stream as one JSON array is read', () => {
		const { message } = readJson([answer([{ text: 'a' }]), answer([{ text: 'b' }], 'STOP')])
		expect(message?.content).toEqual([{ type: 'text', text: 'ab' }])
	})

	test('lines that are no JSON say nothing', () => {
		const { message } = readStream(['[DONE]', '', answer([{ text: 'a' }], 'STOP'), '[DONE]'])
		expect(message?.content).toEqual([{ type: 'text', text: 'a' }])
	})

	test.each([null, 'text', 7, [], {}, { choices: [] }, { candidates_: 1 }])(
		'%j is no answer of Gemini',
		body => {
			const { known, events } = readJson(body)
			expect(known).toBe(false)
			expect(events).toEqual([])
		},
	)

	test.each([
		[{ candidates: 'x' }],
		[{ candidates: [null] }],
		[{ candidates: [{ content: { parts: [null, 3, { functionCall: {} }, { text: 5 }] } }] }],
		[{ candidates: [{ content: 'x', finishReason: 3 }] }],
	])('%j does not break the reader', body => {
		expect(readStream([body]).error?.type).toBe('api_error')
	})
})

const partArbitrary = fc.oneof(
	fc.record({ text: fc.string() }),
	fc.record({ text: fc.string(), thought: fc.constant(true) }),
	fc.record({ text: fc.string(), thoughtSignature: fc.constantFrom('', 'c2ln') }),
	fc.record({
		functionCall: fc.record(
			{
				name: fc.constantFrom('a', 'b', ''),
				args: fc.dictionary(fc.string(), fc.jsonValue()),
				id: fc.string(),
			},
			{ requiredKeys: ['name'] },
		),
		thoughtSignature: fc.constantFrom(undefined, 'c2ln'),
	}),
	fc.record({ executableCode: fc.record({ code: fc.string() }) }),
	fc.record({ inlineData: fc.constant({ mimeType: 'image/png', data: '' }) }),
	fc.constant({}),
)
const reasonArbitrary = fc.constantFrom('STOP', 'MAX_TOKENS', 'SAFETY', 'MALFORMED_FUNCTION_CALL', 'OTHER')

describe('any answer', () => {
	test('makes a legal event sequence, whatever the chunks', () => {
		const chunk = fc.oneof(
			fc.array(partArbitrary, { maxLength: 4 }).map(parts => answer(parts)),
			fc
				.tuple(fc.array(partArbitrary, { maxLength: 2 }), reasonArbitrary)
				.map(([parts, reason]) => answer(parts, reason)),
			fc.constant({ error: { code: 503, message: 'busy' } }),
			fc.constant({ promptFeedback: { blockReason: 'SAFETY' } }),
			fc.jsonValue(),
		)
		fc.assert(
			fc.property(fc.array(chunk, { maxLength: 6 }), chunks => {
				expect(findIllegalEvent(readStream(chunks).events)).toBeUndefined()
			}),
		)
	})

	test('says the same as a stream and as JSON', () => {
		const property = fc.property(
			fc.array(partArbitrary, { maxLength: 8 }),
			reasonArbitrary,
			(parts, reason) => {
				const streamed = readStream([...parts.map(part => answer([part])), answer([], reason)])
				const whole = readJson(answer(parts, reason))
				expect(streamed.message).toEqual(whole.message)
				expect(streamed.error).toEqual(whole.error)
			},
		)
		fc.assert(property)
	})
})
