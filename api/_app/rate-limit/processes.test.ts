import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { migrateDatabase, openDatabase } from '../../../db/index.ts'
import type { PasserOrder, PasserResult } from './test-support/passer.ts'

const program = fileURLToPath(new URL('./test-support/passer.ts', import.meta.url))
const run = promisify(execFile)

let folder = ''
beforeEach(async () => {
	folder = mkdtempSync(join(tmpdir(), 'claude-proxy-rate-'))
	const database = await openDatabase({ url: `file:${folder}/test.db` })
	await migrateDatabase(database)
	database.close()
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

async function runFour(order: Omit<PasserOrder, 'url'>): Promise<PasserResult[]> {
	const argument = JSON.stringify({ url: `file:${folder}/test.db`, ...order })
	const runs = Array.from({ length: 4 }, () =>
		run(process.execPath, [program, argument], { maxBuffer: 64 * 1024 * 1024 }),
	)
	return (await Promise.all(runs)).map(({ stdout }) => JSON.parse(stdout) as PasserResult)
}

/** The most that passed within any window of the length. */
function mostWithin(passed: readonly number[], windowMs: number): number {
	let most = 0
	let from = 0
	for (const [index, at] of passed.entries()) {
		while ((passed[from] as number) <= at - windowMs) from++
		most = Math.max(most, index - from + 1)
	}
	return most
}

describe('four processes over one database', () => {
	test.each([
		['many at once', { limit: 100, windowMs: 2000, forMs: 7000, burst: 10, pauseMs: 20 }],
		['a steady stream', { limit: 100, windowMs: 2000, forMs: 7000, burst: 1, pauseMs: 2 }],
	])('let no more pass than the limit in any window: %s', async (_, order) => {
		const results = await runFour(order)
		const passed = results.flatMap(result => result.passed).sort((one, other) => one - other)
		const { limit, windowMs } = order
		expect(mostWithin(passed, windowMs)).toBeLessThanOrEqual(limit)
		// What may pass does: a limit that refused all would hold, too.
		expect(passed.length).toBeGreaterThan(limit * 2)
		const refused = results.flatMap(result => result.refused)
		expect(refused.length).toBeGreaterThan(20)
		for (const retryInMs of refused) {
			expect(retryInMs).toBeGreaterThan(0)
			// A window, and the longest that a lease becomes when the database is slow.
			expect(retryInMs).toBeLessThanOrEqual(windowMs * 1.05 + 1000)
		}
	})

	test('a busy instance asks the database per lease, not per request', async () => {
		const order = { limit: 1_000_000, windowMs: 60_000, forMs: 3000, burst: 20, pauseMs: 1 }
		for (const { passed, trips } of await runFour(order)) {
			expect(passed.length).toBeGreaterThan(100)
			expect(trips).toBeLessThan(passed.length / 10)
		}
	})
})
