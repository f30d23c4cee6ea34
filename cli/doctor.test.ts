import { chmodSync, existsSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { migrateDatabase } from '../db/index.ts'
import { migrations } from '../db/migrations/index.ts'
import {
	type RecordedRequest,
	type ScriptedAnswer,
	type ScriptedUpstream,
	startOpenAiUpstream,
} from '../test/support/upstreams/index.ts'
import { loadEnvironment } from './environment.ts'
import { type CliFolder, createCliFolder } from './test-support/cli-folder.ts'
import { withDatabase } from './test-support/fail-key.ts'

interface Found {
	ok: number
	warn: number
	fail: number
	findings: { area: string; level: string; text: string; fix?: string }[]
	repaired: string[]
	checked: { results: { id: string; verdict: string; detail: string }[]; learned: string[] }[]
}

const key = 'sk-good-0123456789-good'
let folder: CliFolder
let upstream: ScriptedUpstream
beforeEach(async () => {
	folder = createCliFolder({ PORT: '9' })
	process.env.CLAUDE_CONFIG_DIR = join(folder.path, 'claude')
	upstream = await startOpenAiUpstream({ keys: [key] })
})
afterEach(async () => {
	vi.unstubAllEnvs()
	delete process.env.CLAUDE_CONFIG_DIR
	folder.remove()
	await upstream.close()
})

const addMain = (name = 'main') =>
	folder.run(
		'add',
		name,
		'openai',
		upstream.url,
		'--key',
		key,
		'--model-map',
		'sonnet=gpt-4o',
		'--model-map',
		'haiku=gpt-4o',
	)

async function diagnose(...argv: string[]): Promise<Found & { code: number }> {
	const { code, stdout } = await folder.run('doctor', ...argv, '--json')
	return { ...(JSON.parse(stdout) as { data: Found }).data, code }
}

const find = ({ findings }: Found, area: string, level: string) =>
	findings.filter(finding => finding.area === area && finding.level === level).map(({ text }) => text)

describe('doctor', () => {
	test('makes nothing where there is nothing', async () => {
		const found = await diagnose('--offline')
		expect(found.code).toBe(0)
		expect(find(found, 'variables', 'warn')).toEqual([
			'PROXY_ACCESS_KEY and ENCRYPTION_KEY will be made at the first start',
		])
		expect(find(found, 'database', 'warn')).toEqual([
			expect.stringMatching(/^there is no data\/claude-proxy\.db yet/),
		])
		expect(existsSync(join(folder.path, 'data'))).toBe(false)
	})

	test('finds a working proxy well', async () => {
		await addMain()
		await folder.run('connect', '--write')
		upstream.script({ text: 'pong' })
		const ended = await folder.run('doctor')
		expect(ended).toMatchObject({ code: 0, stderr: 'asking 1 upstream …\n' })
		expect(ended.stdout).toMatch(/^ok {2}program +claude-proxy [\d.]+ on Node\.js \d+/)
		expect(ended.stdout).toMatch(/connected in \d+ ms, answered in \d+ ms by gpt-4o\n/)
		expect(ended.stdout).toMatch(/journal mode wal; a lock is waited for 250 ms at a time, 10 s in all\n/)
		expect(ended.stdout).toMatch(/ok {2}clock +nothing stored is newer than now\n/)
		expect(ended.stdout).toMatch(/ok {2}clock +within a minute of the one of 127\.0\.0\.1:\d+\n\n\d+ ok\n$/)
		const { PROXY_ACCESS_KEY, ENCRYPTION_KEY } = (await loadEnvironment()).environment
		for (const secret of [key, PROXY_ACCESS_KEY, ENCRYPTION_KEY]) expect(ended.stdout).not.toContain(secret)
	})

	test('asks nobody with --offline', async () => {
		await addMain()
		expect((await diagnose('--offline')).fail).toBe(0)
		expect(upstream.requests).toHaveLength(0)
	})

	test('names what is wrong with the configuration, and the command that helps', async () => {
		await folder.run('add', 'empty', 'claude', 'https://a.example')
		const { findings, code } = await diagnose('--offline')
		expect(code).toBe(1)
		expect(findings).toContainEqual({
			...{ area: 'upstream empty', level: 'fail', text: 'it has no key that could be sent' },
			fix: 'npm run config -- key empty add <key>',
		})
	})

	test('tells a current upstream that refuses from one that is in reserve', async () => {
		await folder.run(
			'add',
			'bad',
			'openai',
			upstream.url,
			'--key',
			'sk-bad-0123456789-badd',
			'--model-map',
			'haiku=gpt-4o',
		)
		await folder.run(
			'add',
			'worse',
			'openai',
			upstream.url,
			'--key',
			'sk-bad-0123456789-bade',
			'--model-map',
			'haiku=gpt-4o',
		)
		const found = await diagnose()
		expect(find(found, 'upstream bad', 'fail')).toEqual([expect.stringMatching(/^auth: Incorrect API key/)])
		expect(find(found, 'upstream worse', 'warn')).toEqual([expect.stringMatching(/^auth: /)])
		expect(found.code).toBe(1)
	})

	test('solves with --fix what is safe, and only that', async () => {
		await addMain()
		await addMain('other')
		await folder.run('remove', 'main', '--yes')
		chmodSync('.env', 0o644)
		const before = await diagnose('--offline')
		expect([find(before, '.env', 'warn').length, find(before, 'upstreams', 'fail').length]).toEqual([1, 1])
		const fixed = await diagnose('--offline', '--fix')
		expect(fixed).toMatchObject({
			code: 0,
			fail: 0,
			repaired: [expect.stringContaining('for you only'), 'other answers now'],
		})
		expect(statSync('.env').mode & 0o777).toBe(0o600)
		expect((await folder.data('list')).upstreams[0]).toMatchObject({ name: 'other', current: true })
		expect((await diagnose('--offline', '--fix')).repaired).toEqual([])
	})

	test('brings an old database up to date with --fix, and a newer one never', async () => {
		await folder.run('init')
		for (const end of ['', '-wal', '-shm']) rmSync(join('data', `claude-proxy.db${end}`), { force: true })
		await withDatabase(database => migrateDatabase(database, migrations.slice(0, 3)))
		const old = await diagnose('--offline')
		expect(find(old, 'database', 'fail')).toEqual([
			expect.stringMatching(/^schema 3, this version needs \d+$/),
		])
		const fixed = await diagnose('--offline', '--fix')
		expect(fixed.repaired).toEqual([`${migrations.length - 3} migrations applied`])
		expect((await diagnose('--offline')).fail).toBe(0)
		await withDatabase(database =>
			database.execute(
				'INSERT INTO schema_migrations SELECT version + 1, name, hash, applied_at FROM schema_migrations ORDER BY version DESC LIMIT 1',
			),
		)
		const newer = await diagnose('--offline', '--fix')
		expect(newer).toMatchObject({ code: 1, repaired: [] })
		expect(find(newer, 'database', 'fail')).toEqual(['it belongs to a newer claude-proxy'])
	})

	test('sees a clock that went back, and upstreams that say another time', async () => {
		await addMain()
		await withDatabase(database => database.execute('UPDATE revisions SET at = at + 7200000'))
		upstream.script({ text: 'pong', headers: { date: new Date(Date.now() + 3_600_000).toUTCString() } })
		const found = await diagnose()
		expect(find(found, 'clock', 'warn')).toEqual([
			expect.stringMatching(/^2 h behind the newest entry of the database/),
			expect.stringMatching(/^60 min behind the one of 127\.0\.0\.1:\d+/),
		])
		expect(found.code).toBe(0)
	})

	test('sees a file without its write-ahead log, such as a backup, and gives it one with --fix', async () => {
		await addMain()
		const bringBack = async (file: string) => {
			await withDatabase(async database => void (await database.execute(`VACUUM INTO 'data/${file}'`)))
			vi.stubEnv('TURSO_DATABASE_URL', `file:data/${file}`)
		}
		await bringBack('first.db')
		expect(find(await diagnose('--offline'), 'database', 'warn')).toEqual([
			expect.stringMatching(/^journal mode delete instead of wal/),
		])
		await bringBack('second.db')
		const fixed = await diagnose('--offline', '--fix')
		expect(fixed.repaired).toEqual(['the database has its write-ahead log'])
		expect(find(await diagnose('--offline'), 'database', 'warn')).toEqual([])
	})

	test("looks at Claude Code's settings", async () => {
		await addMain()
		const file = join(folder.path, 'claude/settings.json')
		mkdirSync(join(folder.path, 'claude'))
		const settle = async (env: object) => {
			writeFileSync(file, JSON.stringify({ env }))
			return find(await diagnose('--offline'), 'Claude Code', 'warn')
		}
		const token = (await loadEnvironment()).environment.PROXY_ACCESS_KEY
		expect(await settle({ ANTHROPIC_BASE_URL: 'https://api.example.com' })).toEqual([
			expect.stringMatching(/points to https:\/\/api\.example\.com, this proxy is http:\/\/127\.0\.0\.1:9$/),
		])
		expect(
			await settle({ ANTHROPIC_BASE_URL: 'http://localhost:9/v1', ANTHROPIC_AUTH_TOKEN: token }),
		).toEqual(['its URL ends in /v1, which Claude Code adds again'])
		expect(await settle({ ANTHROPIC_BASE_URL: 'http://127.0.0.1:9', ANTHROPIC_AUTH_TOKEN: 'old' })).toEqual([
			'its access key is another one than PROXY_ACCESS_KEY',
		])
	})

	test('sees what holds the port', async () => {
		const server = createServer(socket => socket.resume().end('hello\r\n'))
		await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
		process.env.PORT = String((server.address() as { port: number }).port)
		try {
			expect(find(await diagnose('--offline'), 'proxy', 'warn')).toEqual([
				expect.stringMatching(/^something else listens at port/),
			])
		} finally {
			delete process.env.PORT
			await new Promise(resolve => server.close(resolve))
		}
	})

	test.each([
		[['doctor', 'main'], 2, /--live only/],
		[['doctor', '--offline', '--live'], 2, /exclude each other/],
		[['doctor', '--model', 'x'], 2, /goes with --live/],
		[['doctor', '--live', 'mian'], 3, /did you mean main/],
	])('refuses %j', async (argv, code, problem) => {
		await addMain()
		expect(await folder.run(...argv)).toMatchObject({
			code,
			stdout: '',
			stderr: expect.stringMatching(problem),
		})
		expect(upstream.requests).toHaveLength(0)
	})
})

interface ChatBody {
	model: string
	messages: { role: string; content: unknown }[]
	tools?: { function: { name: string } }[]
	tool_choice?: unknown
	response_format?: unknown
	reasoning_effort?: unknown
}

/** A model that can do everything. */
function answerWell({ body }: RecordedRequest): ScriptedAnswer {
	const { messages, tools, response_format: format } = body as ChatBody
	const text = JSON.stringify(messages)
	const name = tools?.[0]?.function.name ?? ''
	if (format !== undefined) return { text: '{"sum":42}' }
	if (text.includes('image_url')) return { text: 'Red.' }
	if (messages.at(-1)?.role === 'tool') return { text: 'It is sunny.' }
	if (text.includes('Tokyo')) return { toolCalls: ['Paris', 'Tokyo'].map(city => ({ name, args: { city } })) }
	if (name !== '') return { toolCalls: [{ name, args: name === 'list_files' ? '' : { city: 'Paris' } }] }
	if (text.includes('Count')) return { text: ['one ', 'two ', 'three'], stallAfterEvents: 2 }
	return { text: 'pong' }
}

const refuseNewField = {
	fault: {
		status: 400,
		body: {
			error: {
				message:
					"Unsupported parameter: 'max_completion_tokens' is not supported with this model. Use 'max_tokens' instead.",
				type: 'invalid_request_error',
				param: 'max_completion_tokens',
				code: 'unsupported_parameter',
			},
		},
	},
}

describe('doctor --live', () => {
	const replies = (reply: typeof answerWell) => Array.from({ length: 20 }, () => reply)
	const verdicts = ({ checked }: Found) =>
		Object.fromEntries(checked[0]!.results.map(({ id, verdict }) => [id, verdict]))

	test('finds out what an upstream can do, and remembers what its refusals taught', async () => {
		await addMain()
		const wantsOldField = (request: RecordedRequest) =>
			'max_completion_tokens' in (request.body as object) ? refuseNewField : answerWell(request)
		upstream.script(...Array.from({ length: 20 }, () => wantsOldField))
		const found = await diagnose('--live')
		expect(verdicts(found)).toEqual({
			...{ text: 'ok', stream: 'ok', tool: 'ok', 'parallel-tools': 'ok', 'empty-tool': 'ok', image: 'ok' },
			...{ 'tool-image': 'ok', thinking: 'partly', structured: 'ok', 'count-tokens': 'ok', abort: 'ok' },
		})
		expect(found.checked[0]?.learned).toEqual(['gpt-4o: the upstream wants max_tokens'])
		expect(JSON.stringify(await folder.data('show', 'main', '--verbose'))).toContain('"learned":[{')
		expect(upstream.requests.some(({ aborted }) => aborted)).toBe(true)
		expect((await folder.data('key', 'main', 'list')).keys[0]?.state).toBe('ready')
	})

	test('tells of what an upstream cannot do', async () => {
		await addMain()
		upstream.script(...replies(() => ({ text: 'I am only words.' })))
		const found = await diagnose('--live')
		expect(verdicts(found)).toMatchObject({
			...{
				text: 'ok',
				tool: 'no',
				'parallel-tools': 'no',
				'empty-tool': 'no',
				image: 'partly',
				structured: 'no',
			},
		})
		expect(found.code).toBe(0)
	})

	test('tries nothing else where plain text fails', async () => {
		await addMain()
		upstream.script(
			{ text: 'to the first look' },
			{ fault: { status: 500, body: { error: { message: 'broken' } } } },
		)
		const { checked, code } = await diagnose('--live')
		expect(checked[0]?.results[0]).toMatchObject({ verdict: 'failed', detail: '500: broken' })
		expect(checked[0]?.results.slice(1).every(({ verdict }) => verdict === 'skipped')).toBe(true)
		expect(code).toBe(1)
	})

	test('asks in a terminal before it spends, and sends nothing after a no', async () => {
		await addMain()
		const asked: string[] = []
		const confirm = async (question: string) => {
			asked.push(question)
			return false
		}
		expect(await folder.runWith({ interactive: true, confirm }, 'doctor', '--live')).toMatchObject({
			code: 130,
			stdout: '',
		})
		expect(asked).toEqual([
			expect.stringMatching(/^Send \d+ requests to main, with at most \d+ output tokens\?$/),
		])
		expect(upstream.requests).toHaveLength(0)
	})
})
