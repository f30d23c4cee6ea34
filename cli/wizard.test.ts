import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import Anthropic from '@anthropic-ai/sdk'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { startHranaProcess } from '../test/support/hrana-server.ts'
import { type ScriptedUpstream, startOpenAiUpstream } from '../test/support/upstreams/index.ts'
import {
	keys,
	openTerminal,
	photograph,
	type Terminal,
	type TerminalOptions,
} from './test-support/terminal.ts'

const first = 'sk-proj-first-0123456789abcdef'
const second = 'sk-second-0123456789abcdef'
const { enter, down, escape: leave, interrupt } = keys

let root: string
let folder: string
let home: string
let upstream: ScriptedUpstream
const terminals: Terminal[] = []

beforeEach(async () => {
	root = mkdtempSync(join(tmpdir(), 'claude-proxy-wizard-'))
	folder = join(root, 'work')
	home = join(root, 'home')
	mkdirSync(folder)
	mkdirSync(join(home, '.claude'), { recursive: true })
	writeFileSync(join(home, '.claude/settings.json'), '{\n  "model": "opus"\n}\n')
	upstream = await startOpenAiUpstream({ keys: [first, second], models: ['gpt-4o', 'gpt-4o-mini'] })
})
afterEach(async () => {
	for (const terminal of terminals.splice(0)) {
		terminal.kill()
		await terminal.ended()
	}
	await upstream.close()
	rmSync(root, { recursive: true, force: true })
})

async function open(options: Partial<TerminalOptions> = {}): Promise<Terminal> {
	const terminal = await openTerminal({ folder, home, ...options })
	terminals.push(terminal)
	return terminal
}

async function findFreePort(): Promise<number> {
	const server = createServer()
	await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
	const { port } = server.address() as { port: number }
	await new Promise(resolve => server.close(resolve))
	return port
}

const env = () => parseEnv(readFileSync(join(folder, '.env'), 'utf8'))
const settings = () => JSON.parse(readFileSync(join(home, '.claude/settings.json'), 'utf8'))

/** Each question of a first run, and what is typed; the upstream is our scripted one. */
function listSteps(): [question: string, typed: string][] {
	return [
		['Where should the configuration be kept?', enter],
		['Clients need an access key', enter],
		['Which service answers?', 'by its URL'],
		['(1 match)', enter],
		['Paste its URL', `export OPENAI_BASE_URL=${upstream.url}/v1${enter}${enter}`],
		['What does it speak?', enter],
		['What is it to be called?', enter],
		['Paste the keys of', `${first}, ${second}${enter}${first}${enter}${enter}`],
		['Which models should stand', enter],
		['For opus and sonnet', `4o${enter}`],
		['For haiku', `mini${enter}`],
		['Let Claude Code use this proxy?', enter],
		['All set. Write it', enter],
	]
}

async function walk(terminal: Terminal, steps: readonly (readonly [string, string])[]): Promise<void> {
	for (const [question, typed] of steps) {
		await terminal.see(question)
		terminal.type(typed)
	}
}

test('leads from nothing to a proxy that answers the SDK', async () => {
	const port = await findFreePort()
	const terminal = await open({ variables: { PORT: String(port) } })
	await walk(terminal, listSteps())
	await terminal.see('is running')
	const screen = terminal.screen()
	const { PROXY_ACCESS_KEY = '', ENCRYPTION_KEY } = env()
	expect(screen).toMatch(/sk-proj-…cdef new, sk-…cdef new/)
	expect(screen).toMatch(/sk-proj-…cdef duplicate/)
	expect(screen).toMatch(/sk-proj-…cdef {2}200 {2}answered in \d+ ms by gpt-4o/)
	expect(screen.split(PROXY_ACCESS_KEY)).toHaveLength(2)
	for (const secret of [first, second, String(ENCRYPTION_KEY)]) expect(screen).not.toContain(secret)

	expect(statSync(join(folder, '.env')).mode & 0o777).toBe(0o600)
	expect(settings()).toMatchObject({
		model: 'opus',
		env: { ANTHROPIC_BASE_URL: `http://127.0.0.1:${port}`, ANTHROPIC_AUTH_TOKEN: PROXY_ACCESS_KEY },
	})
	upstream.script({ text: ['Hello ', 'from far'] })
	const { env: client } = settings()
	const anthropic = new Anthropic({
		baseURL: client.ANTHROPIC_BASE_URL,
		authToken: client.ANTHROPIC_AUTH_TOKEN,
	})
	const stream = anthropic.messages.stream({
		...{ model: 'claude-sonnet-5-5', max_tokens: 50, messages: [{ role: 'user', content: 'hi' }] },
	})
	expect(await stream.finalText()).toBe('Hello from far')
	expect(upstream.requests.at(-1)).toMatchObject({ key: first, body: { model: 'gpt-4o' } })
	terminal.type(interrupt)
	expect(await terminal.ended()).toBe(0)
})

