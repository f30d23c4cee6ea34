import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { RequestRecord } from '../core/ports.ts'
import { createRequestLog } from '../db/index.ts'
import { type ScriptedUpstream, startOpenAiUpstream } from '../test/support/upstreams/index.ts'
import { commands } from './commands/index.ts'
import { type CliFolder, createCliFolder } from './test-support/cli-folder.ts'
import { withDatabase } from './test-support/fail-key.ts'

const key = 'sk-good-0123456789-good'
const name = '月之暗面'

let removed = 0

/** A line for each command that changes nothing the next one needs; a command without one fails below. */
const samples: Record<string, (upstream: string) => string[]> = {
	add: url => ['add', `spare-${Math.random()}`, 'openai', url],
	key: () => ['key', name, 'list'],
	list: () => ['list'],
	show: () => ['show', name, '--verbose'],
	use: () => ['use', name],
	update: () => ['update', name, '--description', `text ${Math.random()}`],
	map: () => ['map', name, 'list'],
	move: () => ['move', name, '--top'],
	remove: () => ['remove', `gone-${++removed}`],
	balance: () => ['balance', 'random'],
	test: () => ['test', name],
	models: () => ['models', name],
	status: () => ['status'],
	doctor: () => ['doctor', '--offline'],
	prompt: () => ['prompt', 'hi', '--direct'],
	convert: () => ['convert', 'request.json', '--to', 'gemini'],
	connect: () => ['connect'],
	presets: () => ['presets', 'deepseek'],
	forget: () => ['forget', name],
	logs: () => ['logs'],
	inspect: () => ['inspect', 'req_every_command'],
	usage: () => ['usage'],
	settings: () => ['settings'],
	webhook: () => ['webhook'],
	history: () => ['history'],
	export: () => ['export', '--without-keys'],
	import: () => ['import', 'export.json', '--dry-run'],
	db: () => ['db', 'status'],
	init: () => ['init'],
	completion: () => ['completion', 'bash'],
}
/** They answer until they are stopped. */
const servers = ['serve']

let folder: CliFolder
let upstream: ScriptedUpstream
let variables: NodeJS.ProcessEnv
beforeAll(async () => {
	folder = createCliFolder({ PORT: '9' })
	variables = { HOME: folder.path }
	upstream = await startOpenAiUpstream({ keys: [key] })
	await folder.run(
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
	await folder.run('add', 'openai-main-with-a-long-name', 'openai', `${upstream.url}/a/rather/long/path/v1`)
	for (const gone of ['gone-1', 'gone-2']) await folder.run('add', gone, 'claude', 'https://a.example')
	await recordRequest()
	const request = { model: 'm', max_tokens: 9, messages: [{ role: 'user', content: 'hi' }] }
	writeFileSync('request.json', JSON.stringify(request))
	await folder.run('export', 'export.json', '--without-keys')
	mkdirSync(join(folder.path, '.claude'), { recursive: true })
})
afterAll(async () => {
	folder.remove()
	await upstream.close()
})

/** One request, as the proxy records it. */
function recordRequest(): Promise<void> {
	return withDatabase(async database => {
		const log = createRequestLog({ database })
		const record: Partial<RequestRecord> = {
			...{
				id: 'req_every_command',
				at: Date.now(),
				model: 'm',
				upstreamModel: 'm',
				stream: true,
				status: 200,
			},
			...{
				outcome: 'ok',
				errorMessage: '',
				totalMs: 9,
				attempts: [],
				notes: [],
				userAgent: '',
				sessionId: '',
			},
		}
		log.record(record as RequestRecord)
		await log.flush()
	})
}

test('every command has a line to try it with', () => {
	expect([...Object.keys(samples), ...servers].sort()).toEqual(Object.keys(commands).sort())
})

const escapeCode = String.fromCharCode(27)

describe.each(Object.keys(samples))('%s as a process', command => {
	const line = () => samples[command]!(upstream.url)

	test('prints text without colours into a pipe, and one JSON document when asked to', async () => {
		const text = await folder.spawn(line(), { variables })
		expect(text.stderr).not.toMatch(/^error:/m)
		expect(text.code).toBe(0)
		expect(text.stdout).not.toContain(escapeCode)
		expect(text.stdout.trim()).not.toBe('')
		const json = await folder.spawn([...line(), '--json'], { variables: { ...variables, FORCE_COLOR: '1' } })
		expect(json.code).toBe(0)
		expect(json.stdout.split('\n')).toHaveLength(2)
		expect(JSON.parse(json.stdout)).toMatchObject({ ok: true, data: expect.anything() })
		expect(text.stdout + text.stderr + json.stdout + json.stderr).not.toContain('0123456789')
	})

	test('helps, in colours only where they are wanted', async () => {
		const plain = await folder.run(command, '--help')
		expect(plain).toMatchObject({ code: 0, stderr: '' })
		expect(plain.stdout).toMatch(/\nfor example\n {2}npm run config -- /)
		const coloured = await folder.runWith({ color: true }, command, '--help')
		expect(stripVTControlCharacters(coloured.stdout)).toBe(plain.stdout)
		expect((await folder.runWith({ color: true }, command, '--help', '--no-color')).stdout).toBe(plain.stdout)
	})
})
