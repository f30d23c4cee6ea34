import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { createConfigRepository, createKeyRing, generateEncryptionKey, listRequests } from './index.ts'
import { byCli, upstreamInput } from './test-support/samples.ts'
import { describeTargets } from './test-support/targets.ts'

const writer = fileURLToPath(new URL('test-support/writer.ts', import.meta.url))
const ROUNDS = 12

describeTargets('several processes on one database', target => {
	test('lose nothing of what they wrote at the same time, and double nothing', async () => {
		const database = await target.fresh()
		const encryptionKey = generateEncryptionKey()
		const keyRing = createKeyRing(encryptionKey)
		const repository = createConfigRepository(database, keyRing)
		const { id } = await repository.addUpstream(upstreamInput(), byCli, ['sk-first-000000000000'])
		const { url, authToken = '' } = target.options()
		const outputs = await Promise.all(
			['a', 'b', 'c'].map(name =>
				promisify(execFile)(process.execPath, [
					...[writer, url, authToken, encryptionKey, id, name, String(ROUNDS)],
				]),
			),
		)
		for (const { stdout } of outputs) {
			expect(JSON.parse(stdout)).toMatchObject({
				health: { pending: 0, dropped: 0, written: ROUNDS },
				log: { pending: 0, dropped: 0, written: ROUNDS },
			})
		}
		const total = 3 * ROUNDS
		const config = await repository.read()
		const keys = config.upstreams[0]!.keys
		expect(config.revision).toBe(1 + total)
		expect(keys).toHaveLength(1 + total)
		expect(keys.every(key => key.readable)).toBe(true)
		expect(new Set(keys.map(key => key.position)).size).toBe(1 + total)
		expect(keys[0]!.state).toMatchObject([{ streak: 1, failTotal: total }])
		expect(await listRequests(database, { limit: 1000 })).toHaveLength(total)
		expect(await database.execute(`SELECT value FROM counters WHERE name = 'test'`)).toEqual([
			{ value: total },
		])
		expect(await database.execute('SELECT sum(requests) AS sum FROM usage WHERE grain = 60')).toEqual([
			{ sum: total },
		])
		expect(await database.execute('PRAGMA quick_check')).toEqual([{ quick_check: 'ok' }])
	})
})
