import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type CliFolder, createCliFolder } from './test-support/cli-folder.ts'

let folder: CliFolder
beforeEach(async () => {
	folder = createCliFolder()
	await folder.run('add', 'openai-main', 'openai', 'https://api.openai.com')
})
afterEach(() => folder.remove())

const readRules = async () =>
	((await folder.data('map', '0', 'list')) as unknown as { rules: object[] }).rules

describe('map', () => {
	test('sets rules, each at its place, and removes them', async () => {
		await folder.run('map', 'openai', 'set', 'Opus', 'gpt-5')
		await folder.run('config', 'map', '0', 'set', 'claude-*-haiku-*', 'gpt-5-mini')
		expect(await readRules()).toEqual([
			{ from: 'Opus', to: 'gpt-5', rule: 'tier' },
			{ from: 'claude-*-haiku-*', to: 'gpt-5-mini', rule: 'glob' },
		])
		const changed = await folder.run('map', '0', 'set', 'opus', 'gpt-5.1')
		expect(changed).toMatchObject({
			code: 0,
			stdout: expect.stringMatching(/^changed .*\n.*FROM +TO +KIND\nOpus +gpt-5.1 +tier\n/),
		})
		const removed = await folder.data('map', '0', 'remove', 'CLAUDE-*-haiku-*')
		expect(removed).toMatchObject({ changed: true, rules: [{ from: 'Opus', to: 'gpt-5.1', rule: 'tier' }] })
		await folder.run('map', '0', 'remove', 'opus')
		expect((await folder.run('map', '0', 'list')).stdout).toMatch(
			/maps no models.*\nnext, map one: npm run config -- map/,
		)
	})

	test('makes no revision when nothing differs', async () => {
		await folder.run('map', '0', 'set', 'opus', 'gpt-5')
		const before = await folder.revision()
		expect((await folder.run('map', '0', 'set', 'opus', 'gpt-5')).stdout).toMatch(/is like that already/)
		expect(await folder.revision()).toBe(before)
	})

	test('of several at once loses none', async () => {
		const names = ['a', 'b', 'c', 'd', 'e']
		await Promise.all(names.map(name => folder.run('map', '0', 'set', `model-${name}`, name)))
		expect(await readRules()).toHaveLength(names.length)
	})

	test.each([
		[['map'], 2, /needs an upstream/],
		[['map', '0'], 2, /needs an upstream/],
		[['map', '0', 'tests', 'x'], 2, /did you mean test\?/],
		[['map', '0', 'list', 'x'], 2, /takes nothing/],
		[['map', '0', 'set', 'opus'], 2, /takes two models/],
		[['map', '0', 'set', 'opus', ' '], 2, /takes two models/],
		[['map', '0', 'set', 'claude-a', 'claude-b', 'gpt-5'], 2, /quote a pattern/],
		[['map', '0', 'remove'], 2, /takes one rule/],
		[['map', '0', 'remove', 'opsu'], 3, /no rule "opsu"\nhint: did you mean opus\?/],
		[['map', '0', 'test'], 2, /takes one model/],
		[['map', 'nobody', 'list'], 3, /no upstream "nobody"/],
	])('%j is refused', async (argv, code, message) => {
		await folder.run('map', '0', 'set', 'opus', 'gpt-5')
		const before = await folder.revision()
		expect(await folder.run(...argv)).toMatchObject({
			code,
			stdout: '',
			stderr: expect.stringMatching(message),
		})
		expect(await folder.revision()).toBe(before)
	})
})

describe('map test', () => {
	beforeEach(async () => {
		for (const rule of [
			['opus', 'gpt-5.1'],
			['claude-*-haiku-*', 'gpt-5-mini'],
			['claude-sonnet-5', 'gpt-5'],
		])
			await folder.run('map', '0', 'set', ...rule)
	})

	test.each([
		[
			'claude-sonnet-5-20260101[1m]',
			{ becomes: 'gpt-5', rule: 'exact', from: 'claude-sonnet-5', matched: 'claude-sonnet-5' },
		],
		['claude-3-haiku-20240307', { becomes: 'gpt-5-mini', rule: 'glob', from: 'claude-*-haiku-*' }],
		['claude-opus-5-5', { becomes: 'gpt-5.1', rule: 'tier', from: 'opus' }],
		['o4-mini', { becomes: 'o4-mini', rule: 'none', from: null, matched: null }],
	])('%s: what it becomes, and which rule decided', async (model, expected) => {
		expect(await folder.data('map', 'openai-main', 'test', model)).toMatchObject({
			...{ upstream: { name: 'openai-main' }, model },
			...expected,
		})
	})

	test('tells it to people', async () => {
		const tell = async (model: string) => (await folder.run('map', '0', 'test', model)).stdout
		expect(await tell('claude-opus-5-5')).toBe('claude-opus-5-5 -> gpt-5.1\nby the tier opus\n')
		expect(await tell('Claude-Sonnet-5-20260101')).toBe(
			'Claude-Sonnet-5-20260101 -> gpt-5\nby the name claude-sonnet-5, once its suffixes are off\n',
		)
		expect(await tell('o4-mini')).toMatch(/^o4-mini -> o4-mini\nno rule fits: /)
		expect(await tell('a\u001b[2Jb')).not.toContain('\u001b')
	})
})
