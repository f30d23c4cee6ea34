import { FinishReason, GoogleGenAI, ThinkingLevel } from '@google/genai'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type ScriptedUpstream, startGeminiUpstream } from '../index.ts'
import { base, post } from './test-requests.ts'

let upstream: ScriptedUpstream
beforeAll(async () => {
	upstream = await startGeminiUpstream()
})
afterAll(() => upstream.close())

const client = () => new GoogleGenAI({ apiKey: 'key-test', httpOptions: { baseUrl: upstream.url } })
const pro3 = 'gemini-3-pro-preview'
const thoughts = { thinkingConfig: { includeThoughts: true, thinkingLevel: ThinkingLevel.LOW } }
const reply = {
	text: ['Hel', 'lo'],
	thinking: 'hm',
	toolCalls: [{ name: 'f', args: { city: 'Oslo' } }, { name: 'g' }],
	usage: { input: 100, output: 20, cachedInput: 60, thinking: 5 },
}

describe('answers, as the SDK reads them', () => {
	test('a whole message', async () => {
		upstream.script(reply)
		const answer = await client().models.generateContent({ model: pro3, contents: 'hi', config: thoughts })
		const parts = answer.candidates?.[0]?.content?.parts ?? []
		expect(parts.map(part => part.text)).toEqual(['hm', 'Hello', undefined, undefined])
		expect(parts[0]?.thought).toBe(true)
		expect(parts.map(part => part.functionCall?.name).slice(2)).toEqual(['f', 'g'])
		expect(parts.map(part => part.thoughtSignature !== undefined)).toEqual([false, false, true, false])
		expect(answer.candidates?.[0]?.finishReason).toBe(FinishReason.STOP)
		expect(answer.usageMetadata).toMatchObject({
			promptTokenCount: 100,
			candidatesTokenCount: 20,
			cachedContentTokenCount: 60,
			thoughtsTokenCount: 5,
			totalTokenCount: 125,
		})
	})

	test('a stream, whose usage grows', async () => {
		upstream.script(reply)
		const chunks = await Array.fromAsync(
			await client().models.generateContentStream({ model: pro3, contents: 'hi', config: thoughts }),
		)
		const shown = chunks
			.flatMap(chunk => chunk.candidates?.[0]?.content?.parts ?? [])
			.filter(part => !part.thought)
		expect(shown.map(part => part.text ?? '').join('')).toBe('Hello')
		expect(chunks.flatMap(chunk => chunk.functionCalls ?? []).map(call => call.name)).toEqual(['f', 'g'])
		const counts = chunks.map(chunk => chunk.usageMetadata?.candidatesTokenCount ?? 0)
		expect(counts).toEqual(counts.toSorted((one, other) => one - other))
		expect(counts.at(-1)).toBe(20)
		expect(chunks.map(chunk => chunk.candidates?.[0]?.finishReason).filter(Boolean)).toEqual([
			FinishReason.STOP,
		])
	})

	test('thoughts are shown only when asked for, signatures made only from Gemini 3 on', async () => {
		upstream.script(reply)
		const answer = await client().models.generateContent({ model: 'gemini-2.5-pro', contents: 'hi' })
		const parts = answer.candidates?.[0]?.content?.parts ?? []
		expect(parts.some(part => part.thought)).toBe(false)
		expect(parts.some(part => part.thoughtSignature)).toBe(false)
	})

	test('a signature that the server made comes back', async () => {
		const chat = client().chats.create({ model: pro3 })
		upstream.script(reply, { text: 'done' })
		await chat.sendMessage({ message: 'hi' })
		const results = ['f', 'g'].map(name => ({ functionResponse: { name, response: { ok: true } } }))
		expect((await chat.sendMessage({ message: results })).text).toBe('done')
	})

	test('citations become grounding', async () => {
		upstream.script({
			text: 'Äh, here.',
			citations: [{ url: 'https://a.example', title: 'A', quote: 'here' }],
		})
		const answer = await client().models.generateContent({ model: 'gemini-2.5-flash', contents: 'hi' })
		const grounding = answer.candidates?.[0]?.groundingMetadata
		expect(grounding?.groundingChunks?.[0]?.web).toEqual({ uri: 'https://a.example', title: 'A' })
		expect(grounding?.groundingSupports?.[0]?.segment).toMatchObject({ startIndex: 5, endIndex: 9 })
	})

	test('tokens are counted and models listed', async () => {
		const counted = await client().models.countTokens({ model: pro3, contents: 'hi' })
		expect(counted.totalTokens).toBeGreaterThan(0)
		const names = await Array.fromAsync(await client().models.list(), model => model.name)
		expect(names).toContain(`models/${pro3}`)
		expect((await client().models.get({ model: pro3 })).name).toBe(`models/${pro3}`)
	})
})

