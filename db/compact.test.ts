import { statSync } from 'node:fs'
import { expect, test } from 'vitest'
import { readDatabaseSize } from './check.ts'
import { compactDatabase, type Database } from './index.ts'
import { describeTargets } from './test-support/targets.ts'

const megabyte = 1_000_000

async function leaveFreePages(database: Database): Promise<void> {
	await database.execute('CREATE TABLE large (text TEXT)')
	for (let count = 0; count < 4; count++) {
		await database.execute('INSERT INTO large VALUES (hex(zeroblob(?)))', [megabyte / 2])
	}
	await database.execute('DROP TABLE large')
}

describeTargets('compacting', target => {
	test('gives the space of deleted rows back, and loses nothing', async () => {
		const database = await target.fresh()
		if (target.kind === 'remote') {
			await expect(compactDatabase(database)).rejects.toMatchObject({ code: 'invalid' })
			return
		}
		await database.execute('CREATE TABLE kept AS SELECT 42 AS number')
		await leaveFreePages(database)
		expect((await readDatabaseSize(database))?.freeBytes).toBeGreaterThan(3 * megabyte)
		const { before, after } = await compactDatabase(database)
		expect(before - after).toBeGreaterThan(3 * megabyte)
		expect(statSync(target.file()).size).toBe(after)
		expect(await readDatabaseSize(database)).toEqual({ bytes: after, freeBytes: 0 })
		expect(await database.execute('SELECT number FROM kept')).toEqual([{ number: 42 }])
		expect(await database.execute('PRAGMA quick_check')).toEqual([{ quick_check: 'ok' }])
	})

	test('waits for another connection that writes at the same time', async () => {
		if (target.kind === 'remote') return
		const [one, other] = [await target.fresh(), await target.open()]
		await leaveFreePages(one)
		await one.execute('CREATE TABLE counted (number INTEGER)')
		const writing = (async () => {
			for (let number = 0; number < 50; number++) {
				await other.execute('INSERT INTO counted VALUES (?)', [number])
			}
		})()
		await compactDatabase(one)
		await writing
		expect(await one.execute('SELECT count(*) AS count FROM counted')).toEqual([{ count: 50 }])
	})
})
