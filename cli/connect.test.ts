import {
	lstatSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	statSync,
	symlinkSync,
	writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { loadEnvironment } from './environment.ts'
import { type CliFolder, createCliFolder } from './test-support/cli-folder.ts'

let folder: CliFolder
let claude: string
const before = process.env.CLAUDE_CONFIG_DIR
beforeEach(() => {
	folder = createCliFolder({ PORT: '3456' })
	claude = join(folder.path, 'claude')
	process.env.CLAUDE_CONFIG_DIR = claude
})
afterEach(() => {
	folder.remove()
	if (before === undefined) delete process.env.CLAUDE_CONFIG_DIR
	else process.env.CLAUDE_CONFIG_DIR = before
})

const settingsPath = () => join(claude, 'settings.json')
const settings = () => JSON.parse(readFileSync(settingsPath(), 'utf8'))
const accessKey = async () => (await loadEnvironment()).environment.PROXY_ACCESS_KEY

describe('connect', () => {
	test('prints settings without the key, and with it when asked to', async () => {
		const plain = await folder.run('connect')
		expect(JSON.parse(plain.stdout).env).toEqual({
			ANTHROPIC_BASE_URL: 'http://127.0.0.1:3456',
			ANTHROPIC_AUTH_TOKEN: '<the access key>',
		})
		expect(plain.stderr).toContain('--show-key')
		const shown = await folder.run('connect', '--format', 'env', '--show-key')
		expect(shown.stdout).toBe(
			`export ANTHROPIC_BASE_URL=http://127.0.0.1:3456\nexport ANTHROPIC_AUTH_TOKEN=${await accessKey()}\n`,
		)
	})

	test('takes another address, and the models of the current upstream', async () => {
		await folder.run(
			'add',
			'kimi',
			'claude',
			'https://a.example',
			'--model-map',
			'opus=big',
			'--model-map',
			'x=y',
		)
		const { stdout } = await folder.run(
			...['connect', '--url', 'https://proxy.example/v1', '--models', '--no-telemetry', '--format', 'json'],
		)
		expect(JSON.parse(stdout)).toMatchObject({
			ANTHROPIC_BASE_URL: 'https://proxy.example',
			ANTHROPIC_DEFAULT_OPUS_MODEL: 'big',
			DISABLE_TELEMETRY: '1',
		})
	})

	test('writes the settings once, and never shows the key', async () => {
		const first = await folder.run('connect', '--write')
		expect(first).toMatchObject({ code: 0, stdout: expect.stringContaining('+ "ANTHROPIC_BASE_URL"') })
		expect(settings().env.ANTHROPIC_AUTH_TOKEN).toBe(await accessKey())
		expect(statSync(settingsPath()).mode & 0o777).toBe(0o600)
		const again = await folder.run('connect', '--write')
		expect(again.stdout).toMatch(/settings\.json points here already\n$/)
		expect(readdirSync(claude)).toEqual(['settings.json'])
		expect(first.stdout + again.stdout).not.toContain(await accessKey())
	})

	test('keeps what is there, and the file as it was beside it', async () => {
		mkdirSync(claude)
		const text = '{\n  "model": "opus",\n  "env": { "A": "1", "ANTHROPIC_API_KEY": "sk-ant-old" }\n}\n'
		writeFileSync(settingsPath(), text, { mode: 0o644 })
		await folder.run('connect', '--write')
		expect(settings()).toMatchObject({ model: 'opus', env: { A: '1', ANTHROPIC_API_KEY: '' } })
		const [backup = ''] = readdirSync(claude).filter(name => name.includes('.backup-'))
		expect(readFileSync(join(claude, backup), 'utf8')).toBe(text)
		expect(statSync(settingsPath()).mode & 0o777).toBe(0o644)
	})

	test('writes through a link, which stays one', async () => {
		mkdirSync(claude)
		const real = join(folder.path, 'dotfiles.json')
		writeFileSync(real, '{}')
		symlinkSync(real, settingsPath())
		await folder.run('connect', '--write')
		expect(lstatSync(settingsPath()).isSymbolicLink()).toBe(true)
		expect(JSON.parse(readFileSync(real, 'utf8')).env.ANTHROPIC_BASE_URL).toBe('http://127.0.0.1:3456')
	})

	test('leaves alone what it cannot read', async () => {
		mkdirSync(claude)
		writeFileSync(settingsPath(), '{ // mine\n}')
		const ended = await folder.run('connect', '--write')
		expect(ended).toMatchObject({
			code: 1,
			stderr: expect.stringMatching(/cannot be edited.*\nhint: put it in by hand/),
		})
		expect(readFileSync(settingsPath(), 'utf8')).toBe('{ // mine\n}')
		expect(readdirSync(claude)).toEqual(['settings.json'])
	})

	test.each([
		[['connect', 'x'], /takes options only/],
		[['connect', '--format', 'fisch'], /no such format\nhint: did you mean fish/],
		[['connect', '--format', 'env', '--write'], /only the format claude-code/],
		[['connect', '--url', 'proxy.example'], /--url must be/],
		[['connect', '--models'], /maps no opus/],
	])('refuses %j', async (argv, problem) => {
		expect(await folder.run(...argv)).toMatchObject({
			code: 2,
			stdout: '',
			stderr: expect.stringMatching(problem),
		})
		expect(readdirSync(folder.path)).not.toContain('claude')
	})
})
