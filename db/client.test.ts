import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, renameSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Database, migrateDatabase, openDatabase, quickCheck } from './index.ts'
import { createServerTarget, describeTargets } from './test-support/targets.ts'

let folder = ''
let opened: Database[] = []
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), 'claude-proxy-client-'))
})
afterEach(() => {
	for (const database of opened) database.close()
	opened = []
	rmSync(folder, { recursive: true, force: true })
})

async function openFile(path: string): Promise<Database> {
	const database = await openDatabase({ url: `file:${path}` })
	opened.push(database)
	return database
}

describeTargets('a database', target => {
	test('integers, floats, text and nulls come back as they were given', async () => {
		const database = await target.fresh()
		const args = [7, 2 ** 40, 1.5, "it's", '1', null]
		const rows = await database.execute('SELECT ? AS a, ? AS b, ? AS c, ? AS d, ? AS e, ? AS f', args)
		expect(rows).toEqual([{ a: 7, b: 2 ** 40, c: 1.5, d: "it's", e: '1', f: null }])
		await database.execute(`INSERT INTO settings VALUES ('n', ?)`, [1])
		expect(await database.execute('SELECT value FROM settings')).toEqual([{ value: '1' }])
	})

	test('a batch is made whole or not at all', async () => {
		const database = await target.fresh()
		const insert = `INSERT INTO counters (name) VALUES ('a') RETURNING name`
		await expect(database.batch([{ sql: insert }, { sql: insert }])).rejects.toMatchObject({
			...{ name: 'DatabaseError', code: 'constraint' },
		})
		expect(await database.execute('SELECT * FROM counters')).toEqual([])
		expect(await database.batch([{ sql: insert }, { sql: 'SELECT 1 AS one' }])).toEqual([
			...[[{ name: 'a' }], [{ one: 1 }]],
		])
	})

	test('an error tells no parameter', async () => {
		const database = await target.fresh()
		const secret = 'planted-parameter'
		const insert = { sql: 'INSERT INTO counters (name) VALUES (?)', args: [secret] }
		await database.batch([insert])
		const error = await database.batch([insert]).catch(reason => reason)
		expect(error.code).toBe('constraint')
		expect(`${error.message} ${error.cause.message}`).not.toContain(secret)
	})

	test('tables that are missing are told as such, with the command that helps', async () => {
		const database = await target.empty()
		await expect(database.execute('SELECT * FROM meta')).rejects.toMatchObject({
			...{ code: 'not-migrated', message: expect.stringContaining('npm run db:migrate') },
		})
	})

	test('a closed database says so', async () => {
		const database = await target.fresh()
		database.close()
		database.close()
		await expect(database.execute('SELECT 1')).rejects.toMatchObject({ code: 'closed' })
	})
})

test('a new file and its folders belong to their owner alone', async () => {
	const path = join(folder, 'deep/down/proxy.db')
	const database = await openFile(path)
	await migrateDatabase(database)
	await database.execute(`INSERT INTO counters (name) VALUES ('a')`)
	expect(statSync(path).mode & 0o777).toBe(0o600)
	expect(statSync(`${path}-wal`).mode & 0o777).toBe(0o600)
	expect(statSync(join(folder, 'deep')).mode & 0o777).toBe(0o700)
	expect(database).toMatchObject({ location: 'file', label: `file:${path}` })
	expect(await database.execute('PRAGMA journal_mode')).toEqual([{ journal_mode: 'wal' }])
})

test('only what is written behind does not wait for the disk, and only with a write-ahead log', async () => {
	const path = join(folder, 'levels.db')
	const database = await openFile(path)
	await migrateDatabase(database)
	const level = { sql: 'PRAGMA synchronous' }
	const levels = async () => [
		(await database.batch([level])).flat(),
		(await database.batch([level], { isBehind: true })).flat(),
		await database.execute(level.sql),
	]
	const [full, normal] = [[{ synchronous: 2 }], [{ synchronous: 1 }]]
	expect(await levels()).toEqual([full, normal, full])
	await database.batch([{ sql: `INSERT INTO counters (name) VALUES ('behind')` }], { isBehind: true })
	expect(await database.execute('SELECT name FROM counters')).toEqual([{ name: 'behind' }])
	const without = await openFile(join(folder, 'no-log.db'))
	await without.execute('PRAGMA journal_mode = DELETE')
	expect((await without.batch([level], { isBehind: true })).flat()).toEqual(full)
})

