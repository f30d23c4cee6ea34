import { afterAll, describe, expect, test } from 'vitest'
import { type OpenAiUpstreamOptions, type ScriptedUpstream, startOpenAiUpstream } from '../index.ts'
import { assistant, base, file, image, post, toolAnswer, toolWith, user } from './test-requests.ts'

const started: ScriptedUpstream[] = []
async function start(options?: OpenAiUpstreamOptions): Promise<ScriptedUpstream> {
	const upstream = await startOpenAiUpstream(options)
	started.push(upstream)
	return upstream
}
afterAll(() => Promise.all(started.map(upstream => upstream.close())))

describe('refusals', () => {
	test('a refusal is recorded and takes no reply from the script', async () => {
		const own = await start()
		own.script({ text: 'kept' })
		await post(own, { ...base, foo: 1 })
		expect(own.pending()).toBe(1)
		expect(own.requests[0]?.refused).toEqual({
			status: 400,
			message: 'Unrecognized request argument supplied: foo',
		})
	})

	test('keys, models, paths, methods and bodies have their own refusals', async () => {
		const own = await start({ keys: ['sk-good'] })
		expect(await post(own, base)).toMatchObject({ status: 401, error: { code: 'invalid_api_key' } })
		const good = { authorization: 'Bearer sk-good' }
		expect((await post(own, base, { authorization: '' })).error.message).toContain(
			"You didn't provide an API key",
		)
		const unknown = await post(own, { ...base, model: 'gpt-99' }, good)
		expect(unknown).toMatchObject({ status: 404, error: { code: 'model_not_found' } })
		expect((await post(own, '{"model":', good)).error.message).toContain('could not parse the JSON body')
		expect((await fetch(`${own.url}/chat/completions`, { method: 'POST', headers: good })).status).toBe(404)
		expect((await fetch(`${own.url}/v1/chat/completions`, { headers: good })).status).toBe(405)
	})

	test('a wrong key is not quoted whole', async () => {
		const own = await start({ keys: ['sk-good'] })
		const { error } = await post(own, base, { authorization: 'Bearer sk-proj-abcdefghijklmnop' })
		expect(error.message).not.toContain('abcdefghijklmnop')
	})
})

describe('what is taken', () => {
	test.for<[string, object]>([
		[
			'a finished tool loop',
			{ ...base, messages: [user, assistant('a', 'b'), toolAnswer('b'), toolAnswer('a'), user] },
		],
		[
			'two tool turns in a row',
			{ ...base, messages: [user, assistant('a'), toolAnswer('a'), assistant('b'), toolAnswer('b')] },
		],
		[
			'the newest names on a reasoning model',
			{
				...base,
				model: 'gpt-5.4',
				max_completion_tokens: 128_000,
				reasoning_effort: 'xhigh',
				verbosity: 'low',
				temperature: 1,
			},
		],
		[
			'tools without an effort on gpt-5.4',
			{ ...base, model: 'gpt-5.4', tools: [toolWith({ type: 'object', properties: {} })] },
		],
		[
			'tools with effort none on gpt-5.6',
			{
				...base,
				model: 'gpt-5.6-terra',
				reasoning_effort: 'none',
				tools: [toolWith({ type: 'object', properties: {} })],
			},
		],
		['a developer message', { ...base, messages: [{ role: 'developer', content: 'be brief' }, user] }],
		[
			'images by address and by data URL',
			{ ...base, messages: [image('https://a.example/x.png'), image('data:image/png;base64,AAAA')] },
		],
		[
			'a PDF',
			{ ...base, messages: [file({ filename: 'a.pdf', file_data: 'data:application/pdf;base64,AAAA' })] },
		],
		[
			'JSON Schema keywords of any kind in parameters',
			{
				...base,
				tools: [
					toolWith({
						$schema: 'x',
						type: 'object',
						properties: { a: { const: 1 } },
						additionalProperties: false,
					}),
				],
			},
		],
		['empty text', { ...base, messages: [{ role: 'user', content: '' }] }],
	])('%s', async ([, body]) => {
		const upstream = await start()
		expect((await post(upstream, body)).status).toBe(200)
	})
})

describe('an older compatible server', () => {
	test('knows max_tokens and tools, and nothing newer', async () => {
		const own = await start({ compat: 'old', models: ['any-model'] })
		const old = { ...base, model: 'any-model' }
		const tool = toolWith({ type: 'object', properties: {} })
		expect((await post(own, { ...old, max_tokens: 9, tools: [tool], tool_choice: 'auto' })).status).toBe(200)
		for (const [name, value] of Object.entries({
			max_completion_tokens: 9,
			parallel_tool_calls: true,
			reasoning_effort: 'low',
			prompt_cache_key: 'k',
			store: true,
		})) {
			const { status, error } = await post(own, { ...old, [name]: value })
			expect(status).toBe(400)
			expect(error.message).toBe(`Unrecognized request argument supplied: ${name}`)
		}
		const developer = await post(own, { ...old, messages: [{ role: 'developer', content: 'x' }] })
		expect(developer.error.message).toMatch(/^Invalid value: 'developer'/)
	})

	test('takes stream_options only where told so', async () => {
		const body = { ...base, model: 'm', stream: true, stream_options: { include_usage: true } }
		const without = await start({ compat: 'old', models: ['m'] })
		expect((await post(without, body)).error.message).toBe(
			'Unrecognized request argument supplied: stream_options',
		)
		const withThem = await start({ compat: 'old', models: ['m'], streamOptions: true })
		expect((await post(withThem, body)).status).toBe(200)
	})
})

test('reasoning_content can be accepted, and required beside tool calls', async () => {
	const own = await start({ reasoningContent: 'required', models: ['deepseek'] })
	const turn = { ...assistant('a'), reasoning_content: 'thought' }
	const body = (message: object) => ({ model: 'deepseek', messages: [user, message, toolAnswer('a')] })
	expect((await post(own, body(turn))).status).toBe(200)
	expect((await post(own, body(assistant('a')))).error.message).toContain('reasoning_content')
})
