import { existsSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { parseEnv } from 'node:util'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { beginAttempt } from '../db/index.ts'
import { type CliFolder, createCliFolder } from './test-support/cli-folder.ts'
import { withDatabase } from './test-support/fail-key.ts'

let folder: CliFolder
beforeEach(() => {
	folder = createCliFolder()
})
afterEach(() => {
	delete process.env.MY_KEY
	folder.remove()
})

const readData = async (...words: string[]) => JSON.parse((await folder.run(...words, '--json')).stdout).data
const readEnv = () => parseEnv(readFileSync('.env', 'utf8'))

describe('init', () => {
	test('makes .env and the database, and nothing twice', async () => {
		const first = await folder.run('init')
		expect(first).toMatchObject({
			code: 0,
			stdout: expect.stringMatching(
				/^everything is ready\ndatabase +file:data\/claude-proxy\.db, schema \d+\n/,
			),
		})
		expect(statSync('.env').mode & 0o777).toBe(0o600)
		const made = readEnv()
		expect(Object.keys(made).sort()).toEqual(['ENCRYPTION_KEY', 'PROXY_ACCESS_KEY'])
		const again = JSON.parse((await folder.run('init', '--json')).stdout)
		expect(again.data).toMatchObject({ made: [], applied: 0 })
		expect(readEnv()).toEqual(made)
		expect(first.stdout).not.toContain(made.PROXY_ACCESS_KEY)
	})

	test('takes a database and an access key', async () => {
		process.env.MY_KEY = 'key with#awkward"signs'.replace(' with', '-with-')
		expect(await folder.run('init', '--db', 'file:other.db', '--access-key-env', 'MY_KEY')).toMatchObject({
			code: 0,
		})
		expect(readEnv()).toMatchObject({
			TURSO_DATABASE_URL: 'file:other.db',
			PROXY_ACCESS_KEY: process.env.MY_KEY,
		})
		expect(existsSync('other.db')).toBe(true)
		expect(await folder.data('list')).toMatchObject({ revision: 0 })
	})

	test('never replaces what is there', async () => {
		await folder.run('init')
		const before = readFileSync('.env', 'utf8')
		process.env.MY_KEY = 'another-key-0123456789'
		expect(await folder.run('init', '--access-key-env', 'MY_KEY')).toMatchObject({
			...{
				code: 4,
				stdout: '',
				stderr: expect.stringMatching(
					/PROXY_ACCESS_KEY is set already, to another value; nothing was changed/,
				),
			},
		})
		expect(readFileSync('.env', 'utf8')).toBe(before)
	})

	test.each([
		[['init', 'x'], 2, /takes options only/],
		[['init', '--db', 'postgres://x'], 2, /--db must start with/],
		[['init', '--access-key-env', 'NOT_SET_HERE'], 2, /not set/],
		[['init', '--db', 'http://127.0.0.1:9'], 5, /./],
	])('refuses %j and makes nothing', async (argv, code, problem) => {
		expect(await folder.run(...argv)).toMatchObject({
			code,
			stdout: '',
			stderr: expect.stringMatching(problem),
		})
		expect(existsSync('.env')).toBe(false)
	})

	test('refuses a key that can be guessed', async () => {
		process.env.MY_KEY = 'short'
		expect(await folder.run('init', '--access-key-env', 'MY_KEY')).toMatchObject({ code: 2, stdout: '' })
		expect(existsSync('.env')).toBe(false)
	})
})

describe('db check', () => {
	test('finds nothing wrong with a new database', async () => {
		await folder.run('init')
		expect(await folder.run('db', 'check')).toMatchObject({
			code: 0,
			stdout: expect.stringMatching(/schema (\d+) of \1\nno damage found\n$/),
		})
	})

	test('tells of rows that refer to nothing', async () => {
		await folder.run('add', 'kimi', 'claude', 'https://a.example', '--key', 'sk-a-0123456789-aaaa')
		await withDatabase(async database => {
			await database.execute('PRAGMA foreign_keys = OFF')
			await database.execute('DELETE FROM upstreams')
		})
		expect(await folder.run('db', 'check')).toMatchObject({
			code: 1,
			stdout: expect.stringMatching(/a row of upstream_keys refers to a row of upstreams that is gone/),
		})
	})

	test('tells of a file that is no database', async () => {
		await folder.run('init', '--db', 'file:other.db')
		for (const end of ['-wal', '-shm']) rmSync(`other.db${end}`, { force: true })
		// Another file in its place: this process may hold the first one open until its next garbage collection.
		writeFileSync('no-database', 'x'.repeat(10_000))
		renameSync('no-database', 'other.db')
		const ended = await folder.run('db', 'check')
		expect(ended).toMatchObject({ code: 5, stdout: '' })
		expect(ended.stderr).toMatch(/^error: /)
	})
})

describe('db vacuum', () => {
	test('gives space back, and tells how much', async () => {
		await folder.run('init')
		await withDatabase(async database => {
			await database.execute('CREATE TABLE large AS SELECT hex(zeroblob(1000000)) AS text')
			await database.execute('DROP TABLE large')
		})
		const { before, after } = await readData('db', 'vacuum')
		expect(before - after).toBeGreaterThan(1_500_000)
		expect(await folder.run('db', 'vacuum')).toMatchObject({
			code: 0,
			stdout: expect.stringMatching(/^there was nothing to free\nfile:data\/claude-proxy\.db: (.+) -> \1\n$/),
		})
	})
})

describe('db logins', () => {
	test('tells from where wrong keys came, and who waits', async () => {
		await folder.run('init')
		expect(await folder.run('db', 'logins')).toMatchObject({
			code: 0,
			stdout: 'no wrong admin key within the last hour\n',
		})
		await withDatabase(async database => {
			for (let count = 0; count < 5; count++) await beginAttempt(database, '192.0.2.7')
			await beginAttempt(database, '203.0.113.9')
		})
		const { stdout } = await folder.run('db', 'logins')
		expect(stdout).toMatch(/LAST +FROM +WRONG KEYS +WAITS/)
		expect(stdout).toMatch(/192\.0\.2\.7 +5 +0:01\n/)
		expect(stdout).toMatch(/203\.0\.113\.9 +1\n/)
		const { addresses, everyone } = await readData('db', 'logins')
		// Both may have come within one millisecond: which is the first then says nothing.
		const byAddress = Object.fromEntries(addresses.map((from: { address: string }) => [from.address, from]))
		expect(byAddress).toMatchObject({
			'192.0.2.7': { failures: 5 },
			'203.0.113.9': { failures: 1, blockedUntil: null },
		})
		expect(everyone).toMatchObject({ failures: 6 })
	})
})
