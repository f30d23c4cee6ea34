import { request as httpRequest } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { call, hello } from '../support/call.ts'
import { accessKey, startProxy, type TestProxy } from '../support/proxy.ts'
import {
	type ScriptedUpstream,
	startAnthropicUpstream,
	startOpenAiUpstream,
} from '../support/upstreams/index.ts'

let proxy: TestProxy
let openai: ScriptedUpstream
let anthropic: ScriptedUpstream
const ids: Record<string, string> = {}

beforeAll(async () => {
	;[proxy, openai, anthropic] = await Promise.all([
		startProxy({ MAX_BODY_MB: '2' }),
		startOpenAiUpstream(),
		startAnthropicUpstream(),
	])
	ids.openai = await proxy.use({ type: 'openai', baseUrl: openai.url })
	ids.claude = await proxy.use({ type: 'claude', baseUrl: anthropic.url })
})
afterAll(async () => {
	await Promise.all([proxy.close(), openai.close(), anthropic.close()])
})

async function useType(type: 'openai' | 'claude'): Promise<void> {
	await proxy.repository.setCurrentUpstream(ids[type] as string, { author: 'cli' })
	await proxy.services.config.refresh()
	openai.requests.length = 0
	anthropic.requests.length = 0
}

function expectError(
	answer: Awaited<ReturnType<typeof call>>,
	status: number,
	type: string,
	words: RegExp,
): void {
	expect(answer.body).toEqual({
		type: 'error',
		error: { type, message: expect.stringMatching(words) },
		request_id: answer.headers.get('request-id'),
	})
	expect(answer.status).toBe(status)
	expect(answer.headers.get('request-id')).toMatch(/^req_\w{20,}$/)
}

const text = { type: 'text', text: 'x' }
const message = (content: unknown) => ({ ...hello, messages: [{ role: 'user', content }] })
const without = (field: keyof typeof hello) => ({ ...hello, [field]: undefined })

describe.each(['openai', 'claude'] as const)('to an upstream of type %s', type => {
	beforeAll(() => useType(type))

	test.each([
		['nothing', '', /not valid JSON/],
		['text', 'hello', /not valid JSON/],
		['cut JSON', '{"model":"m","messages":[{', /not valid JSON/],
		['a trailing comma', '{"model":"m",}', /not valid JSON/],
		[
			'bytes that are not UTF-8',
			new Uint8Array([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]),
			/JSON|required/,
		],
		['a list', '[]', /object/],
		['null', 'null', /object/],
		['no model', without('model'), /^model: Field required/],
		['no messages', without('messages'), /^messages: Field required/],
		['no max_tokens', without('max_tokens'), /^max_tokens: Field required/],
		['a number for model', { ...hello, model: 5 }, /^model: Input should be a string/],
		['an empty model', { ...hello, model: '' }, /^model: Input should be a non-empty string/],
		['text for messages', { ...hello, messages: 'x' }, /^messages: Input should be a list/],
		['text for max_tokens', { ...hello, max_tokens: 'many' }, /^max_tokens: Input should be a number/],
		['text for stream', { ...hello, stream: 'yes' }, /^stream: Input should be a boolean/],
	])('%s', async (_name, body, words) => {
		expectError(await call(proxy, body), 400, 'invalid_request_error', words)
		expect([...openai.requests, ...anthropic.requests]).toEqual([])
	})
})

describe('wrong types anywhere name their field', () => {
	beforeAll(() => useType('openai'))

	test.each([
		['no message', { ...hello, messages: [] }, /^messages: Input should be a list of at least 1/],
		['max_tokens 0', { ...hello, max_tokens: 0 }, /^max_tokens: Input should be at least 1/],
		['a fraction', { ...hello, max_tokens: 1.5 }, /^max_tokens: Input should be a whole number/],
		[
			'a role',
			{ ...hello, messages: [{ role: 'robot', content: 'x' }] },
			/^messages\.0\.role: Input should be 'user'/,
		],
		['no content', { ...hello, messages: [{ role: 'user' }] }, /^messages\.0\.content: /],
		['content', message(5), /^messages\.0\.content: Input should be a string or a list/],
		['a block', message(['x']), /^messages\.0\.content\.0: Input should be an object/],
		[
			'a block type',
			message([text, { type: 5 }]),
			/^messages\.0\.content\.1\.type: Input should be a string/,
		],
		[
			'a text',
			message([{ type: 'text', text: 5 }]),
			/^messages\.0\.content\.0\.text: Input should be a string/,
		],
		['a missing text', message([{ type: 'text' }]), /^messages\.0\.content\.0\.text: Field required/],
		[
			'an image',
			message([{ type: 'image', source: { type: 'base64' } }]),
			/^messages\.0\.content\.0\.source\./,
		],
		[
			'a tool result',
			message([{ type: 'tool_result' }]),
			/^messages\.0\.content\.0\.tool_use_id: Field required/,
		],
		[
			'a tool result’s image',
			message([{ type: 'tool_result', tool_use_id: 'a', content: [{ type: 'image', source: 1 }] }]),
			/^messages\.0\.content\.0\.content\.0\.source: /,
		],
		['system', { ...hello, system: 5 }, /^system: /],
		['a system block', { ...hello, system: [{ type: 'text' }] }, /^system\.0\.text: Field required/],
		['tools', { ...hello, tools: {} }, /^tools: Input should be a list/],
		['a tool', { ...hello, tools: [{ input_schema: {} }] }, /^tools\.0\.name: Field required/],
		[
			'a function tool',
			{ ...hello, tools: [{ type: 'function', function: {} }] },
			/^tools\.0\.function\.name: /,
		],
		['an input schema', { ...hello, tools: [{ name: 'a', input_schema: 'x' }] }, /^tools\.0\.input_schema: /],
		['tool_choice', { ...hello, tool_choice: { type: 'maybe' } }, /^tool_choice/],
		['temperature', { ...hello, temperature: 'hot' }, /^temperature: Input should be a number/],
		['stop_sequences', { ...hello, stop_sequences: [5] }, /^stop_sequences\.0: Input should be a string/],
		['metadata', { ...hello, metadata: 'x' }, /^metadata: Input should be an object/],
		[
			'thinking',
			{ ...hello, thinking: { type: 'enabled', budget_tokens: 'x' } },
			/^thinking\.budget_tokens: /,
		],
	])('%s', async (_name, body, words) => {
		expectError(await call(proxy, body), 400, 'invalid_request_error', words)
		expect(openai.requests).toEqual([])
	})
})

