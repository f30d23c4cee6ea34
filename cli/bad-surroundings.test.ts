import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { commands } from './commands/index.ts'
import { type CliFolder, createCliFolder } from './test-support/cli-folder.ts'
import { withDatabase } from './test-support/fail-key.ts'
import { photograph } from './test-support/terminal.ts'

/** A line of each command that needs the database; those without one are told apart below. */
const lines: Record<string, string[]> = {
	add: ['add', 'x', 'openai', 'https://a.example'],
	key: ['key', 'kimi', 'add', 'sk-other-0123456789'],
	list: ['list'],
	show: ['show'],
	use: ['use', 'kimi'],
	update: ['update', 'kimi', '--description', 'x'],
	map: ['map', 'kimi', 'set', 'opus', 'x'],
	move: ['move', 'kimi', '--top'],
	remove: ['remove', 'kimi', '--yes'],
	balance: ['balance', 'random'],
	test: ['test', 'kimi'],
	models: ['models', 'kimi'],
	status: ['status'],
	prompt: ['prompt', 'hi', '--direct'],
	convert: ['convert', 'request.json', '--upstream', 'kimi'],
	connect: ['connect', '--models'],
	forget: ['forget', 'kimi'],
	logs: ['logs'],
	inspect: ['inspect', 'req_1'],
	usage: ['usage'],
	settings: ['settings', 'set', 'recording.mode', 'all'],
	webhook: ['webhook', 'add', 'x', 'https://hooks.example.com'],
	history: ['history'],
	export: ['export'],
	import: ['import', 'export.json', '--replace', '--yes'],
	serve: ['serve', '--port', '9'],
	init: ['init'],
}
/** They say what is wrong as what they found, or have no database to fail. */
const apart = { doctor: ['doctor', '--offline'], db: ['db', 'migrate'], presets: [], completion: [] }

let folder: CliFolder
beforeAll(async () => {
	folder = createCliFolder()
	await folder.run('add', 'kimi', 'claude', 'https://a.example', '--key', 'sk-first-0123456789')
	await folder.run('export', 'export.json', '--without-keys')
	writeFileSync('request.json', '{"model":"m","max_tokens":9,"messages":[]}')
})
afterAll(() => folder.remove())

/** What would be there if a command had written; not byte for byte, since SQLite tidies its files up by itself. */
async function look() {
	const { stdout } = await folder.run('export', '--without-keys')
	const env = readFileSync(join(folder.path, '.env'), 'utf8')
	return { exported: undated(stdout), env, names: readdirSync(folder.path).sort() }
}
const undated = (text: string) => text.replace(/"exportedAt": ?"[^"]+"/, '')

const names = Object.keys(commands)

test('every command is in the list', () => {
	expect([...Object.keys(lines), ...Object.keys(apart)].sort()).toEqual(names.sort())
})

describe.each(names)('%s', name => {
	test('refuses an option that it does not have, and names the nearest', async () => {
		const before = await look()
		const ended = await folder.run(...(lines[name] ?? [name]), '--hepl')
		expect(ended).toMatchObject({ code: 2, stdout: '' })
		expect(ended.stderr).toMatch(/^error: unknown option --hepl\nhint: did you mean --help\?/)
		expect(await look()).toEqual(before)
	})

	test('refuses a value that is left out', async () => {
		const command = await commands[name]?.load()
		const valued = Object.entries(command?.options ?? {}).filter(([, { value }]) => value !== undefined)
		for (const [option] of valued) {
			const ended = await folder.run(...(lines[name] ?? [name]), `--${option}`)
			expect(ended).toMatchObject({ code: 2, stdout: '', stderr: expect.stringMatching(/needs a value/) })
		}
	})
})

const takeUpstream = ['key', 'use', 'update', 'map', 'move', 'remove', 'test', 'models', 'forget'] as const
const others: Record<string, string[]> = {
	show: ['show', 'kimmi'],
	prompt: ['prompt', 'hi', '--upstream', 'kimmi', '--direct'],
	convert: ['convert', 'request.json', '--upstream', 'kimmi'],
	logs: ['logs', '--upstream', 'kimmi'],
	doctor: ['doctor', '--live', 'kimmi', '--yes'],
}
const unknown = [
	...takeUpstream.map(name => (lines[name] ?? []).map(word => (word === 'kimi' ? 'kimmi' : word))),
	...Object.values(others),
]

test.each(unknown.map(words => [words.join(' '), words] as const))(
	'an upstream that is not there: %s',
	async (_line, words) => {
		const before = await look()
		const ended = await folder.run(...words)
		expect(ended).toMatchObject({ code: 3, stdout: '' })
		expect(ended.stderr).toMatch(/error: there is no upstream "kimmi"\nhint: did you mean kimi\?\n$/)
		expect(await look()).toEqual(before)
	},
)

/** What they would write must be refused; `use` would change nothing here. */
const writers = ['add', 'key', 'update', 'map', 'remove', 'balance', 'settings', 'webhook', 'import']
const readers = ['list', 'show', 'status', 'history', 'logs', 'usage', 'export', 'convert']

describe('a database of a newer version', () => {
	beforeAll(() =>
		withDatabase(database =>
			database.execute(
				"INSERT INTO schema_migrations (version, name, hash, applied_at) VALUES (9999, 'x', 'x', 0)",
			),
		),
	)
	afterAll(() =>
		withDatabase(database => database.execute('DELETE FROM schema_migrations WHERE version = 9999')),
	)

	test.each(writers)('%s is refused, and changes nothing', async name => {
		const before = await look()
		const ended = await folder.run(...(lines[name] ?? []), '--json')
		expect(ended.code).toBe(5)
		expect(JSON.parse(ended.stdout)).toMatchObject({
			...{ ok: false },
			error: { code: 'newer-schema', hint: 'update claude-proxy; reading commands still work' },
		})
		expect(await look()).toEqual(before)
	})

	test.each(readers)('%s reads on', async name => {
		expect(await folder.run(...(lines[name] ?? []))).toMatchObject({ code: 0 })
	})

	test('doctor and db say so, too', async () => {
		const found = await folder.run(...apart.doctor)
		expect(found).toMatchObject({ code: 1, stdout: expect.stringMatching(/newer claude-proxy/) })
		expect(await folder.run(...apart.db)).toMatchObject({ code: 5 })
	})
})

const failing = Object.entries(lines)
	.filter(([name]) => name !== 'init')
	.map(([name, words]) => [name, words] as const)

describe('a database file that is none', () => {
	let broken: CliFolder
	beforeAll(async () => {
		broken = createCliFolder({ PORT: '9' })
		await broken.spawn(['init'])
		writeFileSync(
			join(broken.path, 'data/claude-proxy.db'),
			'not a database, but long enough to be read as one'.repeat(40),
		)
		writeFileSync('request.json', '{}')
		writeFileSync('export.json', readFileSync(join(folder.path, 'export.json')))
	})
	afterAll(() => broken.remove())

	test.each(failing)('%s says so, and leaves it as it is', async (_name, words) => {
		const before = photograph(broken.path)
		const ended = await broken.spawn(words)
		expect(ended).toMatchObject({ code: 5, stdout: '' })
		expect(ended.stderr).toMatch(/^error: .+/m)
		expect(ended.stderr).not.toMatch(/\n\s+at |SQLITE_[A-Z]+\n/)
		expect(photograph(broken.path)).toEqual(before)
	})
})
