import { setTimeout as pause } from 'node:timers/promises'
import { expect, test } from 'vitest'
import type { Edit, MadeEdit } from '../../db/test-support/edits.ts'
import { describeProcesses, type Scene } from './places.ts'
import { type Worker, WorkerKilled } from './workers.ts'

interface Acknowledged {
	requests: string[]
	failures: number
	edits: MadeEdit[]
}

/** Works on requests, keys and configuration at once; what was acknowledged stands even if it is killed. */
function startWork({ upstreamId, keyIds }: Scene, worker: Worker, name: string, rounds: number) {
	const told: Acknowledged = { requests: [], failures: 0, edits: [] }
	const edits: Edit[] = Array.from({ length: rounds }, (_, round) => {
		const message = `${name}-${round}`
		return { kind: 'add-key', upstreamId, message, secret: `sk-0123456789abcdef-${message}` }
	})
	const work = { name, keyId: keyIds[0]!, rounds, perRound: 5 }
	const ends = [
		worker.run('work', work, ({ ids, failures }: { ids: string[]; failures: number }) => {
			told.requests.push(...ids)
			told.failures += failures
		}),
		worker.run('edit', { edits }, (made: MadeEdit) => void told.edits.push(made)),
	]
	const end = Promise.allSettled(ends).then(results => {
		for (const result of results) {
			if (result.status === 'rejected' && !(result.reason instanceof WorkerKilled)) throw result.reason
		}
	})
	return { told, end, worker }
}

describeProcesses('of which some are killed in the middle of their work', setUp => {
	test('all that was acknowledged is there once, and what was not is there whole or not at all', async () => {
		const scene = await setUp()
		const { workers, database, repository, keyIds } = scene
		const runs = workers.map((worker, index) => startWork(scene, worker, `w${index}`, index < 2 ? 1000 : 8))
		for (const { told, worker } of runs.slice(0, 2)) {
			await expect.poll(() => told.requests.length > 10 && told.edits.length > 1).toBe(true)
			// Anywhere in a write, not always right after an acknowledgement.
			await pause(Math.random() * 10)
			await worker.kill()
		}
		await Promise.all(runs.map(({ end }) => end))
		await scene.calm()

		const [counts] = await database.execute(`SELECT (SELECT count(*) FROM request_log) AS logged,
				(SELECT revision FROM meta) AS revision,
				(SELECT count(*) FROM revisions) AS revisions, (SELECT count(*) FROM upstream_keys) AS keys`)
		const logged = new Set((await database.execute('SELECT id FROM request_log')).map(({ id }) => String(id)))
		const sums = await database.execute('SELECT sum(requests) AS counted FROM usage GROUP BY grain')
		expect(sums.length).toBeGreaterThan(0)
		for (const { counted } of sums) expect(counted).toBe(counts!.logged)
		// A batch is written whole: all five requests of a round, or none.
		expect(Number(counts!.logged) % 5).toBe(0)
		const requests = runs.flatMap(({ told }) => told.requests)
		expect(requests.filter(id => !logged.has(id))).toEqual([])
		expect(new Set(requests).size).toBe(requests.length)
		// Two were killed, each of them in one round at most.
		expect(Number(counts!.logged) - requests.length).toBeLessThanOrEqual(10)

		expect(counts).toMatchObject({ keys: counts!.revision })
		const config = await repository.read()
		const keys = new Set(config.upstreams[0]!.keys.map(({ id }) => id))
		const made = runs.flatMap(({ told }) => told.edits).filter(({ outcome }) => outcome === 'made')
		expect(made.filter(({ keyId }) => !keys.has(keyId!))).toEqual([])
		expect((await repository.diffRevisions(config.revision, 'current')).changes).toEqual([])
		expect(config.upstreams[0]!.keys.every(({ readable }) => readable)).toBe(true)

		const failures = runs.reduce((sum, { told }) => sum + told.failures, 0)
		const [state] = config.upstreams[0]!.keys.find(({ id }) => id === keyIds[0])!.state
		expect(state!.streak).toBe(1)
		expect(state!.failTotal - failures).toBeGreaterThanOrEqual(0)
		expect(state!.failTotal - failures).toBeLessThanOrEqual(2)
		const [event] = await repository.listKeyEvents(keyIds[0]!)
		expect(event).toMatchObject({ kind: 'failed', count: state!.failTotal })
		expect(await database.execute('PRAGMA quick_check')).toEqual([{ quick_check: 'ok' }])
	})
})
