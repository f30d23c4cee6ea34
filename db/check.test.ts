import { closeSync, openSync, writeSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { quickCheck } from './check.ts'
import { migrateDatabase, openDatabase } from './index.ts'

let folder = ''
let url = ''
beforeEach(async () => {
	folder = await mkdtemp(join(tmpdir(), 'claude-proxy-check-'))
	url = `file:${folder}/checked.db`
})
afterEach(() => rm(folder, { recursive: true, force: true }))

/** A database of which the first page of one table is no page any more. */
async function damage(table: string): Promise<void> {
	const database = await openDatabase({ url })
	await migrateDatabase(database)
	await database.execute('PRAGMA wal_checkpoint(TRUNCATE)')
	const [row] = await database.execute(
		'SELECT rootpage AS page, page_size AS size FROM sqlite_schema, pragma_page_size() WHERE name = ?',
		[table],
	)
	database.close()
	const file = openSync(fileURLToPath(url), 'r+')
	writeSync(file, Buffer.alloc(100, 0xee), 0, 100, (Number(row?.page) - 1) * Number(row?.size))
	closeSync(file)
}

async function check(wholeUpTo?: number): Promise<string> {
	const database = await openDatabase({ url })
	try {
		await quickCheck(database, wholeUpTo)
		return 'ok'
	} catch (error) {
		return (error as { code: string }).code
	} finally {
		database.close()
	}
}

test.each([
	['upstream_keys', undefined, 'corrupt'],
	['request_log', undefined, 'corrupt'],
	['upstream_keys', 0, 'corrupt'],
	['settings', 0, 'corrupt'],
	// A damaged log is no reason to answer nothing: `doctor` and writing to it tell of it.
	['request_log', 0, 'ok'],
])(
	'a damaged %s is noticed where files up to %s bytes are read as a whole: %s',
	async (table, wholeUpTo, verdict) => {
		await damage(table)
		expect(await check(wholeUpTo)).toBe(verdict)
	},
)

test('a file without damage is served, whole or in part', async () => {
	const database = await openDatabase({ url })
	await migrateDatabase(database)
	database.close()
	expect([await check(), await check(0)]).toEqual(['ok', 'ok'])
})
