import OpenAI from 'openai'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { convert, readAnswer } from '../../responses-conversion.ts'
import { type ScriptedUpstream, startResponsesUpstream } from '../index.ts'
import { base, post } from './test-requests.ts'

let upstream: ScriptedUpstream
let client: OpenAI
beforeAll(async () => {
	upstream = await startResponsesUpstream({ keys: ['sk-good'] })
	client = new OpenAI({ apiKey: 'sk-good', baseURL: `${upstream.url}/v1`, maxRetries: 0 })
})
afterAll(() => upstream.close())

const reply = {
	text: ['Hel', 'lo'],
	thinking: ['h', 'm'],
	toolCalls: [{ name: 'f', args: { city: 'Oslo, Norway' } }, { name: 'g' }],
	usage: { input: 100, output: 20, cachedInput: 60, thinking: 5 },
}
const asked = {
	model: 'gpt-5.4',
	input: 'hello',
	store: false,
	reasoning: { summary: 'auto' as const },
	include: ['reasoning.encrypted_content' as const],
}

describe('answers, as the openai package reads them', () => {
	test('a whole response', async () => {
		upstream.script(reply)
		const response = await client.responses.create(asked)
		expect(response.output_text).toBe('Hello')
		expect(response.output.map(({ type }) => type)).toEqual([
			'reasoning',
			'message',
			'function_call',
			'function_call',
		])
		expect(response.output[0]).toMatchObject({
			summary: [{ text: 'hm' }],
			encrypted_content: expect.stringMatching(/^gAAAAA/),
		})
		expect(response.output[2]).toMatchObject({ name: 'f', arguments: '{"city":"Oslo, Norway"}' })
		expect(response.usage).toMatchObject({ input_tokens: 100, input_tokens_details: { cached_tokens: 60 } })
	})

	test('a stream gathers to the same response', async () => {
		upstream.script(reply, reply)
		const stream = client.responses.stream(asked)
		const texts: string[] = []
		stream.on('response.output_text.delta', ({ delta }) => texts.push(delta))
		const gathered = await stream.finalResponse()
		const whole = await client.responses.create(asked)
		expect(texts).toEqual(['Hel', 'lo'])
		const bare = (items: readonly object[]) => JSON.parse(JSON.stringify(items).replace(/(?<=_)\d+/g, 'n'))
		expect(
			bare(gathered.output).map((item: object) => ({ ...item, parsed_arguments: undefined })),
		).toMatchObject(
			bare(whole.output).map((item: { content?: unknown }) => (item.content ? expect.anything() : item)),
		)
		expect(gathered.status).toBe('completed')
	})

	test('a search with its sources and citations, and an answer that was cut', async () => {
		const citations = [{ url: 'https://a.example', title: 'A', quote: 'lo' }]
		upstream.script({ text: 'Hello', citations, finish: 'max_output_tokens' })
		const include = ['web_search_call.action.sources' as const]
		const response = await client.responses.create({ ...asked, tools: [{ type: 'web_search' }], include })
		expect(response).toMatchObject({
			status: 'incomplete',
			incomplete_details: { reason: 'max_output_tokens' },
		})
		expect(response.output).toMatchObject([
			{ type: 'reasoning', encrypted_content: null },
			{
				type: 'web_search_call',
				action: { type: 'search', sources: [{ type: 'url', url: 'https://a.example' }] },
			},
			{ content: [{ annotations: [{ type: 'url_citation', start_index: 3, end_index: 5 }] }] },
		])
	})

	test('an error inside a stream is thrown by it', async () => {
		upstream.script({ text: 'Hello', errorAfterEvents: 3 })
		const stream = await client.responses.create({ ...asked, stream: true })
		await expect(Array.fromAsync(stream)).rejects.toThrow(/had an error/)
	})

	test('a fault has the class that the package maps it to', async () => {
		upstream.script({ fault: upstream.faults.rateLimit })
		await expect(client.responses.create(asked)).rejects.toBeInstanceOf(OpenAI.RateLimitError)
	})
})

test('the answer to one turn is taken back in the next', async () => {
	upstream.script(reply, { text: 'Done.' })
	const start = { messages: [{ role: 'user', content: 'go' }], thinking: { type: 'adaptive' } }
	const tools = [
		{ name: 'f', input_schema: null },
		{ name: 'g', input_schema: null },
	]
	const options = { model: 'gpt-5.4', baseUrl: upstream.url }
	const send = async (body: object) => {
		const response = await client.responses.create(body as never)
		return readAnswer(response).message?.content ?? []
	}
	const first = await send(convert({ ...start, tools }, options).body)
	const results = first.flatMap(block =>
		block.type === 'tool_use' ? [{ type: 'tool_result', tool_use_id: block.id, content: 'ok' }] : [],
	)
	const messages = [
		...start.messages,
		{ role: 'assistant', content: first },
		{ role: 'user', content: results },
	]
	const { body } = convert({ ...start, messages, tools }, { ...options, baseUrl: 'https://api.openai.com' })
	expect(body.input.map(({ type }) => type)).toEqual([
		'message',
		'reasoning',
		'message',
		'function_call',
		'function_call',
		'function_call_output',
		'function_call_output',
	])
	expect(await send(body)).toMatchObject([{ type: 'thinking' }, { type: 'text', text: 'Done.' }])
})

test('keys, models, paths, methods and bodies have their own refusals', async () => {
	const good = { authorization: 'Bearer sk-good' }
	expect(await post(upstream, base)).toMatchObject({ status: 401, error: { code: 'invalid_api_key' } })
	const unknown = await post(upstream, { ...base, model: 'gpt-99' }, good)
	expect(unknown).toMatchObject({ status: 404, error: { code: 'model_not_found' } })
	expect((await post(upstream, '{"model":', good)).error.message).toContain('could not parse the JSON body')
	expect((await fetch(`${upstream.url}/v1/chat/completions`, { method: 'POST', headers: good })).status).toBe(
		404,
	)
	expect((await fetch(`${upstream.url}/v1/responses`, { headers: good })).status).toBe(405)
	const models = await client.models.list()
	expect(models.data.map(({ id }) => id)).toContain('gpt-5.4')
})
