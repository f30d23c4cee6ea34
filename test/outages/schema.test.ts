import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openDatabase } from '../../db/index.ts'
import { codeVersion } from '../../db/migrate.ts'
import { type HranaProcess, startHranaProcess } from '../support/hrana-server.ts'
import { accessKey } from '../support/proxy.ts'
import { type ScriptedUpstream, startOpenAiUpstream } from '../support/upstreams/index.ts'
import { useProcesses } from './processes.ts'
import { keys, onServer, untilHealth } from './support.ts'

const processes = useProcesses()
let server: HranaProcess
let upstream: ScriptedUpstream
beforeEach(async () => {
	;[server, upstream] = await Promise.all([startHranaProcess(), startOpenAiUpstream({ keys: [...keys] })])
})
afterEach(() => Promise.all([server.stop(), upstream.close()]))

const places = {
	file: {
		variables: () => ({}),
		options: () => ({ url: `file:${processes.folder()}/data/claude-proxy.db` }),
	},
	server: {
		variables: () => onServer(server),
		options: () => ({ url: server.url, authToken: server.token }),
	},
}

/** As a later version leaves it: one more migration, which added a table and a column. */
const newerSchema = [
	`INSERT INTO schema_migrations VALUES (${codeVersion + 1}, 'next_year', 'unknown', 0)`,
	'CREATE TABLE next_year (id INTEGER)',
	`ALTER TABLE upstreams ADD COLUMN next_year TEXT NOT NULL DEFAULT ''`,
	`ALTER TABLE request_log ADD COLUMN next_year INTEGER`,
]

describe.each(['file', 'server'] as const)('a %s', place => {
	const cli = (...argv: string[]) => processes.cli(argv, places[place].variables())

	async function query(...statements: string[]) {
		const database = await openDatabase(places[place].options())
		const results = await database.batch(statements.map(sql => ({ sql })))
		database.close()
		return results.at(-1)
	}

	async function setUp(): Promise<void> {
		expect(await cli('db', 'migrate')).toMatchObject({ code: 0 })
		expect(await cli('add', 'scripted', 'openai', upstream.url, '--key', keys[0])).toMatchObject({ code: 0 })
	}

	test('with a newer schema serves, and refuses changes until this version is updated', async () => {
		await setUp()
		await query(...newerSchema)
		const served = await processes.serve(places[place].variables())
		expect((await served.ask()).status).toBe(200)
		const health = await untilHealth(served.url, { status: 'degraded', database: { ok: true } })
		expect(health.reasons).toEqual([expect.stringMatching(/newer claude-proxy.*until this one is updated/)])
		expect(served.output()).toMatch(/newer claude-proxy/)
		expect(await cli('list')).toMatchObject({ code: 0, output: expect.stringContaining('scripted') })
		for (const argv of [
			['balance', 'random'],
			['key', 'scripted', 'add', keys[1]],
			['db', 'migrate'],
		]) {
			const ended = await cli(...argv)
			expect({ argv, ...ended }).toEqual({ argv, code: 5, output: expect.stringMatching(/update/) })
		}
		const refused = await fetch(`${served.url}/api/upstreams`, {
			method: 'POST',
			headers: { authorization: `Bearer ${accessKey}`, 'content-type': 'application/json' },
			body: JSON.stringify({ name: 'other', type: 'openai', baseUrl: 'https://a.example' }),
		})
		expect({ status: refused.status, body: await refused.json() }).toMatchObject({
			...{ status: 503, body: { error: { code: 'newer-schema' } } },
		})
		// What happened is stored all the same.
		const count = async () => (await query('SELECT count(*) AS count FROM request_log'))?.[0]?.count
		await expect.poll(count).toBe(1)
	})

	test('that becomes newer under a running proxy is served on, and told', async () => {
		await setUp()
		const served = await processes.serve(places[place].variables())
		await untilHealth(served.url, { status: 'healthy' })
		await query(...newerSchema)
		await untilHealth(served.url, { status: 'degraded', reasons: [expect.stringContaining('newer')] })
		expect((await served.ask()).status).toBe(200)
	})
})

test('a server with an older schema: the command is named, and nothing else is needed', async () => {
	const database = await openDatabase({ url: server.url, authToken: server.token })
	const served = await processes.serve(onServer(server))
	await database.batch([
		{
			sql: 'CREATE TABLE schema_migrations (version INTEGER PRIMARY KEY, name TEXT, hash TEXT, applied_at INTEGER)',
		},
		{ sql: 'CREATE TABLE meta (id INTEGER PRIMARY KEY, revision INTEGER, state_version INTEGER)' },
	])
	await untilHealth(served.url, {
		...{
			status: 'unhealthy',
			reasons: [expect.stringMatching(/lacks tables.*db:migrate/), expect.any(String)],
		},
	})
	expect((await served.ask()).status).toBe(503)
	await database.batch([{ sql: 'DROP TABLE schema_migrations' }, { sql: 'DROP TABLE meta' }])
	database.close()
	expect(await processes.cli(['db', 'migrate'], onServer(server))).toMatchObject({ code: 0 })
	await untilHealth(served.url, { status: 'degraded', reasons: ['no upstream is configured'] })
})

test('a server that lacks the latest table only serves, and names the command', async () => {
	expect(await processes.cli(['db', 'migrate'], onServer(server))).toMatchObject({ code: 0 })
	const add = ['add', 'scripted', 'openai', upstream.url, '--key', keys[0]]
	expect(await processes.cli(add, onServer(server))).toMatchObject({ code: 0 })
	const database = await openDatabase({ url: server.url, authToken: server.token })
	await database.batch([{ sql: `DELETE FROM schema_migrations WHERE version = ${codeVersion}` }])
	database.close()
	const served = await processes.serve(onServer(server))
	expect((await served.ask()).status).toBe(200)
	await untilHealth(served.url, {
		...{ status: 'degraded', reasons: [expect.stringMatching(/has schema \d+.*run npm run db:migrate/)] },
	})
	expect(await processes.cli(['balance', 'random'], onServer(server))).toMatchObject({
		...{ code: 5, output: expect.stringContaining('db:migrate') },
	})
})

test('a file whose applied migration is not the one we know is refused, and left as it is', async () => {
	expect(await processes.cli(['db', 'migrate'])).toMatchObject({ code: 0 })
	const database = await openDatabase(places.file.options())
	await database.batch([{ sql: `UPDATE schema_migrations SET hash = 'edited' WHERE version = 1` }])
	database.close()
	for (const argv of [['serve'], ['list'], ['db', 'migrate']]) {
		const { code, output } = await processes.cli(argv)
		expect({ argv, code, output }).toEqual({
			...{ argv, code: 1, output: expect.stringMatching(/made by another build: its migration 1/) },
		})
	}
})

test('two proxies that start at once on a new file make one database', async () => {
	const [one, two] = await Promise.all([processes.serve(), processes.serve(), processes.serve()])
	await processes.cli(['add', 'scripted', 'openai', upstream.url, '--key', keys[0]])
	for (const served of [one, two]) await untilHealth(served.url, { status: 'healthy' })
	for (const served of [one, two]) expect((await served.ask()).status).toBe(200)
})
