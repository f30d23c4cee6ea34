import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type CliFolder, createCliFolder } from './test-support/cli-folder.ts'

const key = 'sk-swordfish-0123456789-aaaa'
const other = 'sk-swordfish-0123456789-bbbb'
const passphrase = 'correct horse battery'

let folder: CliFolder
beforeEach(() => {
	folder = createCliFolder()
})
afterEach(() => folder.remove())

const seed = (rest: object = {}) => {
	const openai = {
		name: 'openai-api',
		serviceType: 'openai',
		baseUrl: 'https://api.openai.com',
		apiKeys: [key],
	}
	return JSON.stringify({ upstream: [{ ...openai, ...rest }], currentUpstream: 0, loadBalance: 'random' })
}
const write = (path: string, text: string | Buffer) => writeFileSync(join(folder.path, path), text)
const read = (path: string) => readFileSync(join(folder.path, path), 'utf8')

describe('import', () => {
	test('of the original’s file says what it did, and how to undo it', async () => {
		write('config.json', seed())
		const dry = await folder.run('import', 'config.json', '--dry-run')
		expect(dry.stdout).toBe(
			[
				...[
					'added',
					'  + upstream openai-api (openai, https://api.openai.com)',
					'  + openai-api: key sk-…aaaa',
				],
				...['settings', '  ~ current upstream: none -> openai-api', '  ~ strategy: failover -> random'],
				...['nothing was imported: this is what an import would do', ''],
			].join('\n'),
		)
		expect(await folder.revision()).toBe(0)
		const ended = await folder.run('import', 'config.json')
		expect(ended).toMatchObject({ code: 0, stderr: '' })
		expect(ended.stdout).toMatch(/\nimported as revision 1\nundo: npm run config -- history restore 0\n$/)
		expect((await folder.run('import', 'config.json')).stdout).toMatch(/nothing to import\n$/)
		expect(await folder.revision()).toBe(1)
	})

	test('of a folder takes its config.json, or its newest backup', async () => {
		mkdirSync(join(folder.path, 'old/.config/config.backups'), { recursive: true })
		const backup = (time: string) => `old/.config/config.backups/config-${time}.json`
		write(backup('2025-08-30T09-15-02-123Z'), seed({ name: 'older' }))
		write(backup('2025-08-31T07-15-02-123Z'), seed({ name: 'newest' }))
		write('old/.config/config.json', seed({ name: 'present' }))
		for (const path of ['old', 'old/.config']) {
			expect((await folder.run('import', path, '--dry-run')).stdout).toContain('upstream present')
		}
		const { stdout } = await folder.run('import', 'old/.config/config.backups', '--dry-run')
		expect(stdout).toContain('upstream newest')

		write(backup('2025-08-31T09-15-02'), seed())
		const ended = await folder.run('import', 'old/.config/config.backups', '--dry-run')
		expect(ended).toMatchObject({ code: 2, stdout: '' })
		expect(ended.stderr).toMatch(/holds several files:\n(?: {2}old\/.*\n){3}hint: give the one/)
	})

	test('reads a pipe, UTF-16 and a byte order mark', async () => {
		const readInput = async () => seed({ name: 'piped' })
		expect((await folder.runWith({ readInput }, 'import', '-')).stdout).toContain('upstream piped')
		write('utf16.json', Buffer.from(`\ufeff${seed({ name: 'sixteen' })}`, 'utf16le'))
		expect((await folder.run('import', 'utf16.json')).stdout).toContain('upstream sixteen')
		write('bom.json', `\ufeff${seed({ name: 'marked' })}`)
		expect((await folder.run('import', 'bom.json')).stdout).toContain('upstream marked')
	})

	test('asks in a terminal, and imports what was shown', async () => {
		write('config.json', seed())
		const questions: string[] = []
		const answer = (yes: boolean) => ({
			interactive: true,
			confirm: async (question: string) => questions.push(question) > 0 && yes,
		})
		const refused = await folder.runWith(answer(false), 'import', 'config.json')
		expect(refused).toMatchObject({
			code: 130,
			stdout: '',
			stderr: expect.stringContaining('+ upstream openai-api'),
		})
		expect(await folder.revision()).toBe(0)
		expect(await folder.runWith(answer(true), 'import', 'config.json')).toMatchObject({ code: 0 })
		expect(questions).toEqual(['Import this?', 'Import this?'])
	})

	test('outside of a terminal removes nothing without --yes', async () => {
		await folder.run('add', 'mine', 'openai', 'https://a.example', '--key', other)
		write('config.json', seed())
		const refused = await folder.run('import', 'config.json', '--replace')
		expect(refused).toMatchObject({
			code: 2,
			stderr: expect.stringMatching(/removes something.*\nhint: .*--yes/),
		})
		expect(await folder.revision()).toBe(1)
		const ended = await folder.run('import', 'config.json', '--replace', '--yes', '--message', 'start again')
		expect(ended.stdout).toContain('removed\n  - upstream mine and its 1 key')
		expect((await folder.run('history')).stdout).toMatch(/2 .*import +start again/)
	})

	test('on a revision that is not the present one is a conflict', async () => {
		write('config.json', seed())
		await folder.run('add', 'mine', 'openai', 'https://a.example')
		expect(await folder.run('import', 'config.json', '--revision', '0')).toMatchObject({ code: 4 })
		expect(await folder.run('import', 'config.json', '--revision', '1')).toMatchObject({ code: 0 })
	})

	test.each([
		[
			'a file that does not fit',
			seed({ baseUrl: 'nowhere', apiKeys: [`${key} x`] }),
			8,
			/upstream\[0\]\.baseUrl must be an http/,
		],
		['no JSON', `{"apiKeys": [${key}`, 8, /not JSON: line 1, column 14/],
		['bytes', Buffer.from([0x50, 0x4b, 0xc3, 0x28]), 8, /is not a text in UTF-8/],
		['an endless file', Buffer.alloc(33_000_000, 32), 8, /larger than 32 MB/],
	])('refuses %s', async (_, text, code, message) => {
		write('config.json', text)
		const ended = await folder.run('import', 'config.json', '--yes')
		expect(ended).toMatchObject({ code, stdout: '', stderr: expect.stringMatching(message) })
		expect(ended.stderr).not.toContain('swordfish')
		const { stdout } = await folder.run('import', 'config.json', '--json')
		expect(JSON.parse(stdout)).toMatchObject({ ok: false, error: { code: 'rejected' } })
		expect(await folder.revision()).toBe(0)
	})

	test.each([
		[['import'], 2, /takes one file/],
		[['import', 'a', 'b'], 2, /takes one file/],
		[['import', 'missing.json'], 3, /there is no file or folder missing\.json/],
		[['import', 'data'], 3, /holds no config\.json/],
		[['import', '.env', '--merge', '--replace'], 2, /not both/],
		[['import', '-', '--passphrase-stdin'], 2, /cannot be both/],
		[['import', '.env', '--passphrase-env', 'NOT_SET_HERE'], 2, /is not set/],
		[['export', 'a', 'b'], 2, /at most one file/],
		[['export', '--format', 'xml'], 2, /--format must be/],
		[['export', '--format', 'seed', '--without-keys'], 2, /plain text/],
		[['export', '--without-keys', '--passphrase-env', 'PATH'], 2, /needs no passphrase/],
		[['export', 'a', '--passphrase'], 2, /a passphrase is needed/],
		[['export', 'missing/a.json'], 1, /cannot be written \(ENOENT\)/],
	])('%j ends with %i', async (words, code, message) => {
		await folder.run('list')
		expect(await folder.run(...words)).toMatchObject({
			code,
			stdout: '',
			stderr: expect.stringMatching(message),
		})
	})
})