test('finds services by name, offers their endpoints, and says where keys are made', async () => {
	const terminal = await open()
	await walk(terminal, [
		...listSteps().slice(0, 2),
		['Which service answers?', 'deepseek'],
		['(1 match)', enter],
		['Which endpoint?', `${down}${enter}`],
	])
	await terminal.see('requests will go to POST https://api.deepseek.com/v1/chat/completions')
	await terminal.see('https://platform.deepseek.com/api_keys')
	terminal.type(enter)
	await terminal.see('Paste at least one key')
	terminal.type(`sk-ant-api03-0123456789abcdefghij${enter}`)
	await terminal.see('looks like a key of Anthropic')
	terminal.type(leave)
	expect(await terminal.ended()).toBe(130)
	expect(photograph(folder)).toEqual({})
})

test('sets a database server up', async () => {
	const server = await startHranaProcess()
	try {
		const terminal = await open()
		await terminal.see('Where should the configuration be kept?')
		terminal.type(`${down}${enter}`)
		await terminal.see('Database URL')
		terminal.type(`${server.url}${enter}`)
		await terminal.see('Token of the database')
		terminal.type(`${server.token}${enter}`)
		await terminal.see('(empty)')
		await walk(terminal, listSteps().slice(1, 12))
		await terminal.see('All set. Write it')
		terminal.type(`${down}${enter}`)
		await terminal.see('Ready.')
		expect(await terminal.ended()).toBe(0)
		expect(env()).toMatchObject({ TURSO_DATABASE_URL: server.url })
		expect(existsSync(join(folder, 'data'))).toBe(false)
		const menu = await open()
		await menu.see('1 upstream, local answers')
		menu.type(interrupt)
		expect(await menu.ended()).toBe(130)
	} finally {
		await server.stop()
	}
})

describe('a question that is left', () => {
	const count = 13
	const cases = Array.from({ length: count }, (_, index) => index).flatMap(index => [
		[index, 'Esc', leave] as const,
		[index, 'Ctrl-C', interrupt] as const,
	])

	test.each(cases)('number %i by %s: nothing is written', async (index, _name, key) => {
		const before = photograph(folder, home)
		const terminal = await open()
		const steps = listSteps()
		expect(steps).toHaveLength(count)
		await walk(terminal, steps.slice(0, index))
		await terminal.see(steps[index]?.[0] ?? '')
		terminal.type(key)
		await terminal.see('Cancelled: nothing was written. Skipped:')
		expect(await terminal.ended()).toBe(130)
		expect(terminal.screen().replace(/\s+/g, ' ')).toMatch(/Skipped: .*writing it all\./)
		expect(photograph(folder, home)).toEqual(before)
	})

	test('while the upstream is being tested: nothing is written, and the upstream hears of it', async () => {
		const gate = upstream.gate()
		upstream.script({ text: ['late'], gate })
		const terminal = await open()
		await walk(terminal, listSteps().slice(0, 8))
		await terminal.see('Testing')
		await upstream.waitForRequest(2)
		terminal.type(leave)
		await terminal.see('Cancelled: nothing was written.')
		expect(await terminal.ended()).toBe(130)
		expect(existsSync(join(folder, '.env'))).toBe(false)
	})
})

