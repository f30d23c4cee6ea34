import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Database, openDatabase } from './client.ts'
import { readLocking, setWriteAheadLog } from './locking.ts'
import { migrateDatabase } from './migrate.ts'
import { readNewestTime } from './newest-time.ts'

let folder: string
let database: Database
beforeEach(async () => {
	folder = mkdtempSync(join(tmpdir(), 'claude-proxy-locking-'))
	database = await openDatabase({ url: `file:${folder}/test.db` })
	await migrateDatabase(database)
})
afterEach(() => {
	database.close()
	rmSync(folder, { recursive: true, force: true })
})

test('a file has a write-ahead log, and a busy one is waited for', async () => {
	expect(await readLocking(database)).toEqual({ journalMode: 'wal', busyTimeoutMs: 250, patienceMs: 10_000 })
})

test('the wait holds for a connection that was made anew', async () => {
	const other = await openDatabase({ url: `file:${folder}/test.db` })
	await other.execute('PRAGMA busy_timeout = 0')
	expect(await readLocking(other)).toMatchObject({ busyTimeoutMs: 0 })
	other.close()
	expect(await readLocking(database)).toMatchObject({ busyTimeoutMs: 250 })
})

test('a journal mode that is another one is told, and can be set', async () => {
	await database.execute('PRAGMA journal_mode = DELETE')
	expect(await readLocking(database)).toMatchObject({ journalMode: 'delete' })
	expect(await setWriteAheadLog(database)).toBe('wal')
	expect(await readLocking(database)).toMatchObject({ journalMode: 'wal' })
})

test('the newest time is the latest of requests, revisions and keys', async () => {
	const { newest, now } = await readNewestTime(database)
	expect(newest).toBe(0)
	const revision = (at: number) =>
		database.execute(
			"INSERT INTO revisions (revision, parent, at, author, message, edit_id, diff, snapshot) VALUES (?, 0, ?, 'cli', '', ?, '[]', '{}')",
			[at, at, String(at)],
		)
	await revision(now - 5000)
	await revision(now - 9000)
	expect(await readNewestTime(database)).toMatchObject({ newest: now - 5000 })
	await database.batch([
		{
			sql: "INSERT INTO upstreams (id, name, name_key, type, base_url, position, created_at) VALUES ('u', 'u', 'u', 'claude', 'https://a.example', 0, 0)",
		},
		{
			sql: "INSERT INTO upstream_keys (id, upstream_id, secret, fingerprint, mask, position, created_at) VALUES ('k', 'u', '', '', '', 0, 0)",
		},
		{ sql: "INSERT INTO key_states (key_id, last_ok_at) VALUES ('k', ?)", args: [now + 60_000] },
	])
	expect(await readNewestTime(database)).toMatchObject({ newest: now + 60_000 })
	await database.execute(
		"INSERT INTO request_log (id, at, model, upstream_model, outcome, status, stream, total_ms, attempts, notes, details) VALUES ('r', ?, '', '', 'ok', 200, 0, 1, 1, 0, '{}')",
		[now + 90_000],
	)
	expect(await readNewestTime(database)).toMatchObject({ newest: now + 90_000 })
})
