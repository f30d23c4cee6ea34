import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
	chmodSync,
	chownSync,
	copyFileSync,
	existsSync,
	mkdirSync,
	readFileSync,
	renameSync,
	statSync,
	truncateSync,
	unlinkSync,
	writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type ScriptedUpstream, startOpenAiUpstream } from '../support/upstreams/index.ts'
import { type Served, useProcesses } from './processes.ts'
import { expectNoSecret, keys, readHealth, untilHealth } from './support.ts'

const processes = useProcesses()
const path = (suffix = '') => join(processes.folder(), `data/claude-proxy.db${suffix}`)
const cli = (...argv: string[]) => processes.cli(argv)
let upstream: ScriptedUpstream

beforeEach(async () => {
	upstream = await startOpenAiUpstream({ keys: [...keys] })
	const added = await cli('add', 'scripted', 'openai', upstream.url, '--key', keys[0], '--key', keys[1])
	expect(added).toMatchObject({ code: 0 })
})
afterEach(() => upstream.close())

async function serve(): Promise<Served> {
	const served = await processes.serve()
	expect((await served.ask()).status).toBe(200)
	upstream.requests.splice(0)
	return served
}

/**
 * With Node's own SQLite, which closes the file when it is told to. libsql does so at a garbage collection, and takes
 * the journal away then: in the middle of a test.
 */
function readRows(sql: string): Record<string, unknown>[] {
	const database = new DatabaseSync(path(), { timeout: 10_000 })
	try {
		return database.prepare(sql).all()
	} finally {
		database.close()
	}
}

const countRequests = () => Number(readRows('SELECT count(*) AS count FROM request_log')[0]?.count)
const untilLogged = (count: number) => expect.poll(countRequests).toBe(count)
/** A whole copy, made while the proxy runs. */
const backUp = () => readRows(`VACUUM INTO '${path('.copy')}'`)
const moveJournalIntoFile = () => readRows('PRAGMA wal_checkpoint(TRUNCATE)')

/** The proxy answers and says what is wrong; the CLI refuses and ends with 5. */
async function expectOutage(served: Served, reason: RegExp): Promise<void> {
	for (let count = 0; count < 3; count++) expect((await served.ask()).status).toBe(200)
	const health = await untilHealth(served.url, { status: 'degraded', http: 200, database: { ok: false } })
	expect(health.reasons[0]).toMatch(reason)
	expect(health.reasons[0]).toMatch(/answered with the configuration of \d+ s ago|$/)
	const commands = [['list'], ['db', 'migrate'], ['balance', 'random']]
	const refuse = async (argv: readonly string[]) => {
		const ended = await cli(...argv)
		expect({ argv, code: ended.code }).toEqual({ argv, code: 5 })
		expectNoSecret(ended.output)
	}
	await Promise.all(commands.map(refuse))
	expect((await served.ask()).status).toBe(200)
}

/** What the CLI changes is used again, and what happened in between is in the log. */
async function expectRecovery(served: Served): Promise<void> {
	await untilHealth(served.url, { status: 'healthy', reasons: [], database: { waiting: 0, dropped: 0 } })
	expect(await cli('balance', 'random')).toMatchObject({ code: 0 })
	await untilHealth(served.url, { config: { loadBalance: 'random' } })
	expect((await served.ask()).status).toBe(200)
	expect(readRows('PRAGMA quick_check')).toEqual([{ quick_check: 'ok' }])
}

test('another process that holds the file: keys are cooled in memory, and nothing learnt is lost', async () => {
	const served = await serve()
	await untilLogged(1)
	const holder = spawn(
		process.execPath,
		[
			'-e',
			`const db = new (require('libsql'))(process.argv[1]); db.exec('BEGIN IMMEDIATE'); console.log('held')
			process.stdin.on('end', () => { db.exec('COMMIT'); db.close() }).resume()`,
			path(),
		],
		{ stdio: ['pipe', 'pipe', 'inherit'] },
	)
	await once(holder.stdout, 'data')
	upstream.keyFaults.set(keys[0], { status: 500 })
	for (let count = 0; count < 3; count++) expect((await served.ask()).status).toBe(200)
	expect(upstream.requests.map(({ key }) => key)).toEqual([keys[0], keys[1], keys[1], keys[1]])
	const refused = cli('balance', 'random')
	const health = await untilHealth(served.url, { status: 'degraded', database: { ok: false } })
	expect(health.reasons[0]).toMatch(/is locked by another process; close what holds it/)
	expect((await served.ask()).status).toBe(200)
	expect(await refused).toMatchObject({
		code: 5,
		output: expect.stringContaining('locked by another process'),
	})
	expect(await cli('list')).toMatchObject({ code: 0 })
	holder.stdin.end()
	await once(holder, 'exit')
	await untilHealth(served.url, { status: 'healthy', database: { waiting: 0, dropped: 0 } })
	await untilLogged(5)
	expect(readRows('SELECT streak, fail_total FROM key_states')).toEqual([{ streak: 1, fail_total: 1 }])
	await expectRecovery(served)
})

