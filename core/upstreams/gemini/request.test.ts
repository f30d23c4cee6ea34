import type * as genai from '@google/genai'
import { describe, expect, test } from 'vitest'
import { convert } from './testing.ts'
import type * as wire from './wire.ts'

const ask = (content: unknown) => [{ role: 'user', content }]
const text = (value: string) => ({ type: 'text', text: value })
const call = (id: string, name = 'Read', input: unknown = {}) => ({ type: 'tool_use', id, name, input })
const result = (id: string, content: unknown, more: object = {}) => ({
	type: 'tool_result',
	tool_use_id: id,
	content,
	...more,
})
const contentsOf = (messages: unknown[], model?: string) => convert({ messages }, model).body.contents

describe('the system prompt', () => {
	test('trap A6: the billing header stays here, as a block and as a line', () => {
		const header = 'x-anthropic-billing-header: cc_version=2.1; cch=1;'
		const blocks = convert({ system: [text(header), text('Be kind.'), text('')], messages: ask('hi') })
		expect(blocks.body.systemInstruction).toEqual({ parts: [{ text: 'Be kind.' }] })
		const line = convert({ system: `${header}\nBe kind.`, messages: ask('hi') })
		expect(line.body.systemInstruction).toEqual({ parts: [{ text: 'Be kind.' }] })
		expect(convert({ system: [text(header)], messages: ask('hi') }).body).not.toHaveProperty(
			'systemInstruction',
		)
	})

	test('trap A6: the billing header of a system message stays here too', () => {
		const header = 'x-anthropic-billing-header: cc_version=2.1; cch=1;'
		const contents = contentsOf([
			{ role: 'user', content: 'hi' },
			{ role: 'system', content: `${header}\nenv` },
			{ role: 'system', content: [text(header), text('more')] },
			{ role: 'user', content: `${header} is what the user wrote` },
		])
		expect(contents[0]?.parts.map(part => part.text)).toEqual([
			'hi',
			'<system-reminder>\nenv\n</system-reminder>',
			'<system-reminder>\nmore\n</system-reminder>',
			`${header} is what the user wrote`,
		])
	})

	test('trap A11: system messages stay where they are, as reminders of the user', () => {
		const contents = contentsOf([
			{ role: 'user', content: 'hi' },
			{ role: 'system', content: 'env' },
			{ role: 'assistant', content: 'hello' },
			{ role: 'system', content: [text('again')] },
		])
		expect(contents).toEqual([
			{ role: 'user', parts: [{ text: 'hi' }, { text: '<system-reminder>\nenv\n</system-reminder>' }] },
			{ role: 'model', parts: [{ text: 'hello' }] },
			{ role: 'user', parts: [{ text: '<system-reminder>\nagain\n</system-reminder>' }] },
		])
	})

	test('trap A11: a system message never comes between calls and their results', () => {
		const contents = contentsOf([
			{ role: 'user', content: 'hi' },
			{ role: 'assistant', content: [call('a')] },
			{ role: 'system', content: 'env' },
			{ role: 'user', content: [result('a', 'ok')] },
		])
		expect(contents[2]).toEqual({
			role: 'user',
			parts: [
				{ functionResponse: { name: 'Read', response: { result: 'ok' } } },
				{ text: '<system-reminder>\nenv\n</system-reminder>' },
			],
		})
	})
})