describe('streams as bytes', () => {
	const ask = (query: string) =>
		fetch(`${upstream.url}/v1beta/models/${pro3}:streamGenerateContent${query}`, {
			method: 'POST',
			headers: { 'x-goog-api-key': 'k', 'content-type': 'application/json' },
			body: JSON.stringify(base),
		})

	test('with alt=sse they are events with CRLF line ends', async () => {
		const answer = await ask('?alt=sse')
		expect(answer.headers.get('content-type')).toBe('text/event-stream')
		const text = await answer.text()
		expect(text).toMatch(/^data: \{.*\}\r\n\r\n/)
		expect(text).not.toMatch(/[^\r]\n/)
	})

	test('without it they are one JSON array', async () => {
		upstream.script({ text: ['one ', 'two'] })
		const chunks = JSON.parse(await (await ask('')).text())
		const texts = chunks.map(
			(chunk: { candidates: [{ content: { parts: [{ text: string }] } }] }) =>
				chunk.candidates[0].content.parts[0].text,
		)
		expect(texts.join('')).toBe('one two')
	})

	test('an error in the array closes it', async () => {
		upstream.script({ text: ['one ', 'two'], errorAfterEvents: 1 }, { errorAfterEvents: 0 })
		const chunks = JSON.parse(await (await ask('')).text())
		expect(chunks[1].error).toMatchObject({ code: 503, status: 'UNAVAILABLE' })
		expect(JSON.parse(await (await ask('')).text())[0].error.code).toBe(503)
	})

	test('a refusal of the array stream is in an array too', async () => {
		const { status, json } = await post(upstream, {}, pro3, 'streamGenerateContent')
		expect(status).toBe(400)
		expect(json[0].error.message).toContain('contents is not specified')
	})
})

test('keys, models and paths have their own refusals', async () => {
	const own = await startGeminiUpstream({ keys: ['key-test'], models: ['gemini-x'] })
	const url = `${own.url}/v1beta/models/gemini-x:generateContent`
	const send = (address: string, headers: Record<string, string> = {}) =>
		fetch(address, {
			method: 'POST',
			headers: { 'content-type': 'application/json', ...headers },
			body: JSON.stringify(base),
		})
	expect((await send(`${url}?key=key-test`)).status).toBe(200)
	expect((await send(url, { 'x-goog-api-key': 'key-test' })).status).toBe(200)
	const wrong = await send(`${url}?key=no`)
	expect(wrong.status).toBe(400)
	expect((await wrong.json()).error.details[0].reason).toBe('API_KEY_INVALID')
	const none = await send(url)
	expect(none.status).toBe(403)
	expect((await none.json()).error.status).toBe('PERMISSION_DENIED')
	expect((await post(own, base, 'gemini-y')).error).toMatchObject({ code: 404, status: 'NOT_FOUND' })
	expect((await send(`${own.url}/models/gemini-x:generateContent?key=key-test`)).status).toBe(404)
	expect((await post(own, '{"contents":', 'gemini-x')).error.message).toContain('Invalid JSON payload')
	await own.close()
})
