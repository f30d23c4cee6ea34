import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, test } from 'vitest'
import { openDatabase } from './index.ts'

const appender = fileURLToPath(new URL('test-support/appender.ts', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'claude-proxy-location-'))

afterEach(() => rmSync(folder, { recursive: true, force: true }))

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
