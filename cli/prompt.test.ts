import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ensureCli } from '../scripts/lib/ensure-cli.ts'
import { projectRoot } from '../scripts/lib/layout.ts'
import { quietProgress } from '../scripts/lib/progress.ts'
import { startProxy } from '../test/support/proxy.ts'
import { type ScriptedUpstream, startOpenAiUpstream } from '../test/support/upstreams/index.ts'
import { type CliFolder, createCliFolder } from './test-support/cli-folder.ts'

const key = 'sk-good-0123456789-good'
let folder: CliFolder
let upstream: ScriptedUpstream
beforeEach(async () => {
	// Port 9 has no proxy: commands ask upstreams themselves.
	folder = createCliFolder({ PORT: '9' })
	upstream = await startOpenAiUpstream({ keys: [key] })
	await folder.run('add', 'main', 'openai', upstream.url, '--key', key, '--model-map', 'sonnet=gpt-4o')
})
afterEach(async () => {
	folder.remove()
	await upstream.close()
})

describe('prompt', () => {
	test('shows the answer as it comes, and nothing else on stdout', async () => {
		upstream.script({ text: ['Hel', 'lo \u001b[31mred', '\nworld'] })
		const written: string[] = []
		const ended = await folder.runWith({ write: text => void written.push(text) }, 'prompt', 'say hello')
		expect(written).toEqual(['Hel', 'lo [31mred', '\nworld', '\n'])
		expect(ended).toMatchObject({
			code: 0,
			stderr: expect.stringMatching(/^main · claude-sonnet-5-5 · \d+ ms · \d+ tokens in, \d+ out\n$/),
		})
		expect(upstream.requests.at(-1)?.body).toMatchObject({ model: 'gpt-4o', stream: true })
	})

	test('asks for a whole answer with what it was told', async () => {
		upstream.script({ text: 'whole' })
		const words = ['--no-stream', '--system', 'be brief', '--max-tokens', '77', '--model', 'gpt-4o-mini']
		expect(await folder.run('prompt', 'hi', ...words)).toMatchObject({ code: 0, stdout: 'whole\n' })
		const { body } = upstream.requests.at(-1) ?? {}
		expect(body).toMatchObject({
			model: 'gpt-4o-mini',
			messages: [{ content: 'be brief' }, { content: 'hi' }],
		})
		expect(JSON.stringify(body)).toContain('77')
		expect(body).not.toHaveProperty('stream', true)
	})

	test('is one JSON document with --json, streamed or not', async () => {
		for (const more of [[], ['--no-stream']]) {
			upstream.script({ text: ['a ', 'b'] })
			const { stdout, stderr } = await folder.run('prompt', 'hi', '--json', ...more)
			expect(JSON.parse(stdout)).toMatchObject({
				ok: true,
				data: { via: 'main', message: { content: [{ type: 'text', text: 'a b' }], stop_reason: 'end_turn' } },
			})
			expect(stderr).toBe('')
		}
	})

	test('reads stdin', async () => {
		upstream.script({ text: 'ok' })
		await folder.runWith({ readInput: async () => 'from a pipe' }, 'prompt', '-')
		expect(JSON.stringify(upstream.requests.at(-1)?.body)).toContain('from a pipe')
	})

	test('tells what the upstream said, and ends with 7', async () => {
		upstream.script({ fault: { status: 400, body: { error: { message: 'no such model' } } } })
		expect(await folder.run('prompt', 'hi')).toMatchObject({
			code: 7,
			stdout: '',
			stderr: 'error: main: 400 no such model\n',
		})
	})

	test.each([
		[['prompt'], 2, /takes one text/],
		[['prompt', 'a', 'b'], 2, /quote it/],
		[['prompt', ' '], 2, /is empty/],
		[['prompt', 'a', '--max-tokens', 'many'], 2, /whole number/],
		[['prompt', 'a', '--stream', '--no-stream'], 2, /not both/],
		[['prompt', 'a', '--upstream', 'mian'], 3, /did you mean main/],
	])('refuses %j', async (argv, code, problem) => {
		expect(await folder.run(...argv)).toMatchObject({
			code,
			stdout: '',
			stderr: expect.stringMatching(problem),
		})
		expect(upstream.requests).toHaveLength(0)
	})

	test('stops the upstream when it is interrupted', async () => {
		upstream.script({ text: ['one ', 'two'], stallAfterEvents: 2 })
		const entry = await ensureCli(projectRoot, quietProgress)
		const child = spawn(process.execPath, [entry, 'prompt', 'count'], {
			cwd: folder.path,
			stdio: ['ignore', 'pipe', 'pipe'],
		})
		const [text] = (await once(child.stdout, 'data')) as [Buffer]
		expect(text.toString()).toBe('one ')
		child.kill('SIGINT')
		await upstream.waitForAbort()
		const [code] = (await once(child, 'exit')) as [number]
		expect(code).toBe(130)
	})

	test('goes through a proxy that runs', async () => {
		const proxy = await startProxy()
		try {
			await folder.run('init')
			const { port } = new URL(proxy.url)
			process.env.PORT = port
			process.env.PROXY_ACCESS_KEY = proxy.services.accessKeys.proxy
			const ended = await folder.run('prompt', 'hi')
			// That proxy has no upstream of its own: its refusal shows who was asked.
			expect(ended).toMatchObject({
				code: 7,
				stderr: expect.stringMatching(/127\.0\.0\.1:\d+: 503 no upstream is configured/),
			})
			upstream.script({ text: 'direct' })
			expect(await folder.run('prompt', 'hi', '--direct')).toMatchObject({ code: 0, stdout: 'direct\n' })
		} finally {
			delete process.env.PORT
			delete process.env.PROXY_ACCESS_KEY
			await proxy.close()
		}
	})
})