describe('settings', () => {
	const configOf = (more: object, model?: string) => {
		const { body, notes } = convert({ messages: ask('hi'), ...more }, model)
		return { config: body.generationConfig, notes }
	}

	test('sampling and stop sequences are passed on', () => {
		const more = { temperature: 0.5, top_p: 0.9, top_k: 40, stop_sequences: ['a', '', 'b'] }
		expect(configOf(more).config).toEqual({
			maxOutputTokens: 1000,
			temperature: 0.5,
			topP: 0.9,
			topK: 40,
			stopSequences: ['a', 'b'],
		})
	})

	test('from Gemini 3.6 on, sampling is left out with a note', () => {
		const { config, notes } = configOf({ temperature: 0.5 }, 'gemini-3.6-flash')
		expect(config).toEqual({ maxOutputTokens: 1000 })
		expect(notes).toMatchObject([{ field: 'temperature', action: 'dropped' }])
	})

	test('no more than five stop sequences', () => {
		const { config, notes } = configOf({ stop_sequences: ['a', 'b', 'c', 'd', 'e', 'f'] })
		expect(config?.stopSequences).toEqual(['a', 'b', 'c', 'd', 'e'])
		expect(notes).toMatchObject([{ field: 'stop_sequences', action: 'clamped' }])
	})

	test.each([
		['gemini-2.5-pro', 65_536],
		['models/gemini-3.5-flash', 65_536],
		['gemini-flash-latest', 65_536],
		['gemini-1.5-pro', 8192],
		['my-own-name', 128_000],
	])('trap A24: %s is asked for %i tokens of 128000', (model, expected) => {
		const { config, notes } = configOf({ max_tokens: 128_000 }, model)
		expect(config?.maxOutputTokens).toBe(expected)
		expect(notes).toHaveLength(expected === 128_000 ? 0 : 1)
	})

	test('a JSON schema binds the answer', () => {
		const schema = { type: 'object', properties: { a: { type: 'string' } }, additionalProperties: false }
		const { config } = configOf({ output_config: { format: { type: 'json_schema', schema } } })
		expect(config).toMatchObject({
			responseMimeType: 'application/json',
			responseSchema: { type: 'OBJECT', properties: { a: { type: 'STRING' } } },
		})
	})

	test('beside functions, older models are asked in words for the schema', () => {
		const more = {
			messages: ask('hi'),
			output_config: { format: { type: 'json_schema', schema: { type: 'object' } } },
			tools: [{ name: 'A', input_schema: {} }],
		}
		const older = convert(more)
		expect(older.body.generationConfig).not.toHaveProperty('responseMimeType')
		expect(older.body.systemInstruction?.parts.at(-1)?.text).toContain('{"type":"object"}')
		const newer = convert(more, 'gemini-3-flash-preview')
		expect(newer.body.generationConfig?.responseMimeType).toBe('application/json')
	})

	test('fields whose loss the client may care about are noted, defaults are not', () => {
		const fieldsOf = (more: object) => convert({ messages: ask('hi'), ...more }).notes.map(note => note.field)
		const meant = { container: 'c', mcp_servers: [{ type: 'url' }], service_tier: 'standard_only' }
		expect(fieldsOf(meant)).toEqual(['mcp_servers', 'container', 'service_tier'])
		expect(fieldsOf({ container: null, mcp_servers: [], service_tier: 'auto' })).toEqual([])
	})

	test('each sampling parameter that the model ignores is noted by its name', () => {
		const { notes } = convert({ messages: ask('hi'), top_p: 0.9, top_k: 40 }, 'gemini-3.7-flash')
		expect(notes.map(note => note.field)).toEqual(['top_p', 'top_k'])
	})

	test('nothing that is only Anthropic’s reaches the upstream', () => {
		const { outgoing } = convert({
			messages: ask([{ ...text('hi'), cache_control: { type: 'ephemeral' } }]),
			metadata: { user_id: 'u' },
			service_tier: 'auto',
			container: 'c',
			mcp_servers: [],
			context_management: { edits: [] },
		})
		expect(JSON.parse(outgoing.body as string)).toEqual({
			contents: [{ role: 'user', parts: [{ text: 'hi' }] }],
			generationConfig: { maxOutputTokens: 1000 },
		})
	})

	test('a thread is refused in the way that lets the SDK go on without', () => {
		const refused = () => convert({ messages: ask('hi'), thread: { type: 'create' } })
		expect(refused).toThrow(
			expect.objectContaining({
				name: 'RequestRefused',
				field: 'thread',
				details: { error_code: 'thread_unsupported_request', unsupported: [] },
			}),
		)
	})
})

describe('the vendor’s types', () => {
	/** A type of the SDK with its enums as the strings they are in JSON. */
	type Plain<T> = T extends string ? `${T}` : T extends object ? { [Key in keyof T]: Plain<T[Key]> } : T

	test('take what we send', () => {
		const { body } = convert({ messages: ask('hi') })
		const contents: Plain<genai.Content[]> = body.contents
		const system: Plain<genai.Content> | undefined = body.systemInstruction
		const tools: Plain<genai.Tool[]> | undefined = body.tools
		const toolConfig: Plain<genai.ToolConfig> | undefined = body.toolConfig
		const config: Plain<genai.GenerationConfig> | undefined = body.generationConfig
		const schema: Plain<genai.Schema> = {} as wire.Schema
		expect([contents, system, tools, toolConfig, config, schema]).toHaveLength(6)
	})
})
