import { writeFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type CliFolder, createCliFolder } from './test-support/cli-folder.ts'

let folder: CliFolder
beforeEach(() => {
	folder = createCliFolder()
	const tools = [{ name: 'get_weather', input_schema: { type: 'object', properties: {} } }]
	const request = {
		model: 'claude-opus-4-5',
		max_tokens: 9,
		messages: [{ role: 'user', content: 'hi' }],
		tools,
	}
	writeFileSync('request.json', JSON.stringify({ ...request, top_k: 5 }))
	const events = [
		{ choices: [{ index: 0, delta: { role: 'assistant', content: 'Hel' } }] },
		{ choices: [{ index: 0, delta: { content: 'lo' } }] },
		{ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] },
	]
	const lines = events.map(
		event =>
			`data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', model: 'm', ...event })}\n\n`,
	)
	writeFileSync('answer.sse', `${lines.join('')}data: [DONE]\n\n`)
})
afterEach(() => folder.remove())

describe('convert', () => {
	test('shows the request of a type, and what was left out', async () => {
		const ended = await folder.run('convert', 'request.json', '--to', 'openai')
		expect(JSON.parse(ended.stdout)).toMatchObject({
			model: 'claude-opus-4-5',
			messages: [{ role: 'user', content: 'hi' }],
			tools: [{ type: 'function', function: { name: 'get_weather' } }],
		})
		expect(ended.stderr).toMatch(/^POST https:\/\/api\.openai\.com\/v1\/chat\/completions\nnote: .*top_k/)
	})

	test("goes by an upstream's URL and model map, and shows none of its secrets", async () => {
		await folder.run(
			'add',
			'kimi',
			'gemini',
			'https://g.example/v1beta',
			'--key',
			'sk-secret-0123456789',
			'--header',
			'x-team=hidden-value',
			'--model-map',
			'opus=big',
		)
		const { stdout } = await folder.run('convert', 'request.json', '--json')
		const { data } = JSON.parse(stdout)
		expect(data).toMatchObject({ upstreamModel: 'big', headers: { 'x-team': '••••' } })
		expect(data.url).toContain('https://g.example/v1beta/models/big:generateContent')
		expect(stdout).not.toMatch(/hidden-value|0123456789/)
	})

	test('writes the command that would send it, without the key', async () => {
		const url = 'https://o.example/v1'
		await folder.run('add', 'main', 'openai', url, '--key', 'sk-secret-0123456789')
		const { stdout, stderr } = await folder.run('convert', 'request.json', '--curl')
		expect(stdout).toMatch(/^curl .*https:\/\/o\.example\/v1\/chat\/completions/s)
		expect(stdout).toContain('$UPSTREAM_KEY')
		expect(stdout + stderr).not.toContain('0123456789')
	})

	test('shows the message that a client would get of a recorded stream', async () => {
		const { stdout } = await folder.run('convert', 'answer.sse', '--answer', '--to', 'openai')
		expect(JSON.parse(stdout)).toMatchObject({
			...{ type: 'message', role: 'assistant', stop_reason: 'end_turn' },
			content: [{ type: 'text', text: 'Hello' }],
		})
	})

	test('shows the events of it', async () => {
		const { stdout } = await folder.run('convert', 'answer.sse', '--answer', '--to', 'openai', '--stream')
		const types = [...stdout.matchAll(/^event: (\w+)$/gm)].map(([, type]) => type)
		expect(types.at(0)).toBe('message_start')
		expect(types.at(-1)).toBe('message_stop')
		expect(types.filter(type => type === 'content_block_delta').length).toBeGreaterThan(0)
	})

	test('judges a refusal as the proxy would', async () => {
		writeFileSync('refusal.json', '{"error":{"message":"model not found","type":"invalid_request_error"}}')
		const ended = await folder.run('convert', 'refusal.json', '--answer', '--to', 'openai', '--status', '404')
		expect(ended).toMatchObject({
			...{ code: 7, stdout: '' },
			stderr: 'error: the client would get 404 not_found_error: model not found\n',
		})
	})

	test.each([
		[['convert'], 2, /takes one file/],
		[['convert', 'nowhere.json', '--to', 'openai'], 2, /there is no file nowhere\.json/],
		[['convert', '.', '--to', 'openai'], 2, /\. is a folder/],
		[['convert', 'request.json', '--to', 'opnai'], 2, /no such upstream type/],
		[['convert', 'request.json', '--to', 'openai', '--upstream', 'x'], 2, /not both/],
		[['convert', 'request.json', '--to', 'openai', '--stream'], 2, /--stream goes with --answer/],
		[['convert', 'answer.sse', '--answer', '--curl'], 2, /for requests/],
		[['convert', 'request.json'], 3, /no upstream is current/],
		[['convert', 'answer.sse', '--to', 'openai'], 1, /the proxy would answer 400/],
		[['convert', 'answer.sse', '--answer', '--to', 'openai', '--request', 'answer.sse'], 2, /no JSON object/],
		[['convert', 'answer.sse', '--answer', '--to', 'openai', '--status', '99'], 2, /HTTP status/],
	])('refuses %j', async (argv, code, problem) => {
		expect(await folder.run(...argv)).toMatchObject({
			code,
			stdout: '',
			stderr: expect.stringMatching(problem),
		})
	})
})
