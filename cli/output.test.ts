import { stripVTControlCharacters } from 'node:util'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { loadEnvironment } from './environment.ts'
import { type CliFolder, createCliFolder } from './test-support/cli-folder.ts'
import { failFirstKey } from './test-support/fail-key.ts'
import { measureWidth } from './ui/text-width.ts'

let folder: CliFolder
beforeEach(async () => {
	folder = createCliFolder()
	await folder.run(
		'add',
		'月之暗面',
		'claude',
		'https://api.moonshot.cn/anthropic',
		'--key',
		'sk-one-0123456789-aaaa',
	)
	await folder.run('add', 'openai-main', 'openai', 'https://api.openai.com')
})
afterEach(() => folder.remove())

describe('text', () => {
	test('aligns Chinese names with the others', async () => {
		const { stdout } = await folder.run('list')
		const rows = stdout.split('\n').slice(0, 3)
		const columns = rows.map(row => measureWidth(row.slice(0, row.search(/TYPE|claude|openai /))))
		expect(rows[1]).toContain('月之暗面 (current)')
		expect(new Set(columns).size).toBe(1)
	})

	test('has no colours where they are not wanted, and the same words where they are', async () => {
		const plain = await folder.run('list')
		const colored = await folder.runWith({ color: true }, 'list')
		expect(plain.stdout).not.toContain('\u001b')
		expect(colored.stdout).toContain('\u001b[')
		expect(stripVTControlCharacters(colored.stdout)).toBe(plain.stdout)
		expect(await folder.runWith({ color: true }, 'list', '--no-color')).toEqual(plain)
	})

	test('fits into a narrow terminal', async () => {
		const { stdout } = await folder.runWith({ columns: 60 }, 'list')
		expect(stdout).toContain('…')
		for (const line of stdout.split('\n')) expect(measureWidth(line)).toBeLessThanOrEqual(60)
	})

	test('cannot be steered by what is stored', async () => {
		await folder.run('update', '0', '--description', 'a\u001b[2Jb\nc\u202ed')
		const { stdout } = await folder.run('show', '0')
		expect(stdout).toMatch(/description +a \[2Jb c d\n/)
	})

	test('tells which key cools, for how long and why', async () => {
		await failFirstKey({})
		expect((await folder.run('list')).stdout).toMatch(
			/月之暗面 \(current\) +claude +1 \(1 cooling\) +cooling [45]:\d\d /,
		)
		expect((await folder.run('show')).stdout).toMatch(/sk-…aaaa +cooling [45]:\d\d \(quota: no credit\)\n/)
		expect((await folder.run('key', '0', 'list')).stdout).toMatch(/cooling [45]:\d\d +1x +quota: no credit\n/)
		const { keys } = await folder.data('key', '0', 'list')
		expect(keys).toMatchObject([
			{ state: 'cooling', reason: 'quota: no credit', readyInMs: expect.any(Number) },
		])
	})

	test('tells which model a key may not be asked for', async () => {
		await failFirstKey({ scope: 'kimi-k2', failureClass: 'rate_limit', status: 429, baseMs: 60_000 })
		const { stdout } = await folder.run('show')
		expect(stdout).toMatch(/ready \(cooling for kimi-k2 (1:00|0:5\d)\)\n/)
	})

	test('says when the stored keys belong to another ENCRYPTION_KEY', async () => {
		process.env.ENCRYPTION_KEY = 'another passphrase than the one in .env'
		try {
			expect((await folder.run('list')).stdout).toMatch(
				/1 \(1 unreadable\) +no keys .*another ENCRYPTION_KEY/s,
			)
		} finally {
			delete process.env.ENCRYPTION_KEY
		}
	})

	test('says what is missing when no upstream is current', async () => {
		await folder.run('remove', '月之暗面')
		expect((await folder.run('list')).stdout).toMatch(/answered 503\nnext, choose one: npm run config -- use/)
	})

	test('shows what differs from the defaults, and where requests go', async () => {
		const words = [
			'--model-map',
			'opus=gpt-5',
			'--header',
			'X-Team=blue',
			'--timeout',
			'30s',
			'--auth-style',
			'Bearer',
		]
		await folder.run('update', 'openai-main', ...words, '--proxy', 'http://me:secret@127.0.0.1:8080')
		const { stdout } = await folder.run('show', 'openai')
		expect(stdout).toBe(
			[
				'1  openai-main',
				'   type        openai',
				'   URL         https://api.openai.com',
				'   calls       POST https://api.openai.com/v1/chat/completions',
				'   model map   opus -> gpt-5',
				'   headers     x-team: ••••',
				'   proxy       http://••••@127.0.0.1:8080',
				'   auth style  bearer',
				'   timeout     30 s',
				'   keys        none',
				'',
			].join('\n'),
		)
	})
})

describe('update', () => {
	test('adds to maps, replaces in them and takes from them', async () => {
		await folder.run('update', '1', '--model-map', 'opus=a', '--model-map', 'haiku=b')
		await folder.run(
			'update',
			'1',
			'--model-map',
			'opus=c',
			'--model-map',
			'sonnet=d',
			'--model-map',
			'haiku=',
		)
		expect(await folder.data('show', '1')).toMatchObject({ modelMap: { opus: 'c', sonnet: 'd' } })
		expect(Object.keys((await folder.data('show', '1')) as object)).toContain('calls')
	})

	test('makes no revision when nothing differs', async () => {
		const before = await folder.revision()
		const ended = await folder.run('update', '1', '--type', 'OpenAI')
		expect(ended).toMatchObject({ code: 0, stdout: expect.stringContaining('is like that already') })
		expect(await folder.revision()).toBe(before)
	})

	test('warns of unverified certificates, whatever the spelling of the option', async () => {
		const ended = await folder.run('update', '1', '--insecure-skip-verify=true')
		expect(ended).toMatchObject({
			code: 0,
			stderr: expect.stringMatching(/^note: TLS certificates of openai-main/),
		})
		expect(await folder.data('show', '1')).toMatchObject({ insecureSkipVerify: true })
	})
})

describe('remove in a terminal', () => {
	test('asks, and changes nothing when the answer is no', async () => {
		const asked: string[] = []
		const answer = (yes: boolean) => async (question: string) => {
			asked.push(question)
			return yes
		}
		const declined = await folder.runWith({ interactive: true, confirm: answer(false) }, 'remove', '0')
		expect(declined).toMatchObject({ code: 130, stderr: expect.stringContaining('月之暗面 is still there') })
		expect(asked).toEqual(['Remove 月之暗面 and its 1 key?'])
		expect((await folder.data('list')).upstreams).toHaveLength(2)
		const agreed = await folder.runWith({ interactive: true, confirm: answer(true) }, 'remove', '0')
		expect(agreed).toMatchObject({
			code: 0,
			stdout: expect.stringMatching(/^removed 月之暗面 and its 1 key\n/),
		})
	})

	test.each(['--yes', '-y', '--no-input', '--json'])('does not ask with %s', async option => {
		expect(await folder.runWith({ interactive: true }, 'remove', '0', option)).toMatchObject({ code: 0 })
		expect((await folder.data('list')).upstreams).toHaveLength(1)
	})
})

describe('history', () => {
	test('lists changes, newest first, with their author', async () => {
		await folder.run('balance', 'random')
		const { stdout } = await folder.run('history', '--limit', '2')
		expect(stdout).toMatch(
			/^# +WHEN +BY +WHAT\n3 .* cli +Set the strategy to random\n2 .* cli +Added upstream openai-main\n\nall 3 /,
		)
	})
})

describe('secrets', () => {
	test('are in no output of any command, text or JSON', async () => {
		const secrets = [
			'sk-one-0123456789-aaaa',
			'sk-two-0123456789-bbbb',
			'header-secret',
			'url-secret',
			'proxy-secret',
		]
		const [, key, header, url, proxy] = secrets as [string, string, string, string, string]
		const target = `https://me:${url}@a.example/v1?key=${url}`
		const commands = [
			['add', 'full', 'gemini', target, '--key', key, '--header', `authorization=${header}`],
			['update', 'full', '--proxy', `http://me:${proxy}@127.0.0.1:8080`, '--header', `x-api-key=${header}`],
			['key', 'full', 'add', key],
			['key', 'full', 'list'],
			['key', 'full', 'disable', key],
			['key', 'full', 'enable', key],
			['key', 'full', 'history', key],
			['key', 'full', 'clear', key],
			['use', 'full'],
			...[
				['list'],
				['show'],
				['show', 'full'],
				['history'],
				['history', 'show', '4'],
				['history', 'diff', '2', '5'],
				['history', 'restore', '3', '--dry-run'],
				['update', 'full', '--url', `https://you:${url}@a.example`, '--revision', '3'],
				['db', 'status'],
				['key', 'full', 'remove', key],
				['history', '--yes', 'purge', key],
			],
			['remove', 'full'],
		]
		const { PROXY_ACCESS_KEY, ENCRYPTION_KEY } = (await loadEnvironment()).environment
		for (const words of [...commands, ...commands.map(words => [...words, '--json'])]) {
			const { stdout, stderr } = await folder.run(...words)
			for (const secret of [...secrets, PROXY_ACCESS_KEY, ENCRYPTION_KEY]) {
				expect(`${words.slice(0, 3).join(' ')}: ${stdout}${stderr}`).not.toContain(secret)
			}
		}
	})
})