describe('a file that goes away while the proxy runs', () => {
	test('moved away and back', async () => {
		const served = await serve()
		renameSync(path(), path('.away'))
		await expectOutage(
			served,
			/is gone: its file was deleted or moved away. Put it back, or put a copy in its place/,
		)
		expect(existsSync(path())).toBe(false)
		renameSync(path('.away'), path())
		await expectRecovery(served)
		await untilLogged(6)
	})

	test('deleted, and a copy put in its place', async () => {
		const served = await serve()
		await untilLogged(1)
		backUp()
		unlinkSync(path())
		await expectOutage(served, /is gone/)
		expect(existsSync(path())).toBe(false)
		renameSync(path('.copy'), path())
		await expectRecovery(served)
		await untilLogged(6)
	})

	test('replaced by a copy while nobody looked, its old journal beside it', async () => {
		const served = await serve()
		await untilLogged(1)
		backUp()
		expect(await cli('update', 'scripted', '--description', 'after the copy')).toMatchObject({ code: 0 })
		renameSync(path('.copy'), path())
		// The journal holds what came after the copy: played into it, it would mix two databases.
		await untilHealth(served.url, { status: 'healthy' })
		await served.ask()
		await expectRecovery(served)
		expect(existsSync(path('-wal.replaced'))).toBe(true)
		expect(readRows('SELECT description FROM upstreams')).toEqual([{ description: '' }])
	})
})

describe('a file that is emptied while the proxy runs', () => {
	async function empty(): Promise<Served> {
		const served = await serve()
		await untilLogged(1)
		backUp()
		const journal = statSync(path('-wal')).size
		truncateSync(path(), 0)
		await expectOutage(served, /is an empty file: something has emptied it.*put a copy in its place with mv/)
		// No command and no migration has run over it, and what may be left lies where it was.
		expect([statSync(path()).size, statSync(path('-wal')).size]).toEqual([0, journal])
		return served
	}

	test('and a copy moved into its place', async () => {
		const served = await empty()
		renameSync(path('.copy'), path())
		await expectRecovery(served)
		await untilLogged(6)
	})

	test('and its contents copied back into it, which SQLite cannot follow', async () => {
		const served = await empty()
		copyFileSync(path('.copy'), path())
		const health = await untilHealth(served.url, {
			...{ status: 'degraded', database: { error: expect.stringContaining('emptied and filled again') } },
		})
		expect(health.reasons[0]).toMatch(/Restart claude-proxy, or put a copy of the file in its place with mv/)
		expect((await served.ask()).status).toBe(200)
		renameSync(path('.copy'), path())
		await expectRecovery(served)
		await untilLogged(7)
	})

	test('and set up anew: the last configuration serves until there is another', async () => {
		const served = await serve()
		for (const suffix of ['', '-wal', '-shm']) unlinkSync(path(suffix))
		expect(await cli('list')).toMatchObject({ code: 0, output: expect.stringContaining('no upstream') })
		const health = await untilHealth(served.url, { status: 'degraded', config: { upstreamCount: 1 } })
		expect(health.reasons[0]).toMatch(/has lost its contents.*Restore an export/)
		expect((await served.ask()).status).toBe(200)
		await cli('add', 'another', 'openai', upstream.url, '--key', keys[1])
		await untilHealth(served.url, { status: 'healthy', config: { currentUpstreamName: 'another' } })
		expect((await served.ask()).status).toBe(200)
	})
})

describe('a file that is damaged while the proxy runs', () => {
	test('overwritten with something else', async () => {
		const served = await serve()
		await untilLogged(1)
		backUp()
		moveJournalIntoFile()
		const garbage = 'this is no database. '.repeat(300)
		writeFileSync(path(), garbage)
		await expectOutage(served, /is damaged or is not a database/)
		expect(readFileSync(path(), 'utf8')).toBe(garbage)
		renameSync(path('.copy'), path())
		await expectRecovery(served)
		await untilLogged(6)
	})

	test('a page of the request log: requests go on, rows wait, and a start refuses', async () => {
		const served = await serve()
		await untilLogged(1)
		backUp()
		damagePageOf('request_log')
		// Another process's change makes everybody read the pages again.
		expect(await cli('balance', 'random')).toMatchObject({ code: 0 })
		for (let count = 0; count < 3; count++) expect((await served.ask()).status).toBe(200)
		const health = await untilHealth(served.url, { status: 'degraded', database: { ok: false, waiting: 3 } })
		expect(health.reasons[0]).toMatch(/request log cannot be written \(3 wait\): .*damaged/)
		expect(await processes.cli(['serve'])).toMatchObject({
			...{ code: 5, output: expect.stringMatching(/is damaged.*restore an export/s) },
		})
		renameSync(path('.copy'), path())
		await expectRecovery(served)
		await untilLogged(5)
	})
})

