import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type CliFolder, createCliFolder } from './test-support/cli-folder.ts'

const planted = 'sk-live-0123456789abcdefghijklmnop'

let folder: CliFolder
beforeAll(async () => {
	folder = createCliFolder()
	await folder.run('add', 'kimi', 'claude', 'https://api.moonshot.cn/anthropic', '--key', planted)
	await folder.run('add', '4o-main', 'openai', 'https://api.openai.com')
	await folder.run('add', '4o-spare', 'openai', 'https://api.openai.com')
})
afterAll(() => folder.remove())

type Case = [words: string[], code: number, error: RegExp, hint?: RegExp]

const refused: Case[] = [
	[['add'], 2, /name, a type and a URL/],
	[['add', 'x', 'openai'], 2, /name, a type and a URL/, /claude, openai, openaiold, gemini/],
	[['add', 'x', 'openai', 'https://a.example', 'more'], 2, /name, a type and a URL/],
	[['add', 'x', 'openai', 'api.example.com'], 2, /url: must be an http/],
	[['add', 'x', 'ftp://a.example', 'openai'], 2, /url: must be an http/],
	[
		['add', 'x', 'opnai', 'https://a.example'],
		2,
		/no such upstream type/,
		/claude, openai, openaiold, gemini/,
	],
	[['add', ' ', 'openai', 'https://a.example'], 2, /name: must not be empty/],
	[['add', 'a\nb', 'openai', 'https://a.example'], 2, /name: must not contain control/],
	[['add', 'KIMI', 'openai', 'https://a.example'], 4, /named kimi exists already/],
	[['add', 'x', 'openai', 'https://a.example', '--website', 'nowhere'], 2, /website:/],
	[
		['add', 'x', 'openai', 'https://a.example', '--insecureSkipVerify', 'perhaps'],
		2,
		/must be true or false/,
	],
	[['add', 'x', 'openai', 'https://a.example', '--model-map', 'opus'], 2, /must look like from=to/],
	[['add', 'x', 'openai', 'https://a.example', '--header', 'a b=c'], 2, /must be one word/],
	[['add', 'x', 'openai', 'https://a.example', '--header', 'a=c\nd'], 2, /printable Latin/],
	[['add', 'x', 'openai', 'https://a.example', '--auth-style', 'basic'], 2, /auth-style:/],
	[['add', 'x', 'openai', 'https://a.example', '--timeout', 'long'], 2, /such as 30s/],
	[['add', 'x', 'openai', 'https://a.example', '--key', 'a b'], 2, /key 1 must be one word/],
	[['add', 'x', 'openai', 'https://a.example', '--key-env', 'NOT_SET_HERE'], 2, /not set/],
	[
		['add', 'x', 'openai', 'https://a.example', '--key-file', 'missing.txt'],
		2,
		/there is no file missing\.txt/,
	],
	[
		['add', 'x', 'openai', 'https://a.example', '--descripton', 'typo'],
		2,
		/unknown option --descripton/,
		/--description/,
	],
	[['add', 'x', 'openai', 'https://a.example', '--description'], 2, /--description needs a value/],
	[['key'], 2, /key <upstream> add\|list/],
	[['key', 'kimi'], 2, /key <upstream> add\|list/],
	[['key', 'kimi', 'ad', planted], 2, /no action/, /did you mean add/],
	[['key', 'kimi', 'add'], 2, /no key given/],
	[['key', 'kimi', 'add', ''], 2, /key 1 must not be empty/],
	[['key', 'kimi', 'add', 'sk-good-0123456789', 'sk two words'], 2, /key 2 must be one word/],
	[['key', 'kimi', 'add', 'sk-line\nbreak'], 2, /key 1 must be one word/],
	[['key', 'kimi', 'add', planted], 4, /no key was added to kimi\nsk-…mnop is there already/],
	[['key', 'nobody', 'add', planted], 3, /no upstream "nobody"/],
	[['key', 'kimi', 'remove', '9'], 3, /kimi has no such key/],
	[['key', 'kimi', 'remove', 'sk-other-key-0123456789'], 3, /kimi has no such key/],
	[['key', 'kimi', 'remove'], 2, /remove takes one key/],
	[['use'], 2, /use takes one upstream/],
	[['use', 'kiwi'], 3, /no upstream "kiwi"/, /did you mean kimi/],
	[['use', '4o'], 3, /begins several names/, /4o-main, 4o-spare/],
	[['use', '4'], 3, /no upstream "4"/, /from 0 to 2/],
	[['use', ''], 3, /no upstream ""/],
	[['use', '4o-mian'], 3, /no upstream "4o-mian"/, /4o-main/],
	[['remove', 'kim'], 3, /no upstream "kim"/, /did you mean kimi/],
	[['update', 'kimi'], 2, /no option was given/, /--insecureSkipVerify/],
	[['update', 'kimi', '--name', '4o-MAIN'], 4, /exists already/],
	[['update', 'kimi', '--type', 'soap'], 2, /no such upstream type/],
	[['update', 'kimi', '--max-concurrent', '-1'], 2, /--max-concurrent needs a value/],
	[['update', 'kimi', '--timeout', '2000m'], 2, /timeout:/],
	[['balance'], 2, /takes one strategy/],
	[['balance', 'roundrobin'], 2, /no such strategy/, /did you mean round-robin/],
	[['balance', 'fastest'], 2, /no such strategy/, /failover, round-robin, random/],
	[['list', 'kimi'], 2, /takes nothing/],
	[['show', 'kiwi'], 3, /no upstream/],
	[['history', '--limit', '0'], 2, /--limit/],
	[['db'], 2, /db migrate/],
	[['serve', '--port', '99999'], 2, /--port/],
	[['lst'], 2, /no command "lst"/, /did you mean list/],
	[['constructor'], 2, /no command/],
	[[planted], 2, /no command "sk-…mnop"/],
	[['key', planted, 'add', 'kimi'], 3, /no upstream "sk-…mnop"/],
	[['key', 'kimi', 'add', `--${planted}`], 2, /unknown option/],
	[['key', 'kimi', 'add', `-${planted}`], 2, /unknown option/],
]

