import { describe, expect, test } from 'vitest'
import { gemini } from './index.ts'

const target = { baseUrl: 'https://h', authStyle: 'auto', extraHeaders: { 'x-extra': '1' } } as const
const url = (baseUrl: string, model = 'gemini-2.5-pro', stream = false) =>
	gemini.messagesUrl(baseUrl, { model, stream })

describe('the URL', () => {
	test.each([
		['https://h', 'https://h/v1beta/models/gemini-2.5-pro:generateContent'],
		['https://h/', 'https://h/v1beta/models/gemini-2.5-pro:generateContent'],
		['https://h/v1beta', 'https://h/v1beta/models/gemini-2.5-pro:generateContent'],
		['https://h/v1', 'https://h/v1/models/gemini-2.5-pro:generateContent'],
		[
			'https://h/v1/publishers/google',
			'https://h/v1/publishers/google/models/gemini-2.5-pro:generateContent',
		],
		['https://h/relay#', 'https://h/relay/models/gemini-2.5-pro:generateContent'],
		['https://h/v1beta/models', 'https://h/v1beta/models/gemini-2.5-pro:generateContent'],
		['https://h/v1beta/models/x:generateContent', 'https://h/v1beta/models/gemini-2.5-pro:generateContent'],
		['https://h/v1beta?key=SECRET', 'https://h/v1beta/models/gemini-2.5-pro:generateContent'],
		['https://h?a=1&key=SECRET#', 'https://h/models/gemini-2.5-pro:generateContent?a=1'],
	])('%s calls %s', (base, expected) => {
		expect(url(base)).toBe(expected)
	})

	test('a stream is asked for as SSE, once', () => {
		const expected = 'https://h/v1beta/models/gemini-2.5-pro:streamGenerateContent?alt=sse'
		expect(url('https://h', 'gemini-2.5-pro', true)).toBe(expected)
		expect(url('https://h/v1beta/models/x:streamGenerateContent?alt=sse', 'gemini-2.5-pro', true)).toBe(
			expected,
		)
	})

	test.each([
		['models/gemini-2.5-pro', '/v1beta/models/gemini-2.5-pro:generateContent'],
		['tunedModels/mine', '/v1beta/tunedModels/mine:generateContent'],
		['../../admin', '/v1beta/models/..%2F..%2Fadmin:generateContent'],
		['..', '/v1beta/models/..:generateContent'],
		['x?key=1#y', '/v1beta/models/x%3Fkey%3D1%23y:generateContent'],
		['a:deleteModel', '/v1beta/models/a%3AdeleteModel:generateContent'],
		['\ud800', '/v1beta/models/%EF%BF%BD:generateContent'],
	])('the model %j cannot leave its place', (model, expected) => {
		expect(new URL(url('https://h', model)).href).toBe(`https://h${expected}`)
	})
})

describe('the adapter', () => {
	test('keys go in a header', () => {
		expect(gemini.authHeaders('AIza1', target)).toEqual({ 'x-goog-api-key': 'AIza1' })
		expect(gemini.authHeaders('ya29.x', target)).toEqual({ authorization: 'Bearer ya29.x' })
		expect(gemini.authHeaders('k', { ...target, authStyle: 'bearer' })).toEqual({ authorization: 'Bearer k' })
		expect(gemini.authHeaders('ya29.x', { ...target, authStyle: 'x-api-key' })).toEqual({
			'x-goog-api-key': 'ya29.x',
		})
	})

	test('the probe lists one model', () => {
		expect(gemini.probe(target)).toEqual({
			method: 'GET',
			url: 'https://h/v1beta/models?pageSize=1',
			headers: { 'x-extra': '1' },
		})
	})

	test('counting takes system prompt and tools along, and nothing of generation', () => {
		const outgoing = gemini.countTokens?.buildRequest({
			request: {
				model: 'claude',
				system: 'Be kind.',
				messages: [{ role: 'user', content: 'foo' }],
				tools: [{ name: 'A', input_schema: {} }],
				thinking: { type: 'adaptive' },
			},
			model: 'gemini-2.5-pro',
			target,
		})
		expect(outgoing?.url).toBe('https://h/v1beta/models/gemini-2.5-pro:countTokens')
		expect(JSON.parse(outgoing?.body as string)).toEqual({
			generateContentRequest: {
				model: 'models/gemini-2.5-pro',
				systemInstruction: { parts: [{ text: 'Be kind.' }] },
				contents: [{ role: 'user', parts: [{ text: 'foo' }] }],
				tools: [{ functionDeclarations: [{ name: 'A' }] }],
			},
		})
		expect(gemini.countTokens?.readResponse({ totalTokens: 31 })).toBe(31)
		for (const body of [{}, null, { totalTokens: 'x' }]) {
			expect(gemini.countTokens?.readResponse(body)).toBeUndefined()
		}
	})
})