describe('what goes wrong on the way', () => {
	test('a key that is refused is told, and may be entered again', async () => {
		const terminal = await open()
		const steps = listSteps()
		await walk(terminal, steps.slice(0, 7))
		await terminal.see('Paste the keys of')
		terminal.type(`sk-wrong-0123456789abcdef${enter}${enter}`)
		await terminal.see('auth: Incorrect API key')
		await terminal.see('The test failed. What now?')
		terminal.type(enter)
		await walk(terminal, steps.slice(7, 12))
		await terminal.see('All set. Write it')
		terminal.type(`${down}${enter}`)
		await terminal.see('Ready. Start it with: npm start')
		expect(await terminal.ended()).toBe(0)
	})

	test('an official key for another host needs a yes', async () => {
		const terminal = await open()
		const steps = listSteps()
		await walk(terminal, [
			...steps.slice(0, 4),
			['Paste its URL', `https://relay.example/v1${enter}${enter}`],
			...steps.slice(5, 7),
		])
		await terminal.see('Paste the keys of')
		terminal.type(`${first}${enter}${enter}`)
		await terminal.see('looks like a key of OpenAI, but would go to')
		terminal.type(`n`)
		await terminal.see('Paste the keys of')
		terminal.type(leave)
		expect(await terminal.ended()).toBe(130)
	})

	test('settings that are no JSON are left alone, and the first run goes on', async () => {
		writeFileSync(join(home, '.claude/settings.json'), '{ // mine\n}')
		const terminal = await open()
		await walk(terminal, listSteps().slice(0, 11))
		await terminal.see('cannot be edited')
		await terminal.see('All set. Write it')
		terminal.type(`${down}${enter}`)
		await terminal.see('Ready.')
		expect(await terminal.ended()).toBe(0)
		expect(readFileSync(join(home, '.claude/settings.json'), 'utf8')).toBe('{ // mine\n}')
	})

	test('a database that is away is told, and another one may be chosen', async () => {
		const terminal = await open()
		await terminal.see('Where should the configuration be kept?')
		terminal.type(`${down}${enter}`)
		await terminal.see('Database URL')
		terminal.type(`postgres://x${enter}`)
		await terminal.see('It must start with libsql:')
		terminal.type(`\u0015http://127.0.0.1:9${enter}`)
		await terminal.see('Token of the database')
		terminal.type(enter)
		await terminal.see('The database could not be reached')
		terminal.type(leave)
		expect(await terminal.ended()).toBe(130)
		expect(existsSync(join(folder, '.env'))).toBe(false)
	})
})

describe('afterwards', () => {
	async function setUp(): Promise<void> {
		const terminal = await open()
		const steps = listSteps()
		await walk(terminal, steps.slice(0, 12))
		await terminal.see('All set. Write it')
		terminal.type(`${down}${enter}`)
		expect(await terminal.ended()).toBe(0)
	}

	test('a menu changes things, and goes back without a change', async () => {
		await setUp()
		const menu = await open()
		await menu.see('What do you want to do?')
		menu.type(`${down.repeat(4)}${enter}`)
		await menu.see('How should its keys take turns?')
		menu.type(`${down}${enter}`)
		await menu.see('strategy round-robin')
		await menu.see('What do you want to do?')
		menu.type(`${down.repeat(4)}${enter}`)
		await menu.see('How should its keys take turns?')
		const before = readFileSync(join(folder, '.env'), 'latin1')
		menu.type(leave)
		await menu.see('Left: nothing was changed.')
		await menu.see('What do you want to do?')
		menu.type(`${down.repeat(6)}${enter}`)
		await menu.see('strategy round-robin')
		await menu.see('What do you want to do?')
		menu.type(interrupt)
		expect(await menu.ended()).toBe(130)
		expect(readFileSync(join(folder, '.env'), 'latin1')).toBe(before)
	})

	test('it speaks Chinese where the terminal does', async () => {
		await setUp()
		const menu = await open({ variables: { LANG: 'zh_CN.UTF-8' } })
		await menu.see('要做什么？')
		menu.type(`${down.repeat(11)}${enter}`)
		await menu.see('再见。')
		expect(await menu.ended()).toBe(0)
	})
})

test('without a terminal there are no questions, only help', async () => {
	const terminal = await open({ argv: ['--no-input'] })
	await terminal.see('for example')
	expect(await terminal.ended()).toBe(0)
	expect(photograph(folder)).toEqual({})
})
