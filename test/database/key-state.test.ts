import { expect, test } from 'vitest'
import type { Database } from '../../db/index.ts'
import { MINUTE, noCredit } from '../../db/test-support/samples.ts'
import { describeProcesses } from './places.ts'

const columns = 'streak, fail_total, cooldown_until - incident_at AS cooled'
const readStates = (database: Database) => database.execute(`SELECT ${columns} FROM key_states`)

/** As if the last failure lay so far back. */
const letTimePass = (database: Database, ms: number) =>
	database.execute(
		`UPDATE key_states SET cooldown_until = cooldown_until - ?1, incident_at = incident_at - ?1,
			last_fail_at = last_fail_at - ?1`,
		[ms],
	)

async function listKeyIds(database: Database): Promise<string[]> {
	const rows = await database.execute('SELECT id FROM upstream_keys ORDER BY position, id')
	return rows.map(({ id }) => String(id))
}

describeProcesses('what is learnt about keys', setUp => {
	test('40 failures at once are one incident, and each further one doubles the cooldown once', async () => {
		const { database, repository, keyIds, workers, calm, storm } = await setUp()
		const keyId = keyIds[0]!
		const cooldowns: unknown[] = []
		for (const minutes of [5, 10, 20, 40, 60, 60]) {
			await Promise.all(workers.map(worker => worker.run('fail', { keyId, count: 10 })))
			await calm()
			cooldowns.push(...(await readStates(database)))
			await letTimePass(database, minutes * MINUTE + 1)
			await storm()
		}
		await calm()
		expect(cooldowns).toEqual(
			[5, 10, 20, 40, 60, 60].map((minutes, index) => ({
				...{ streak: index + 1, fail_total: 40 * (index + 1), cooled: minutes * MINUTE },
			})),
		)
		const events = await repository.listKeyEvents(keyId)
		expect(events.map(({ kind, count }) => `${kind} ${count}`)).toEqual(Array(6).fill('failed 40'))
	})

	test('of failures and successes in any order none is lost', async () => {
		const { database, keyIds, workers, calm } = await setUp()
		const keyId = keyIds[0]!
		const failures = await Promise.all(
			workers.map((worker, seed) => worker.run('mix', { keyId, rounds: 30, seed })),
		)
		await calm()
		const total = failures.reduce((sum, count) => sum + count, 0)
		expect(await readStates(database)).toMatchObject([{ fail_total: total }])
		const [state] = await database.execute(
			'SELECT streak = 0 AS over, cooldown_until = 0 AS clear FROM key_states',
		)
		expect(state!.over).toBe(state!.clear)
	})

	test('a demotion that all of them saw is made once, in the order in which the keys were tried', async () => {
		const { database, repository, upstreamId, keyIds, workers, calm } = await setUp({ keys: 6 })
		const [k1, k2, k3, k4, k5, k6] = keyIds as [string, string, string, string, string, string]
		const move = { keys: [k1, k2, k3].map(noCredit), workedId: k4 }
		await Promise.all(workers.map(worker => worker.run('demote', { upstreamId, moves: [move, move] })))
		await calm()
		expect(await listKeyIds(database)).toEqual([k4, k5, k6, k1, k2, k3])
		const config = await repository.read()
		expect([config.revision, config.stateVersion]).toEqual([1, 3])
		for (const id of [k1, k2, k3]) {
			expect(await repository.listKeyEvents(id)).toMatchObject([{ kind: 'demoted' }])
		}
	})

	test('a hundred demotions at random leave each key in a place of its own', async () => {
		const { database, upstreamId, keyIds, workers, calm } = await setUp({ keys: 6 })
		const pick = (index: number) => keyIds[index % keyIds.length]!
		const movesOf = (seed: number) =>
			Array.from({ length: 25 }, (_, step) => {
				const failed = seed * 5 + step * 7
				return { keys: [noCredit(pick(failed))], workedId: pick(failed + 1 + (step % 5)) }
			})
		const stats = await Promise.all(
			workers.map((worker, seed) => worker.run('demote', { upstreamId, moves: movesOf(seed) })),
		)
		expect(stats).toMatchObject(Array(4).fill({ written: 25, dropped: 0 }))
		await calm()
		expect((await listKeyIds(database)).sort()).toEqual([...keyIds].sort())
		expect(await database.execute('SELECT count(DISTINCT position) AS places FROM upstream_keys')).toEqual([
			{ places: keyIds.length },
		])
	})

	test('a key whose cooldown is over is tried once by each at most, and by none that could know of it', async () => {
		const { database, repository, keyIds, workers, calm, storm } = await setUp()
		const keyId = keyIds[0]!
		await calm()
		await workers[0]!.run('fail', { keyId, count: 1 })
		await letTimePass(database, 6 * MINUTE)
		await storm()
		const trials = await Promise.all(workers.map(worker => worker.run('tryKey', { keyId, forMs: 2000 })))
		await calm()
		expect(trials.flat().length).toBeGreaterThan(0)
		for (const own of trials) expect(own.length).toBeLessThanOrEqual(1)
		const told = Math.min(...trials.flat().map(trial => trial.told))
		// Who began 900 ms after the database knew had asked it since.
		for (const { began } of trials.flat()) expect(began - told).toBeLessThanOrEqual(900)
		const kinds = (await repository.listKeyEvents(keyId)).map(({ kind, count }) => `${kind} ${count}`)
		expect(kinds).toEqual(['probe 1', 'failed 1'])
	})
})
