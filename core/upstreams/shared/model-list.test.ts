import { describe, expect, test } from 'vitest'
import * as fc from '../../../test/support/fast-check.ts'
import { modelLister as claude } from '../claude/model-list.ts'
import { modelLister as gemini } from '../gemini/model-list.ts'
import { readModelList } from './model-list.ts'

const target = { baseUrl: 'https://api.example.com', authStyle: 'auto', extraHeaders: {} } as const

describe('lists of other shapes become entries of Anthropic’s', () => {
	test('OpenAI', () => {
		const body = {
			object: 'list',
			data: [{ id: 'gpt-5', object: 'model', created: 1_754_425_777, owned_by: 'system' }],
		}
		expect(readModelList(body)?.models).toEqual([
			expect.objectContaining({
				type: 'model',
				id: 'gpt-5',
				display_name: 'gpt-5',
				created_at: '2025-08-05T20:29:37Z',
			}),
		])
	})

	test('OpenRouter, with name and context', () => {
		const body = {
			data: [{ id: 'z-ai/glm-4.6', name: 'Z.AI: GLM 4.6', created: 1_759_235_576, context_length: 202_752 }],
		}
		expect(readModelList(body)?.models).toEqual([
			expect.objectContaining({
				id: 'z-ai/glm-4.6',
				display_name: 'Z.AI: GLM 4.6',
				max_input_tokens: 202_752,
			}),
		])
	})

	test('a bare array, and names instead of ids', () => {
		expect(readModelList([{ id: 'a' }])?.models[0]).toMatchObject({
			id: 'a',
			created_at: '1970-01-01T00:00:00Z',
		})
		expect(readModelList({ models: [{ name: 'llama3:8b' }] })?.models[0]?.id).toBe('llama3:8b')
	})

	test('what Anthropic says of a model is kept whole', () => {
		const entry = {
			...{ type: 'model', id: 'claude-opus-5-5', display_name: 'Claude Opus 5.5', lifecycle: 'deprecated' },
			...{
				created_at: '2026-02-01T00:00:00.500Z',
				capabilities: { batch: { supported: true } },
				new_field: [1],
			},
		}
		expect(readModelList({ data: [entry] })?.models).toEqual([expect.objectContaining(entry)])
	})

	test('what is no list is none', () => {
		for (const body of [undefined, null, 'text', 7, {}, { error: { message: 'no' } }, { data: 'x' }])
			expect(readModelList(body)).toBeUndefined()
	})

	test('any JSON is read without a fault', () => {
		const entries = fc.array(fc.oneof(fc.jsonValue(), fc.record({ id: fc.string(), created: fc.double() })))
		fc.assert(
			fc.property(entries, data => {
				const { models = [] } = readModelList({ data }) ?? {}
				for (const { id, created_at } of models) {
					expect(id).not.toBe('')
					expect(Number.isNaN(Date.parse(created_at))).toBe(false)
				}
			}),
		)
	})
})

describe('Gemini', () => {
	test('only models that answer, without their prefix, page by page', () => {
		const body = {
			models: [
				{
					name: 'models/gemini-3-pro',
					displayName: 'Gemini 3 Pro',
					supportedGenerationMethods: ['generateContent'],
					inputTokenLimit: 1_048_576,
					outputTokenLimit: 65_536,
				},
				{ name: 'models/embedding-001', supportedGenerationMethods: ['embedContent'] },
				{ name: 'models/of-a-relay' },
			],
			nextPageToken: 'next/1',
		}
		const page = gemini.readResponse(body)
		expect(page?.models.map(({ id }) => id)).toEqual(['gemini-3-pro', 'of-a-relay'])
		expect(page?.models[0]).toMatchObject({
			...{ display_name: 'Gemini 3 Pro', max_input_tokens: 1_048_576, max_tokens: 65_536 },
		})
		expect(gemini.buildRequest(target, page?.next).url).toBe(
			'https://api.example.com/v1beta/models?pageSize=1000&pageToken=next%2F1',
		)
		expect(gemini.readResponse({ models: [] })?.next).toBeUndefined()
		expect(gemini.readResponse({ error: { code: 403 } })).toBeUndefined()
	})
})

describe('Claude', () => {
	test('pages follow after_id, and a query in the base URL stays', () => {
		const page = claude.readResponse({ data: [{ id: 'a' }, { id: 'b' }], has_more: true, last_id: 'b' })
		expect(page?.next).toBe('b')
		expect(claude.buildRequest(target, page?.next).url).toBe(
			'https://api.example.com/v1/models?limit=1000&after_id=b',
		)
		expect(claude.buildRequest({ ...target, baseUrl: 'https://h/v1?team=1' }).url).toBe(
			'https://h/v1/models?team=1&limit=1000',
		)
		expect(claude.readResponse({ data: [{ id: 'a' }], has_more: false, last_id: 'a' })?.next).toBeUndefined()
	})

	test('one model is asked for by a path segment of its own', () => {
		expect(claude.one?.buildRequest(target, 'a/b ?c').url).toBe(
			'https://api.example.com/v1/models/a%2Fb%20%3Fc',
		)
	})
})
