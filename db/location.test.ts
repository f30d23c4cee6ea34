import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createClient } from '@libsql/client/sqlite3'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openDatabase } from './index.ts'
import { prepareFile, readLocation, toDriverUrl } from './location.ts'

const appender = fileURLToPath(new URL('test-support/appender.ts', import.meta.url))
let folder = ''

beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), 'claude-proxy-location-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

test('a new file is a whole database from the moment it is there', async () => {
	const path = join(folder, 'new.db')
	prepareFile(readLocation(`file:${path}`))
	expect(readdirSync(folder)).toEqual(['new.db'])
	expect(statSync(path)).toMatchObject({ size: 4096 })
	const database = await openDatabase({ url: `file:${path}` })
	expect(await database.execute('PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }])
	expect(await database.execute('PRAGMA journal_mode')).toEqual([{ journal_mode: 'wal' }])
	expect(await database.execute('PRAGMA encoding')).toEqual([{ encoding: 'UTF-8' }])
	await database.batch([
		...[{ sql: 'CREATE TABLE kept (text TEXT)' }, { sql: `INSERT INTO kept VALUES ('月之暗面')` }],
	])
	database.close()
	const again = await openDatabase({ url: `file:${path}` })
	expect(await again.execute('SELECT text FROM kept')).toEqual([{ text: '月之暗面' }])
	expect(await again.execute('PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }])
	again.close()
})

test('an empty file, a journal without its file and a link to nothing are refused and left', async () => {
	const path = join(folder, 'proxy.db')
	const open = () => openDatabase({ url: `file:${path}` })
	writeFileSync(path, '')
	await expect(open()).rejects.toMatchObject({
		code: 'corrupt',
		message: expect.stringContaining('empty file'),
	})
	expect(statSync(path).size).toBe(0)
	rmSync(path)
	writeFileSync(`${path}-wal`, '')
	await expect(open()).rejects.toMatchObject({
		code: 'storage',
		message: expect.stringContaining('-wal is there'),
	})
	rmSync(`${path}-wal`)
	symlinkSync(join(folder, 'nowhere.db'), path)
	await expect(open()).rejects.toMatchObject({
		code: 'storage',
		message: expect.stringContaining('link to nothing'),
	})
	expect(readdirSync(folder)).toEqual(['proxy.db'])
})

/** sqlite.org/howtocorrupt.html §2.2: closing any descriptor of the file drops the process's locks on it. */
test('opening a file again while other processes write to it leaves it whole', async () => {
	const url = `file:${folder}/shared.db`
	const first = await openDatabase({ url })
	await first.execute('PRAGMA journal_mode = WAL')
	first.close()
	const counts: unknown[] = []
	for (let round = 1; round <= 6; round++) {
		execFileSync(process.execPath, [appender, url])
		const database = await openDatabase({ url })
		const [row] = await database.execute('SELECT count(*) AS count FROM appended')
		counts.push(row?.count)
		expect(await database.execute('PRAGMA quick_check(1)')).toEqual([{ quick_check: 'ok' }])
		database.close()
	}
	expect(counts).toEqual([1, 2, 3, 4, 5, 6])
})

test.each(['gone.db', 'with a blank.db', '100% #1?.db', '月之暗面.db'])(
	'the driver opens %s where it is, and makes no file of it where it is not',
	async name => {
		const path = join(folder, name)
		const open = () => createClient({ url: toDriverUrl(path) })
		expect(open).toThrow(/ConnectionFailed/)
		expect(readdirSync(folder)).toEqual([])
		prepareFile({ kind: 'file', label: 'file', path })
		const client = open()
		await client.execute('CREATE TABLE kept (text TEXT)')
		client.close()
		expect(readdirSync(folder).filter(found => !found.startsWith(name))).toEqual([])
		const database = await openDatabase({ url: `file:${encodeURIComponent(path)}` })
		expect(await database.execute('SELECT * FROM kept')).toEqual([])
		database.close()
	},
)
