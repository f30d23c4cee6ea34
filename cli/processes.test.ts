import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import packageJson from '../package.json' with { type: 'json' }
import { ensureCli } from '../scripts/lib/ensure-cli.ts'
import { projectRoot } from '../scripts/lib/layout.ts'
import { quietProgress } from '../scripts/lib/progress.ts'
import { type CliFolder, createCliFolder } from './test-support/cli-folder.ts'

/** The bundle in processes of its own: what npm scripts run. */
let folder: CliFolder
beforeEach(() => {
	folder = createCliFolder()
})
afterEach(() => folder.remove())

const listNames = async () => JSON.parse((await folder.spawn(['list', '--json'])).stdout).data

describe('as a process', () => {
	test('goes from an empty folder to an upstream with keys', async () => {
		const added = await folder.spawn([
			'config',
			'add',
			'月之暗面',
			'https://api.moonshot.cn/anthropic',
			'claude',
		])
		expect(added).toMatchObject({
			code: 0,
			stderr: expect.stringMatching(/^note: made PROXY_ACCESS_KEY and ENCRYPTION_KEY/),
		})
		const keyed = await folder.spawn(['key', '月之暗面', 'add', '--key-stdin'], {
			input: 'sk-a-0123456789-aaaa\nsk-b-0123456789-bbbb\n',
		})
		expect(keyed).toMatchObject({ code: 0, stderr: '' })
		const listed = await folder.spawn(['list', '--json'])
		expect(listed.stderr).toBe('')
		expect(JSON.parse(listed.stdout)).toMatchObject({
			ok: true,
			data: { revision: 2, upstreams: [{ name: '月之暗面', current: true, keys: [{}, {}] }] },
		})
	})

	test('ends with the exit code of what happened', async () => {
		expect(await folder.spawn([])).toMatchObject({ code: 0, stdout: expect.stringContaining('for example') })
		expect(await folder.spawn(['--version'])).toEqual({
			code: 0,
			stdout: `${packageJson.version}\n`,
			stderr: '',
		})
		expect(await folder.spawn(['nothing'])).toMatchObject({ code: 2, stdout: '' })
		expect(await folder.spawn(['use', 'nobody'])).toMatchObject({ code: 3, stdout: '' })
		const variables = { TURSO_DATABASE_URL: 'http://127.0.0.1:9' }
		const away = await folder.spawn(['list', '--json'], { variables })
		expect(away.code).toBe(5)
		expect(JSON.parse(away.stdout)).toMatchObject({ ok: false, error: { code: 'unreachable' } })
	})

	test('helps and refuses without making any file', async () => {
		await folder.spawn(['help'])
		await folder.spawn(['add', '--help'])
		await folder.spawn(['add', 'x', 'soap', 'https://a.example'])
		expect(existsSync(join(folder.path, '.env'))).toBe(false)
		expect(existsSync(join(folder.path, 'data'))).toBe(false)
	})

	test('is coloured by FORCE_COLOR, plain in a pipe and by NO_COLOR', async () => {
		expect((await folder.spawn(['list'], { variables: { FORCE_COLOR: '1' } })).stdout).toContain('\u001b[')
		expect((await folder.spawn(['list'])).stdout).not.toContain('\u001b')
		const both = await folder.spawn(['list'], { variables: { FORCE_COLOR: '1', NO_COLOR: '1' } })
		expect(both.stdout).not.toContain('\u001b')
	})

	test('ends quietly when its reader has seen enough', async () => {
		const entry = await ensureCli(projectRoot, quietProgress)
		const child = spawn(process.execPath, [entry, 'add', '--help'], { cwd: folder.path })
		child.stdout.destroy()
		const errors = child.stderr.setEncoding('utf8').toArray()
		const code = await new Promise(resolve => child.on('exit', resolve))
		expect({ code, errors: (await errors).join('') }).toEqual({ code: 0, errors: '' })
	})
})

describe('what a command loads', () => {
	const reportLoads = `import { registerHooks } from 'node:module'
registerHooks({ load(url, context, next) { process.stderr.write(url + '\\n'); return next(url, context) } })`

	test.each([
		['list'],
		['show'],
		['history'],
		['key', 'a', 'list'],
		['use', 'a'],
		['update', 'a', '--description', 'x'],
	])('%s %s leaves the server alone', async (...words) => {
		await folder.run('add', 'a', 'openai', 'https://a.example')
		const variables = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(reportLoads)}` }
		const { code, stderr } = await folder.spawn(words, { variables })
		const files = stderr.split('\n').filter(line => line.startsWith('file:'))
		expect({ code, database: files.some(file => file.includes('/libsql/')) }).toEqual({
			code: 0,
			database: true,
		})
		const servers = files.filter(file =>
			/class Hono\b|node_modules\/(pino|@clack)/.test(readFileSync(new URL(file), 'utf8')),
		)
		expect(servers).toEqual([])
	})
})

describe('several processes at once', () => {
	test('make one .env and one database, and lose no key', async () => {
		await Promise.all(['a', 'b'].map(name => folder.spawn(['add', name, 'openai', 'https://a.example'])))
		const keys = (who: string) => [1, 2, 3].map(number => `sk-${who}-0123456789-${who}${number}`)
		const ended = await Promise.all(
			['x', 'y', 'z'].map(who => folder.spawn(['key', 'a', 'add', ...keys(who)])),
		)
		expect(ended.map(({ code }) => code)).toEqual([0, 0, 0])
		const { revision, upstreams } = await listNames()
		expect(revision).toBe(5)
		const masks = upstreams
			.find(({ name }: { name: string }) => name === 'a')
			.keys.map(({ mask }: { mask: string }) => mask)
		expect(masks.sort()).toEqual(
			['x', 'y', 'z'].flatMap(who => [1, 2, 3].map(number => `sk-…9-${who}${number}`)),
		)
		expect(readFileSync(join(folder.path, '.env'), 'utf8').match(/^ENCRYPTION_KEY=/gm)).toHaveLength(1)
	})
})
