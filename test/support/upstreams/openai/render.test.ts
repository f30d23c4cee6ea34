import OpenAI from 'openai'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type ScriptedUpstream, startOpenAiUpstream } from '../index.ts'
import { base } from './test-requests.ts'

let upstream: ScriptedUpstream
beforeAll(async () => {
	upstream = await startOpenAiUpstream()
})
afterAll(() => upstream.close())

describe('answers, as the SDK reads them', () => {
	const client = () => new OpenAI({ apiKey: 'sk-test', baseURL: `${upstream.url}/v1`, maxRetries: 0 })
	const reply = {
		text: ['Hel', 'lo'],
		thinking: 'hm',
		toolCalls: [{ name: 'f', args: { city: 'Oslo, Norway' } }, { name: 'g' }],
		usage: { input: 100, output: 20, cachedInput: 60, thinking: 5 },
	}

	test('a whole message', async () => {
		upstream.script(reply)
		const { choices, usage, model } = await client().chat.completions.create(base)
		expect(model).toBe('gpt-4o')
		expect(choices[0]).toMatchObject({
			finish_reason: 'tool_calls',
			message: { content: 'Hello', reasoning_content: 'hm' },
		})
		const calls = choices[0]?.message.tool_calls?.map(call => call.type === 'function' && call.function)
		expect(calls).toEqual([
			{ name: 'f', arguments: '{"city":"Oslo, Norway"}' },
			{ name: 'g', arguments: '{}' },
		])
		expect(usage).toMatchObject({ prompt_tokens: 100, completion_tokens: 20, total_tokens: 120 })
		expect(usage?.prompt_tokens_details?.cached_tokens).toBe(60)
	})

	test('a stream', async () => {
		upstream.script(reply)
		const stream = await client().chat.completions.create({
			...base,
			stream: true,
			stream_options: { include_usage: true },
		})
		const chunks = await Array.fromAsync(stream)
		const deltas = chunks.flatMap(chunk => chunk.choices.map(choice => choice.delta))
		expect(deltas[0]).toMatchObject({ role: 'assistant' })
		expect(deltas.map(delta => delta.content ?? '').join('')).toBe('Hello')
		const fragments = deltas.flatMap(delta => delta.tool_calls ?? [])
		const joined = [0, 1].map(index => fragments.filter(one => one.index === index))
		expect(joined.map(list => list.map(one => one.function?.arguments).join(''))).toEqual([
			'{"city":"Oslo, Norway"}',
			'{}',
		])
		expect(joined.map(list => list.filter(one => one.id !== undefined).length)).toEqual([1, 1])
		expect(chunks.at(-2)?.choices[0]?.finish_reason).toBe('tool_calls')
		expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { prompt_tokens: 100, completion_tokens: 20 } })
		expect(chunks.slice(0, -1).every(chunk => chunk.usage === null)).toBe(true)
	})

	test('without include_usage no chunk has usage', async () => {
		const stream = await client().chat.completions.create({ ...base, stream: true })
		const chunks = await Array.fromAsync(stream)
		expect(chunks.some(chunk => 'usage' in chunk)).toBe(false)
		expect(chunks.at(-1)?.choices[0]?.finish_reason).toBe('stop')
	})

	test('citations, a finish of its own, and a missing end', async () => {
		upstream.script(
			{ text: 'See here.', citations: [{ url: 'https://a.example', title: 'A', quote: 'here' }] },
			{ text: 'cut', finish: 'length' },
			{ text: 'x', omitFinish: true, omitDone: true },
		)
		const cited = await client().chat.completions.create(base)
		expect(cited.choices[0]?.message.annotations).toEqual([
			{
				type: 'url_citation',
				url_citation: { url: 'https://a.example', title: 'A', start_index: 4, end_index: 8 },
			},
		])
		const short = await client().chat.completions.create(base)
		expect(short.choices[0]?.finish_reason).toBe('length')
		const chunks = await Array.fromAsync(await client().chat.completions.create({ ...base, stream: true }))
		expect(chunks.every(chunk => chunk.choices[0]?.finish_reason === null)).toBe(true)
	})

	test('the list of models', async () => {
		const ids = await Array.fromAsync(client().models.list(), model => model.id)
		expect(ids).toContain('gpt-5')
		expect((await client().models.retrieve('gpt-5')).object).toBe('model')
		await expect(client().models.retrieve('nope')).rejects.toMatchObject({
			status: 404,
			code: 'model_not_found',
		})
	})

	test('faults become the SDK errors of their status', async () => {
		upstream.script({ fault: upstream.faults.rateLimit }, { fault: upstream.faults.overloaded })
		await expect(client().chat.completions.create(base)).rejects.toBeInstanceOf(OpenAI.RateLimitError)
		await expect(client().chat.completions.create(base)).rejects.toBeInstanceOf(OpenAI.InternalServerError)
	})
})