describe('export', () => {
	beforeEach(async () => {
		write('config.json', seed())
		await folder.run('import', 'config.json')
	})

	test('into a file that only its owner reads, which it does not overwrite', async () => {
		const ended = await folder.run('export', 'backup.json')
		expect(ended.stdout).toBe(
			'wrote backup.json (1 upstream, 1 key), with its keys as they are: keep it to yourself\n',
		)
		expect(statSync(join(folder.path, 'backup.json')).mode & 0o777).toBe(0o600)
		write('backup.json', 'mine')
		expect(await folder.run('export', 'backup.json')).toMatchObject({ code: 4, stdout: '' })
		expect(read('backup.json')).toBe('mine')
		expect(await folder.run('export', 'backup.json', '--force')).toMatchObject({ code: 0 })
		expect(JSON.parse(read('backup.json'))).toMatchObject({ format: 'claude-proxy', keys: 'plain' })
		expect(readdirSync(folder.path).filter(name => name.endsWith('.tmp'))).toEqual([])
	})

	test('to stdout is the document and nothing else', async () => {
		const { stdout } = await folder.run('export', '--without-keys')
		expect(JSON.parse(stdout)).toMatchObject({ keys: 'none', upstreams: [{ keys: [{ mask: 'sk-…aaaa' }] }] })
		expect(stdout).not.toContain('swordfish')
		expect(JSON.parse((await folder.run('export')).stdout).upstreams[0].keys[0].key).toBe(key)
	})

	test('shows keys to a terminal only by force', async () => {
		expect(await folder.runWith({ columns: 80 }, 'export')).toMatchObject({
			...{ code: 2, stdout: '', stderr: expect.stringContaining('would be shown') },
		})
		expect((await folder.runWith({ columns: 80 }, 'export', '--force')).stdout).toContain(key)
		expect(await folder.runWith({ columns: 80 }, 'export', '--without-keys')).toMatchObject({ code: 0 })
	})

	test('in the original’s format is its config.json', async () => {
		await folder.run('update', '0', '--timeout', '5s')
		const { stdout, stderr } = await folder.run('export', '--format', 'seed')
		expect(JSON.parse(stdout)).toEqual(JSON.parse(seed()))
		expect(stderr).toMatch(/^note: upstream\[0\]\.timeoutMs: of openai-api has no place in this format\n$/)
	})

	test('sealed by a prompt, opened by a variable', async () => {
		const typed = (...answers: string[]) => ({
			interactive: true,
			askSecret: async () => answers.shift() ?? '',
			confirm: async () => true,
		})
		const differs = await folder.runWith(typed(passphrase, 'other one'), 'export', 'a.json', '--passphrase')
		expect(differs).toMatchObject({ code: 130, stderr: expect.stringContaining('differ') })
		const short = await folder.runWith(typed('short', 'short'), 'export', 'a.json', '--passphrase')
		expect(short).toMatchObject({ code: 2, stderr: expect.stringContaining('8 to 1024') })
		const sealed = await folder.runWith(typed(passphrase, passphrase), 'export', 'a.json', '--passphrase')
		expect(sealed.stdout).toMatch(/sealed with the passphrase\n$/)
		expect(read('a.json')).not.toMatch(/openai|swordfish/)

		await folder.run('remove', '0', '--yes')
		expect(await folder.run('import', 'a.json')).toMatchObject({
			code: 2,
			stderr: expect.stringMatching(/--passphrase-env/),
		})
		expect(await folder.runWith(typed('wrong one'), 'import', 'a.json')).toMatchObject({ code: 8 })
		process.env.TEST_PASSPHRASE = passphrase
		try {
			const ended = await folder.run('import', 'a.json', '--passphrase-env', 'TEST_PASSPHRASE')
			expect(ended).toMatchObject({ code: 0, stdout: expect.stringContaining('+ openai-api: key sk-…aaaa') })
		} finally {
			delete process.env.TEST_PASSPHRASE
		}
	})
})

