import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { presets } from '../core/presets/presets.ts'
import { type CliFolder, createCliFolder } from './test-support/cli-folder.ts'

const anthropicKey = `sk-ant-api03-${'aB3dE5gH7j'.repeat(9)}`
const openRouterKey = `sk-or-v1-${'0123456789abcdef'.repeat(4)}`
const mask = 'sk-ant-api03-…gH7j'

let folder: CliFolder
beforeEach(() => {
	folder = createCliFolder()
})
afterEach(() => folder.remove())

const shown = async (name: string) => (await folder.data('list')).upstreams.find(one => one.name === name)

describe('presets', () => {
	test('lists them all, and tells more of one', async () => {
		const { stdout } = await folder.run('presets')
		for (const { id } of presets) expect(stdout).toMatch(new RegExp(`^${id} `, 'm'))
		const one = await folder.run('presets', 'DeepSeek')
		expect(one.stdout).toContain('https://api.deepseek.com/anthropic')
		expect(one.stdout).toContain('npm run config -- add <name> --preset deepseek')
		expect(JSON.parse((await folder.run('presets', '--json')).stdout).data.presets).toHaveLength(
			presets.length,
		)
	})

	test('names the nearest of one that it does not know', async () => {
		expect(await folder.run('presets', 'depseek')).toMatchObject({
			...{ code: 3, stderr: expect.stringMatching(/did you mean deepseek\?/) },
		})
	})
})

describe('add --preset', () => {
	test('fills in type, URL, website and model map, and says where keys are made', async () => {
		const ended = await folder.run('add', 'mine', '--preset', 'deepseek')
		expect(ended).toMatchObject({
			code: 0,
			stdout: expect.stringMatching(/keys are made at https:\/\/platform\.deepseek\.com/),
		})
		expect(await shown('mine')).toMatchObject({
			...{
				type: 'claude',
				baseUrl: 'https://api.deepseek.com/anthropic',
				website: 'https://platform.deepseek.com',
			},
			modelMap: { opus: 'deepseek-v4-pro', haiku: 'deepseek-v4-flash' },
		})
	})

	test('takes another endpoint, another URL, and options over what the preset says', async () => {
		await folder.run(
			'add',
			'one',
			'--preset',
			'openrouter',
			'--endpoint',
			'openai',
			'--model-map',
			'opus=mine',
		)
		expect(await shown('one')).toMatchObject({
			...{ type: 'openai', baseUrl: 'https://openrouter.ai/api/v1', authStyle: 'auto' },
			modelMap: { opus: 'mine', haiku: 'anthropic/claude-haiku-4.5' },
		})
		await folder.run('add', 'two', 'https://mine.openai.azure.com/openai/v1', '--preset', 'azure-openai')
		expect(await shown('two')).toMatchObject({
			type: 'openai',
			baseUrl: 'https://mine.openai.azure.com/openai/v1',
		})
		await folder.run('add', '--preset', 'fireworks')
		expect(await shown('fireworks')).toMatchObject({ type: 'claude', authStyle: 'bearer' })
	})

	test.each([
		[['add', 'x', '--preset', 'nosuch'], 3, /no preset "nosuch"/],
		[['add', 'x', '--preset', 'groq', '--endpoint', 'claude'], 2, /no endpoint of that type/],
		[['add', 'x', '--preset', 'azure-openai'], 2, /URL of your own/],
		[['add', 'x', 'https://h', 'openai', '--preset', 'groq'], 2, /a name and perhaps a URL/],
		[['add', 'x', 'openai', 'https://h', '--endpoint', 'openai'], 2, /goes with --preset/],
	])('%j is refused, and nothing is written', async (argv, code, words) => {
		expect(await folder.run(...argv)).toMatchObject({ code, stderr: expect.stringMatching(words) })
		expect(await folder.data('list')).toMatchObject({ revision: 0, upstreams: [] })
	})
})

describe('a key that belongs elsewhere', () => {
	const relay = ['add', 'relay', 'claude', 'https://relay.example', '--key', anthropicKey]

	test('is not sent there without --force', async () => {
		const refused = await folder.run(...relay)
		expect(refused.code).toBe(2)
		expect(refused.stderr).toContain(`${mask} looks like a key of Anthropic, but would go to relay.example`)
		expect(refused.stderr).not.toContain(anthropicKey)
		expect(await folder.revision()).toBe(0)
		const forced = await folder.run(...relay, '--force')
		expect(forced).toMatchObject({ code: 0, stderr: expect.stringMatching(/will go to relay\.example/) })
	})

	test('is asked about in a terminal', async () => {
		const questions: string[] = []
		const answer = (yes: boolean) => ({
			interactive: true,
			async confirm(question: string) {
				questions.push(question)
				return yes
			},
		})
		expect(await folder.runWith(answer(false), ...relay)).toMatchObject({ code: 130 })
		expect(await folder.revision()).toBe(0)
		expect(await folder.runWith(answer(true), ...relay)).toMatchObject({ code: 0 })
		expect(questions).toEqual([expect.stringContaining(mask), expect.stringContaining(mask)])
		expect(await folder.runWith({ interactive: true }, ...relay, '--no-input')).toMatchObject({ code: 2 })
	})

	test('is held back by key add, too', async () => {
		await folder.run('add', 'relay', 'claude', 'https://relay.example')
		const words = ['key', 'relay', 'add', 'sk-plain-0123456789', anthropicKey]
		expect(await folder.run(...words)).toMatchObject({ code: 2 })
		expect((await folder.data('key', 'relay', 'list')).keys).toEqual([])
		expect(await folder.run(...words, '--force')).toMatchObject({ code: 0 })
	})

	test.each([
		['its own host', ['add', 'a', 'claude', 'https://api.anthropic.com', '--key', anthropicKey], false],
		['this computer', ['add', 'a', 'claude', 'http://localhost:3000', '--key', anthropicKey], false],
		[
			'elsewhere, but is an aggregator’s',
			['add', 'a', 'openai', 'https://relay.example', '--key', openRouterKey],
			true,
		],
	])('that goes to %s is added', async (_name, argv, told) => {
		const ended = await folder.run(...argv)
		expect(ended.code).toBe(0)
		expect(/looks like a key of/.test(ended.stderr)).toBe(told)
	})
})
