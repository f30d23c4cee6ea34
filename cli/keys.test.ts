import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type CliFolder, createCliFolder } from './test-support/cli-folder.ts'

const first = 'sk-first-0123456789-aaaa'
const second = 'sk-second-0123456789-bbbb'

let folder: CliFolder
beforeEach(async () => {
	folder = createCliFolder()
	await folder.run('add', 'kimi', 'claude', 'https://api.moonshot.cn/anthropic')
})
afterEach(() => folder.remove())

const masks = async () => (await folder.data('key', 'kimi', 'list')).keys.map(({ mask }) => mask)

describe('key add', () => {
	test('says per key what happened to it, and that typed keys stay in the history', async () => {
		const ended = await folder.run('key', 'kimi', 'add', first, second, first)
		expect(ended).toMatchObject({ code: 0, stderr: expect.stringMatching(/^note: .*--key-stdin/) })
		expect(ended.stdout).toMatch(
			/^added sk-…aaaa\nadded sk-…bbbb\nsk-…aaaa is there already\nkimi has 2 keys\n/,
		)
	})

	test('reads many keys from stdin, a file and a variable, without a note', async () => {
		writeFileSync(join(folder.path, 'keys.txt'), `\ufeff# mine\r\n${first}\r\n\r\n`)
		process.env.TEST_KIMI_KEYS = `${second},sk-third-0123456789-cccc`
		try {
			const words = [
				'key',
				'kimi',
				'add',
				'--key-stdin',
				'--key-file',
				'keys.txt',
				'--key-env',
				'TEST_KIMI_KEYS',
			]
			const readInput = async () => 'sk-fourth-0123456789-dddd\nsk-fifth-0123456789-eeee\n'
			expect(await folder.runWith({ readInput }, ...words)).toMatchObject({ code: 0, stderr: '' })
		} finally {
			delete process.env.TEST_KIMI_KEYS
		}
		expect(await masks()).toEqual(['sk-…dddd', 'sk-…eeee', 'sk-…bbbb', 'sk-…cccc', 'sk-…aaaa'])
	})

	test('adds none of the keys from stdin when one of them is no key', async () => {
		const readInput = async () => `${first}\nsk-broken in two\n`
		expect(await folder.runWith({ readInput }, 'key', 'kimi', 'add', '--key-stdin')).toMatchObject({
			code: 2,
			stderr: expect.stringMatching(/key 2 of stdin must be one word/),
		})
		expect(await masks()).toEqual([])
	})

	test('refuses an empty stdin', async () => {
		const ended = await folder.runWith({ readInput: async () => ' \n' }, 'key', 'kimi', 'add', '--key-stdin')
		expect(ended).toMatchObject({ code: 2, stderr: expect.stringContaining('stdin holds no key') })
	})

	test('takes a key that starts with a dash after --', async () => {
		expect(await folder.run('key', 'kimi', 'add', '--', '-dash-0123456789-ffff')).toMatchObject({ code: 0 })
		expect(await masks()).toEqual(['-das…ffff'])
	})
})

describe('key remove, disable and enable', () => {
	test.each([
		['its number', async () => '1'],
		['its id', async () => (await folder.data('key', 'kimi', 'list')).keys[1]!.id],
		['its mask', async () => 'sk-…bbbb'],
		['its mask as people type it', async () => 'sk-...bbbb'],
		['the key itself', async () => second],
	])('finds a key by %s', async (_, word) => {
		await folder.run('key', 'kimi', 'add', first, second)
		const ended = await folder.run('key', 'kimi', 'remove', await word())
		expect(ended).toMatchObject({ code: 0, stdout: expect.stringMatching(/^removed sk-…bbbb\n/), stderr: '' })
		expect(await masks()).toEqual(['sk-…aaaa'])
	})

	test('refuses a mask that two keys have', async () => {
		await folder.run('key', 'kimi', 'add', 'short-1', 'short-2')
		expect(await folder.run('key', 'kimi', 'remove', '••••')).toMatchObject({
			code: 3,
			stderr: expect.stringMatching(/2 keys of kimi look like/),
		})
		expect(await masks()).toHaveLength(2)
	})

	test('pauses a key and resumes it', async () => {
		await folder.run('key', 'kimi', 'add', first)
		const paused = await folder.run('key', 'kimi', 'disable', '0')
		expect(paused.stdout).toMatch(/disabled sk-…aaaa\nkimi has 0 usable keys\nnext, give it a key/)
		expect(await folder.data('key', 'kimi', 'list')).toMatchObject({ keys: [{ state: 'paused' }] })
		await folder.run('key', 'kimi', 'enable', '0')
		expect(await folder.data('key', 'kimi', 'list')).toMatchObject({ keys: [{ state: 'ready' }] })
	})
})

describe('what to do next', () => {
	test('leads from the first upstream to the first request', async () => {
		const added = await folder.run('add', 'my server', 'https://a.example', 'openai')
		expect(added.stdout).toContain("next, give it a key: npm run config -- key 'my server' add <key>")
		const keyed = await folder.run('key', 'my server', 'add', first)
		expect(keyed.stdout).toContain("next, answer requests with it: npm run config -- use 'my server'")
		const used = await folder.run('use', 'my server')
		expect(used.stdout).toContain('npm start')
	})
})