function damagePageOf(table: string): void {
	const [row] = readRows(`SELECT rootpage FROM sqlite_schema WHERE name = '${table}'`)
	moveJournalIntoFile()
	const bytes = readFileSync(path())
	bytes.fill(0xff, (Number(row?.rootpage) - 1) * 4096, Number(row?.rootpage) * 4096)
	writeFileSync(path(), bytes)
}

/** The kernel's limit on the size of files stands in for a full disk: writes fail, and nothing else does. */
test.runIf(process.platform === 'linux')('a disk that is full', async () => {
	const served = await processes.serve({}, { before: `process.on('SIGXFSZ', () => {})` })
	expect((await served.ask()).status).toBe(200)
	await untilLogged(1)
	const limit = (bytes: string) =>
		execFileSync('prlimit', ['--pid', `${served.child.pid}`, `--fsize=${bytes}:`])
	limit('4096')
	for (let count = 0; count < 3; count++) expect((await served.ask()).status).toBe(200)
	const health = await untilHealth(served.url, { status: 'degraded', database: { ok: false, waiting: 3 } })
	expect(health.reasons.join()).toMatch(/cannot be opened or written.*has space left/)
	limit('unlimited')
	await expectRecovery(served)
	await untilLogged(5)
})

describe('at start, in one sentence and with 5', () => {
	const serveOnce = async (url: string) => processes.cli(['serve'], { TURSO_DATABASE_URL: url })

	test('an emptied file', async () => {
		truncateSync(path(), 0)
		const { code, output } = await processes.cli(['serve'])
		expect({ code, output }).toEqual({ code: 5, output: expect.stringMatching(/is an empty file.*mv/) })
		expect(statSync(path()).size).toBe(0)
	})

	test('a folder', async () => {
		mkdirSync(join(processes.folder(), 'folder.db'))
		const { code, output } = await serveOnce('file:folder.db')
		expect({ code, output }).toEqual({
			code: 5,
			output: expect.stringMatching(/a folder.*TURSO_DATABASE_URL/),
		})
	})

	test('a journal whose file is gone', async () => {
		const served = await serve()
		await untilLogged(1)
		served.child.kill('SIGKILL')
		await once(served.child, 'exit')
		unlinkSync(path())
		const { code, output } = await processes.cli(['serve'])
		expect({ code, output }).toEqual({
			code: 5,
			output: expect.stringMatching(/its journal .*-wal is there/),
		})
		expect(existsSync(path())).toBe(false)
	})

	test.each([
		['', /needs write permission for itself and its folder/],
		[', its journal not even that', /its folder exists, belongs to you/],
	])('a file and folder that may only be read%s', async (journal, reason) => {
		// A process that runs keeps the journal beside the file.
		if (journal !== '') await serve()
		else moveJournalIntoFile()
		// Root may write everywhere.
		const uid = process.getuid?.() === 0 ? 65_534 : undefined
		if (uid !== undefined) for (const place of [processes.folder(), path()]) chownSync(place, 0, 0)
		chmodSync(processes.folder(), 0o755)
		chmodSync(path(), 0o444)
		if (journal !== '') for (const suffix of ['-wal', '-shm']) chmodSync(path(suffix), 0)
		else expect(existsSync(path('-wal'))).toBe(false)
		chmodSync(join(processes.folder(), 'data'), 0o555)
		const { code, output } = await processes.cli(['serve'], {}, uid === undefined ? {} : { uid })
		chmodSync(join(processes.folder(), 'data'), 0o755)
		expect({ code, output }).toEqual({ code: 5, output: expect.stringMatching(reason) })
	})
})

test('a folder that is missing is made', async () => {
	const variables = { TURSO_DATABASE_URL: 'file:deep/down/proxy.db' }
	const served = await processes.serve(variables)
	expect(await readHealth(served.url)).toMatchObject({ database: { ok: true } })
	expect(statSync(join(processes.folder(), 'deep/down')).mode & 0o777).toBe(0o700)
})