test('nothing plays the journal of a replaced file into the new one, however many ask at the same time', async () => {
	const [path, other] = [join(folder, 'place.db'), join(folder, 'other.db')]
	const write = (text: string) => [{ sql: 'CREATE TABLE IF NOT EXISTS t (x)' }, insert(text)]
	const insert = (text: string) => ({ sql: 'INSERT INTO t VALUES (?)', args: [text] })
	const replacement = await openFile(other)
	await replacement.batch(write('new'))
	await replacement.execute('PRAGMA wal_checkpoint(TRUNCATE)')
	replacement.close()
	const database = await openFile(path)
	await database.batch(write('old'))
	await database.batch([insert('old, behind')], { isBehind: true })
	renameSync(other, path)
	const read = () => database.execute('SELECT x FROM t')
	const reads = [read(), read(), read()]
	const behind = database.batch([insert('behind')], { isBehind: true })
	const first = { x: 'new' }
	for (const rows of await Promise.all(reads)) expect(rows[0]).toEqual(first)
	await behind
	expect(await read()).toEqual([first, { x: 'behind' }])
	await expect(quickCheck(database)).resolves.toBeUndefined()
})

test('a file that another process holds for a while is waited for, and nothing acknowledged is lost', async () => {
	const path = join(folder, 'proxy.db')
	const database = await openFile(path)
	await migrateDatabase(database)
	// Holds the write lock for longer than one try waits.
	const script = `
		const Sqlite = require('libsql')
		const holder = new Sqlite(process.argv[1])
		holder.exec('BEGIN IMMEDIATE')
		console.log('held')
		setTimeout(() => { holder.exec('COMMIT'); holder.close() }, 700)`
	const child = spawn(process.execPath, ['-e', script, path], { stdio: ['ignore', 'pipe', 'inherit'] })
	const exited = once(child, 'exit')
	await once(child.stdout, 'data')
	const insert = (name: string) => database.execute('INSERT INTO counters (name) VALUES (?)', [name])
	await Promise.all([insert('a'), insert('b')])
	await insert('c')
	await exited
	const other = await openFile(path)
	const rows = await other.execute('SELECT name FROM counters ORDER BY name')
	expect(rows.map(row => row.name)).toEqual(['a', 'b', 'c'])
})

test('a file that is no database is reported and left as it is', async () => {
	const path = join(folder, 'proxy.db')
	writeFileSync(path, 'this is a text and not a database. '.repeat(200))
	const size = statSync(path).size
	const error = await openFile(path)
		.then(quickCheck)
		.catch(reason => reason)
	expect(error).toMatchObject({ code: 'corrupt', message: expect.stringContaining(path) })
	expect(statSync(path).size).toBe(size)
})

test('a damaged database is reported at start', async () => {
	const path = join(folder, 'proxy.db')
	const database = await openFile(path)
	await migrateDatabase(database)
	await expect(quickCheck(database)).resolves.toBeUndefined()
	await database.execute('PRAGMA wal_checkpoint(TRUNCATE)')
	database.close()
	truncateSync(path, Math.floor(statSync(path).size / 2 / 4096) * 4096)
	const error = await openFile(path)
		.then(quickCheck)
		.catch(reason => reason)
	expect(error).toMatchObject({ code: 'corrupt', message: expect.stringMatching(/restore an export/) })
})

test('a place where no folder can be made is named', async () => {
	writeFileSync(join(folder, 'occupied'), '')
	await expect(openFile(join(folder, 'occupied/proxy.db'))).rejects.toMatchObject({
		...{ code: 'storage', message: expect.stringContaining('TURSO_DATABASE_URL') },
	})
})

test.each(['', 'data.db', 'mysql://x/y', 'file:', 'file::memory:', 'libsql:', 'file:%zz'])(
	'the URL %j is refused with what to write instead',
	async url => {
		await expect(openDatabase({ url })).rejects.toMatchObject({
			...{ code: 'invalid', message: expect.stringContaining('TURSO_DATABASE_URL') },
		})
		expect(existsSync('data.db')).toBe(false)
	},
)

test('the label of a server shows neither user, password nor token', async () => {
	const database = await openDatabase({ url: 'libsql://me:pass@db.example.com/x?authToken=secret' })
	opened.push(database)
	expect(database).toMatchObject({ location: 'remote', label: 'libsql://db.example.com/x' })
})

const target = createServerTarget()

test('a server that does not answer is given up after the time allowed', async () => {
	await target.fresh()
	const database = await target.open({ timeoutMs: 200 })
	await target.control({ fault: 'hang' })
	await expect(database.execute('SELECT 1')).rejects.toMatchObject({
		...{ code: 'unreachable', message: expect.stringContaining('no answer in time') },
	})
})

test('a server that is not there, refuses the token, or blocks writes is told apart', async () => {
	const database = await target.fresh()
	await target.control({ fault: 'readonly' })
	await expect(database.execute(`INSERT INTO counters (name) VALUES ('x')`)).rejects.toMatchObject({
		code: 'read-only',
	})
	const stranger = await target.open({ authToken: 'wrong' })
	await target.control({})
	await expect(stranger.execute('SELECT 1')).rejects.toMatchObject({ code: 'unauthorized' })
	const nobody = await target.open({ url: 'http://127.0.0.1:9' })
	await expect(nobody.execute('SELECT 1')).rejects.toMatchObject({ code: 'unreachable' })
})
