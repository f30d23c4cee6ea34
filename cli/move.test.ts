import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type CliFolder, createCliFolder } from './test-support/cli-folder.ts'

const keys = ['sk-a-0123456789-aaaa', 'sk-b-0123456789-bbbb', 'sk-c-0123456789-cccc']
let folder: CliFolder
beforeEach(async () => {
	folder = createCliFolder()
	await folder.run('add', 'kimi', 'claude', 'https://a.example', ...keys.flatMap(key => ['--key', key]))
	await folder.run('add', 'glm', 'claude', 'https://b.example')
	await folder.run('add', 'qwen', 'claude', 'https://c.example')
})
afterEach(() => folder.remove())

const listMasks = async () => (await folder.data('key', 'kimi', 'list')).keys.map(({ mask }) => mask)
const listNames = async () => (await folder.data('list')).upstreams.map(({ name }) => name)

describe('key move', () => {
	test.each([
		[['2', '--top'], 'cab'],
		[['0', '--bottom'], 'bca'],
		[['1', '--up'], 'bac'],
		[['1', '--down'], 'acb'],
		[['0', '--to', '1'], 'bac'],
		[['0', '--to', '99'], 'bca'],
		[['0', '--up'], 'abc'],
	])('%j', async (words, order) => {
		expect(await folder.run('key', 'kimi', 'move', ...words)).toMatchObject({ code: 0 })
		expect((await listMasks()).map(mask => mask.at(-1)).join('')).toBe(order)
	})

	test.each([
		[['key', 'kimi', 'move', '0'], 2, /one of --top/],
		[['key', 'kimi', 'move', '0', '--top', '--up'], 2, /one of --top/],
		[['key', 'kimi', 'move', '--top'], 2, /takes one key/],
		[['key', 'kimi', 'move', '9', '--top'], 3, /no such key/],
		[['key', 'kimi', 'move', '0', '--to', 'first'], 2, /number from the list/],
		[['key', 'kimi', 'test'], 2, /takes one key/],
		[['key', 'kimi', 'test', '9'], 3, /no such key/],
		[['move', 'kimi'], 2, /one of --top/],
		[['move', 'kimmi', '--top'], 3, /did you mean kimi/],
	])('refuses %j', async (argv, code, problem) => {
		const before = await folder.revision()
		expect(await folder.run(...argv)).toMatchObject({
			code,
			stdout: '',
			stderr: expect.stringMatching(problem),
		})
		expect(await folder.revision()).toBe(before)
	})
})

test('move changes the order of upstreams, and not which one answers', async () => {
	expect(await folder.run('move', 'qwen', '--top')).toMatchObject({
		code: 0,
		stdout: 'moved qwen to place 0\n',
	})
	expect(await listNames()).toEqual(['qwen', 'kimi', 'glm'])
	expect(await folder.run('move', 'qwen', '--up')).toMatchObject({ stdout: 'qwen is there already\n' })
	expect((await folder.data('list')).upstreams.find(({ current }) => current)?.name).toBe('kimi')
})

describe('another host for keys that are stored', () => {
	beforeEach(() =>
		folder.run(
			'add',
			'main',
			'openai',
			'https://api.openai.com',
			'--key',
			'sk-proj-0123456789abcdefghijklmnop',
		),
	)

	test('is refused without a yes, and nothing is changed', async () => {
		const before = await folder.revision()
		const ended = await folder.run('update', 'main', '--url', 'https://relay.example/v1')
		expect(ended).toMatchObject({
			...{ code: 2, stdout: '' },
			stderr: expect.stringMatching(
				/sk-proj-…mnop looks like a key of OpenAI, but would go to relay\.example\nhint: add --force/,
			),
		})
		expect(await folder.revision()).toBe(before)
	})

	test('is taken with --force, with a yes, or where it is the same host', async () => {
		const force = await folder.run('update', 'main', '--url', 'https://relay.example/v1', '--force')
		expect(force).toMatchObject({
			code: 0,
			stderr: expect.stringContaining('note: sk-proj-…mnop looks like'),
		})
		const same = await folder.run('update', 'main', '--url', 'https://relay.example/v2')
		expect(same).toMatchObject({ code: 0, stderr: '' })
		const asked: string[] = []
		const confirm = async (question: string) => asked.push(question) > 0
		const yes = await folder.runWith(
			{ interactive: true, confirm },
			'update',
			'main',
			'--url',
			'https://other.example',
		)
		expect(yes.code).toBe(0)
		expect(asked).toEqual([expect.stringContaining('would go to other.example')])
	})
})