describe('before the request is read', () => {
	test.each([
		['no key', {}],
		['a wrong key', { 'x-api-key': 'wrong' }],
		['an empty key', { 'x-api-key': '' }],
		['a wrong bearer', { authorization: 'Bearer wrong' }],
		['another scheme', { authorization: `Basic ${accessKey}` }],
	])('%s is refused', async (_name, headers) => {
		const answer = await call(proxy, hello, { headers: { 'x-api-key': '', ...headers } })
		expectError(answer, 401, 'authentication_error', /access key/)
	})

	test.each([
		['x-api-key', { 'x-api-key': accessKey }],
		['a bearer token', { 'x-api-key': '', authorization: `Bearer ${accessKey}` }],
		['a lower-case bearer', { 'x-api-key': '', authorization: `bearer ${accessKey}` }],
	])('the access key as %s is taken', async (_name, headers) => {
		await useType('openai')
		expect((await call(proxy, hello, { headers })).status).toBe(200)
	})

	test('a body over the limit is refused, declared or not', async () => {
		const body = JSON.stringify(message('x'.repeat(3 * 1024 * 1024)))
		expectError(await call(proxy, body), 413, 'request_too_large', /larger than 2 MB/)
		const chunked = await new Promise<{ status: number; text: string }>((resolve, reject) => {
			const headers = { 'x-api-key': accessKey, 'transfer-encoding': 'chunked' }
			const request = httpRequest(`${proxy.url}/v1/messages`, { method: 'POST', headers }, response => {
				let text = ''
				response.on('data', chunk => {
					text += chunk
				})
				response.on('end', () => resolve({ status: response.statusCode ?? 0, text }))
			})
			request.on('error', reject)
			request.end(body)
		})
		expect(chunked.status).toBe(413)
		expect(JSON.parse(chunked.text).error.type).toBe('request_too_large')
	})

	test('another method on the route is refused with the one it takes', async () => {
		const response = await fetch(`${proxy.url}/v1/messages`, { headers: { 'x-api-key': accessKey } })
		expect(response.status).toBe(405)
		expect(response.headers.get('allow')).toBe('POST')
	})

	const expectNothingAt = async (path: string) =>
		expectError(await call(proxy, hello, { path }), 404, 'not_found_error', /there is nothing at POST/)

	test.each(['/v1/nothing', '/v1'])('POST %s is unknown', expectNothingAt)

	test('POST where there might be a page is unknown, too', { tags: ['platform-routes'] }, () =>
		expectNothingAt('/nothing'),
	)
})

describe('a configuration that cannot answer says what to do', () => {
	let empty: TestProxy
	beforeAll(async () => {
		empty = await startProxy()
	})
	afterAll(() => empty.close())

	test('no upstream', async () => {
		expectError(await call(empty), 503, 'api_error', /no upstream is configured: add one/)
	})

	test('no key', async () => {
		await empty.use({ type: 'openai', baseUrl: openai.url, name: 'bare' }, [])
		expectError(await call(empty), 503, 'api_error', /"bare" has no usable key: add one/)
	})

	test('keys that this ENCRYPTION_KEY cannot open', async () => {
		await empty.use({ type: 'openai', baseUrl: openai.url, name: 'sealed' })
		await empty.services.database.execute(
			"UPDATE upstream_keys SET secret = replace(secret, 'v1.', 'v1.other-')",
		)
		await empty.repository.setStrategy('random', { author: 'cli' })
		await empty.services.config.refresh()
		expectError(await call(empty), 503, 'api_error', /cannot be opened with this ENCRYPTION_KEY/)
	})

	test('no current upstream', async () => {
		const { upstreams } = await empty.repository.read()
		const current = upstreams.find(({ name }) => name === 'sealed')!
		await empty.repository.removeUpstream(current.id, { author: 'cli' })
		await empty.services.config.refresh()
		expectError(await call(empty), 503, 'api_error', /no upstream is current: choose one/)
	})

	test('a refused connection names the host, not the key', async () => {
		await empty.use({ type: 'openai', baseUrl: 'http://127.0.0.1:9' })
		expectError(await call(empty), 502, 'api_error', /127\.0\.0\.1:9: connection refused/)
	})
})

test('after all of this the next request is answered', async () => {
	await useType('openai')
	expect((await call(proxy)).status).toBe(200)
})