describe('what is refused', () => {
	test.each(refused)('%j', async (words, code, error, hint) => {
		const revision = await folder.revision()
		const ended = await folder.run(...words)
		expect(ended).toMatchObject({ code, stdout: '', stderr: expect.stringMatching(error) })
		expect(ended.stderr).toMatch(/^error: /m)
		expect(ended.stderr).toMatch(hint ?? /^/)
		expect(ended.stderr).not.toContain(planted)
		expect(ended.stderr).not.toMatch(/\n\s+at /)
		expect(await folder.revision()).toBe(revision)
	})

	test('is one JSON document and nothing else with --json', async () => {
		expect(await folder.run('use', 'kiwi', '--json')).toEqual({
			code: 3,
			stdout: `${JSON.stringify({
				ok: false,
				error: { code: 'not-found', message: 'there is no upstream "kiwi"', hint: 'did you mean kimi?' },
			})}\n`,
			stderr: '',
		})
	})
})

describe('before there is anything', () => {
	test('says how to begin', async () => {
		const empty = createCliFolder()
		try {
			expect(await empty.run('list')).toMatchObject({
				code: 0,
				stdout: expect.stringContaining('config -- add'),
			})
			expect(await empty.run('use', '0')).toMatchObject({
				code: 3,
				stderr: expect.stringMatching(/no upstreams yet\nhint: add one: npm run config -- add/),
			})
		} finally {
			empty.remove()
		}
	})

	test('names every wrong variable at once', async () => {
		const wrong = createCliFolder({ LOAD_BALANCE_STRATEGY: 'fastest', PORT: 'x' })
		try {
			const ended = await wrong.run('list')
			expect(ended).toMatchObject({ code: 2, stdout: '' })
			expect(ended.stderr).toMatch(/PORT must be.*LOAD_BALANCE_STRATEGY must be/s)
		} finally {
			wrong.remove()
		}
	})

	test('takes the strategy of a new database from LOAD_BALANCE_STRATEGY, and never again', async () => {
		const random = createCliFolder({ LOAD_BALANCE_STRATEGY: 'random' })
		try {
			expect(await random.data('list')).toMatchObject({ strategy: 'random', revision: 0 })
			await random.run('balance', 'failover')
			expect(await random.data('list')).toMatchObject({ strategy: 'failover', revision: 1 })
		} finally {
			random.remove()
		}
	})
})
