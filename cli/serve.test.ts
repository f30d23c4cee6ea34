import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ensureCli } from '../scripts/lib/ensure-cli.ts'
import { projectRoot } from '../scripts/lib/layout.ts'
import { quietProgress } from '../scripts/lib/progress.ts'
import { startOpenAiUpstream } from '../test/support/upstreams/index.ts'

/** `npm start` without npm: the bundle's `serve` in processes of their own. */
interface Served {
	child: ChildProcess
	url: string
	output(): string
}

let folder: string
let entry: string
const children: ChildProcess[] = []

beforeEach(async () => {
	folder = mkdtempSync(join(tmpdir(), 'claude-proxy-serve-'))
	entry = await ensureCli(projectRoot, quietProgress)
})
afterEach(async () => {
	for (const child of children.splice(0)) {
		if (child.exitCode !== null || child.signalCode !== null) continue
		child.kill('SIGKILL')
		await once(child, 'exit')
	}
	rmSync(folder, { recursive: true, force: true })
})

function run(
	argv: string[],
	variables: NodeJS.ProcessEnv = {},
	cwd = folder,
): { child: ChildProcess; output(): string } {
	const env = { PATH: process.env.PATH, PORT: '0', NO_COLOR: '1', ...variables }
	const child = spawn(process.execPath, [entry, ...argv], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
	children.push(child)
	let output = ''
	for (const stream of [child.stdout, child.stderr]) {
		stream?.on('data', chunk => {
			output += chunk
		})
	}
	return { child, output: () => output }
}

async function serve(variables?: NodeJS.ProcessEnv): Promise<Served> {
	const { child, output } = run(['serve'], variables)
	const exited = once(child, 'exit')
	while (!/is running.*~\/\.claude\/settings\.json/s.test(output())) {
		const ended = await Promise.race([once(child.stdout!, 'data'), exited.then(() => 'ended')])
		if (ended === 'ended') throw new Error(output())
	}
	const url = /Address\s+(\S+)/.exec(output())?.[1] ?? ''
	return { child, url, output }
}

async function ended(argv: string[], variables?: NodeJS.ProcessEnv, cwd?: string) {
	const { child, output } = run(argv, variables, cwd)
	const [code] = await once(child, 'close')
	return { code, output: output() }
}

const readSecrets = () => parseEnv(readFileSync(join(folder, '.env'), 'utf8'))
const hello = { model: 'gpt-4o', max_tokens: 50, messages: [{ role: 'user', content: 'Hi' }] }

function ask(url: string, accessKey: string | undefined, body: object = hello): Promise<Response> {
	const headers = { 'content-type': 'application/json', 'x-api-key': accessKey ?? '' }
	return fetch(`${url}/v1/messages`, { method: 'POST', headers, body: JSON.stringify(body) })
}

describe('serve in an empty folder', () => {
	test('makes .env and database for its owner alone, and says what to do next', async () => {
		const served = await serve()
		expect(readdirSync(folder).sort()).toEqual(['.env', 'data'])
		expect(statSync(join(folder, '.env')).mode & 0o777).toBe(0o600)
		expect(statSync(join(folder, 'data')).mode & 0o777).toBe(0o700)
		const secrets = readSecrets()
		expect(secrets.PROXY_ACCESS_KEY?.length).toBeGreaterThan(30)
		for (const secret of Object.values(secrets)) expect(served.output()).not.toContain(secret)
		expect(served.output()).toContain('npm run config -- add')

		const health = await fetch(`${served.url}/health`).then(response => response.json())
		expect(health).toMatchObject({
			status: 'degraded',
			mode: 'development',
			uptime: expect.any(Number),
			timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
			config: { upstreamCount: 0, currentUpstream: null, loadBalance: 'failover' },
			database: { ok: true, kind: 'file' },
		})
	})

	test('several at once agree on one .env, and a second start keeps it', async () => {
		const all = await Promise.all([serve(), serve(), serve()])
		const secrets = readSecrets()
		const answers = await Promise.all(all.map(({ url }) => ask(url, secrets.PROXY_ACCESS_KEY)))
		// Past the access key: 503 since nothing is configured.
		expect(answers.map(({ status }) => status)).toEqual([503, 503, 503])
		expect(readdirSync(folder).sort()).toEqual(['.env', 'data'])
		await serve()
		expect(readSecrets()).toEqual(secrets)
	})

	test('a .env that is there is completed, not replaced', async () => {
		writeFileSync(join(folder, '.env'), 'PROXY_ACCESS_KEY=mine\nLOG_LEVEL=error')
		const { url } = await serve()
		expect(readSecrets()).toEqual({
			PROXY_ACCESS_KEY: 'mine',
			LOG_LEVEL: 'error',
			ENCRYPTION_KEY: expect.any(String),
		})
		expect((await ask(url, 'mine')).status).toBe(503)
	})

	test('what the CLI changes is used by the running proxy', async () => {
		const upstream = await startOpenAiUpstream({ keys: ['sk-from-the-cli-0123456789'] })
		const { url } = await serve()
		const { PROXY_ACCESS_KEY } = readSecrets()
		expect((await ask(url, PROXY_ACCESS_KEY)).status).toBe(503)
		expect(await ended(['add', 'scripted', 'openai', upstream.url])).toMatchObject({ code: 0 })
		expect(await ended(['key', 'scripted', 'add', 'sk-from-the-cli-0123456789'])).toMatchObject({ code: 0 })
		const deadline = performance.now() + 60_000
		let answer = await ask(url, PROXY_ACCESS_KEY)
		while (answer.status === 503 && performance.now() < deadline) answer = await ask(url, PROXY_ACCESS_KEY)
		expect(await answer.json()).toMatchObject({ content: [{ type: 'text', text: 'You said: Hi' }] })
		await upstream.close()
	})
})

describe('what stops a start is said in one sentence, without a stack', () => {
	const sentence = /^(?!.*\n\s+at )/s

	test('a port in use', async () => {
		const other = createServer().listen(0, '127.0.0.1')
		await once(other, 'listening')
		const { port } = other.address() as AddressInfo
		const { code, output } = await ended(['serve'], { PORT: String(port) })
		expect(code).toBe(1)
		expect(output).toMatch(sentence)
		expect(output).toContain(`port ${port} on 127.0.0.1 is already in use`)
		expect(output).toContain(`PORT=${port + 1}`)
		other.close()
	})

	test('wrong variables, all of them', async () => {
		const { code, output } = await ended(['serve'], { PORT: 'abc', LOG_LEVEL: 'loud', ENABLE_CORS: 'maybe' })
		expect(code).toBe(2)
		expect(output).toMatch(sentence)
		for (const name of ['PORT', 'LOG_LEVEL', 'ENABLE_CORS']) expect(output).toContain(`${name} must be`)
	})

	test('a folder that cannot be written', async () => {
		const { code, output } = await ended(['serve'], {}, '/proc')
		expect(code).toBe(1)
		expect(output).toMatch(sentence)
		expect(output).toMatch(/\/proc\/\.env cannot be written/)
	})

	test('a database that cannot be made', async () => {
		writeFileSync(join(folder, 'plain'), 'a file, no folder')
		const { code, output } = await ended(['serve'], { TURSO_DATABASE_URL: 'file:plain/x.db' })
		expect(code).toBe(5)
		expect(output).toMatch(sentence)
		expect(output).toContain('TURSO_DATABASE_URL')
	})

	test('a file that is no database', async () => {
		const path = join(folder, 'broken.db')
		writeFileSync(path, 'this is not a database, whatever its name says'.repeat(100))
		const { code, output } = await ended(['serve'], { TURSO_DATABASE_URL: `file:${path}` })
		expect(code).toBe(5)
		expect(output).toMatch(sentence)
		expect(output).toMatch(/damaged|not a database/)
		expect(readFileSync(path, 'utf8')).toMatch(/^this is not a database/)
	})

	test('the key that everybody knows, in production', async () => {
		const variables = { NODE_ENV: 'production', PROXY_ACCESS_KEY: 'your-proxy-access-key' }
		const { code, output } = await ended(['serve'], variables)
		expect(code).toBe(2)
		expect(output).toContain('everybody knows it')
	})
})

test('told to stop, it lets open streams end first', async () => {
	const upstream = await startOpenAiUpstream()
	const served = await serve()
	const { PROXY_ACCESS_KEY } = readSecrets()
	await ended(['add', 'scripted', 'openai', upstream.url, '--key', 'sk-any-key-0123456789'])
	const gate = upstream.gate()
	upstream.script({ text: ['first ', 'last'], gate })
	const deadline = performance.now() + 60_000
	gate.release(2)
	let answer = await ask(served.url, PROXY_ACCESS_KEY, { ...hello, stream: true })
	while (answer.status === 503 && performance.now() < deadline) {
		answer = await ask(served.url, PROXY_ACCESS_KEY, { ...hello, stream: true })
	}
	const exited = once(served.child, 'exit')
	served.child.kill('SIGTERM')
	gate.open()
	expect(await answer.text()).toContain('message_stop')
	expect(await exited).toEqual([0, null])
	await upstream.close()
})