describe('as processes', () => {
	test('one exports through a pipe with a passphrase from stdin, the other imports', async () => {
		write('config.json', seed())
		expect(await folder.spawn(['import', 'config.json', '--yes'])).toMatchObject({ code: 0 })
		const sealed = await folder.spawn(['export', '--passphrase-stdin'], { input: `${passphrase}\n` })
		expect(sealed).toMatchObject({ code: 0, stderr: '' })
		expect(sealed.stdout).not.toContain('swordfish')
		const next = createCliFolder()
		try {
			const variables = { SECRET: passphrase }
			const input = sealed.stdout
			const argv = ['import', '-', '--replace', '--passphrase-env', 'SECRET', '--json']
			const made = await next.spawn(argv, { input, variables })
			expect(JSON.parse(made.stdout)).toMatchObject({
				ok: true,
				data: {
					revision: 1,
					source: { sealed: true },
					review: { added: [{ name: 'openai-api', keyCount: 1 }] },
				},
			})
			const wrong = await next.spawn(argv, { input, variables: { SECRET: 'wrong horse' } })
			expect(wrong.code).toBe(8)
			expect(JSON.parse(wrong.stdout)).toMatchObject({ ok: false, error: { code: 'passphrase' } })
		} finally {
			next.remove()
		}
	})

	test('say that a key is in another upstream too', async () => {
		await folder.run('add', 'a', 'openai', 'https://a.example', '--key', key)
		const added = await folder.spawn(['add', 'b', 'openai', 'https://b.example', '--key-stdin'], {
			input: key,
		})
		expect(added.stdout).toContain('sk-…aaaa is also a key of a\n')
		await folder.run('add', 'c', 'openai', 'https://c.example')
		const keyed = await folder.run('key', 'c', 'add', key, other)
		expect(keyed.stdout).toMatch(
			/added sk-…aaaa\nadded sk-…bbbb\nsk-…aaaa is also a key of a\nsk-…aaaa is also a key of b\n/,
		)
	})
})
