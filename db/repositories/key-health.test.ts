import { expect, test } from 'vitest'
import type { KeyFailure } from '../../core/ports.ts'
import * as fc from '../../test/support/fast-check.ts'
import { createConfigRepository, type Database } from '../index.ts'
import { afterFailure, afterSuccess, PROBE_LEASE_MS, type ScopeHealth } from '../store/health-rule.ts'
import { byCli, keyFailure, keyRing, MINUTE, noCredit, upstreamInput } from '../test-support/samples.ts'
import { describeTargets } from '../test-support/targets.ts'
import {
	demotionStatements,
	failureStatements,
	probeStartStatements,
	successStatements,
} from './key-health.ts'

const HOUR = 60 * MINUTE

/** Writes a failure as of `agoMs` before now: the past stands in for waiting. */
function fail(database: Database, failure: KeyFailure, agoMs: number) {
	return database.batch(failureStatements(failure, agoMs))
}

function succeed(database: Database, keyId: string, agoMs: number, ageMs = 0, scope = '') {
	return database.batch(successStatements({ keyId, scope, ageMs }, agoMs))
}

/** As clearCooldown does it, but then. */
const CLEAR_IN_THE_PAST = `UPDATE key_states SET streak = 0, cooldown_until = 0, probe_until = 0,
	cleared_at = CAST(unixepoch('subsec') * 1000 AS INTEGER) - ?2 WHERE key_id = ?1`

describeTargets('key health', target => {
	async function start(keyCount = 1) {
		const database = await target.fresh()
		const repository = createConfigRepository(database, keyRing)
		const secrets = Array.from({ length: keyCount }, (_, index) => `sk-0000000000000000${index}`)
		const { id, added } = await repository.addUpstream(upstreamInput(), byCli, secrets)
		const keyIds = added.map(key => key.id)
		const read = async (scope = '') => {
			const config = await repository.read()
			const state = config.upstreams[0]!.keys.find(key => key.id === keyIds[0])!.state
			return { now: config.now, ...state.find(one => one.scope === scope)! }
		}
		/** Minutes from the failure to the end of its cooldown. */
		const cooldown = async (scope = '') => {
			const state = await read(scope)
			return (state.cooldownUntil - state.lastFailAt) / MINUTE
		}
		return { database, repository, upstreamId: id, keyIds, keyId: keyIds[0]!, read, cooldown }
	}

	test('each further incident doubles the cooldown, up to the cap', async () => {
		const { database, keyId, read, cooldown } = await start()
		const seen: number[] = []
		for (const hoursAgo of [5.5, 4.5, 3.5, 2.5, 1.5]) {
			await fail(database, keyFailure(keyId), hoursAgo * HOUR)
			seen.push(await cooldown())
		}
		expect(seen).toEqual([5, 10, 20, 40, 60])
		expect(await read()).toMatchObject({ streak: 5, failTotal: 5, lastStatus: 500, lastClass: 'server' })
	})

	test('failures while the key cools are one incident, counted but not escalated', async () => {
		const { database, keyId, read } = await start()
		await fail(database, keyFailure(keyId, { message: 'first' }), 3 * MINUTE)
		const before = await read()
		for (let count = 0; count < 9; count++)
			await fail(database, keyFailure(keyId, { message: 'later' }), MINUTE)
		const after = await read()
		expect(after).toMatchObject({ streak: 1, failTotal: 10, cooldownUntil: before.cooldownUntil })
		const events = await database.execute(`SELECT kind, count, message FROM key_events`)
		expect(events).toEqual([{ kind: 'failed', count: 10, message: 'first' }])
	})

	test('a late answer of a request older than the latest failure is no new incident', async () => {
		const { database, keyId, read } = await start()
		await fail(database, keyFailure(keyId), 10 * MINUTE)
		await fail(database, keyFailure(keyId, { ageMs: 9 * MINUTE }), 2 * MINUTE)
		expect(await read()).toMatchObject({ streak: 1, failTotal: 2 })
		await fail(database, keyFailure(keyId, { ageMs: MINUTE / 2 }), MINUTE)
		expect(await read()).toMatchObject({ streak: 2, failTotal: 3 })
	})

	test('after hours without a failure the next one starts small again', async () => {
		const { database, keyId, read, cooldown } = await start()
		await fail(database, keyFailure(keyId), 10 * HOUR)
		await fail(database, keyFailure(keyId), 9 * HOUR)
		await fail(database, keyFailure(keyId), HOUR)
		expect(await cooldown()).toBe(5)
		expect((await read()).streak).toBe(1)
	})

	test('Retry-After of a rate limit is the cooldown itself, capped', async () => {
		const { database, keyId, cooldown } = await start()
		const limit = { failureClass: 'rate_limit', status: 429, baseMs: MINUTE } as const
		await fail(database, keyFailure(keyId, { ...limit, retryAfterMs: 5000 }), 3 * HOUR)
		expect(await cooldown()).toBe(5 / 60)
		await fail(database, keyFailure(keyId, { ...limit, retryAfterMs: 24 * HOUR }), 2 * HOUR)
		expect(await cooldown()).toBe(60)
		await fail(database, keyFailure(keyId, limit), HOUR / 2)
		expect(await cooldown()).toBe(4)
	})

	test('Retry-After of a fault only lengthens its cooldown', async () => {
		const { database, keyId, cooldown } = await start()
		await fail(database, keyFailure(keyId, { retryAfterMs: 1000 }), 3 * HOUR)
		expect(await cooldown()).toBe(5)
		await fail(database, keyFailure(keyId, { retryAfterMs: 30 * MINUTE }), 2 * HOUR)
		expect(await cooldown()).toBe(30)
	})

	test('a rate limit of one model leaves the key as a whole alone', async () => {
		const { database, keyId, read } = await start()
		await fail(database, keyFailure(keyId, { scope: 'big-model', failureClass: 'rate_limit' }), MINUTE)
		expect(await read('')).not.toHaveProperty('streak')
		expect(await read('big-model')).toMatchObject({ streak: 1 })
		await fail(database, keyFailure(keyId), MINUTE)
		await succeed(database, keyId, 0, 0, 'big-model')
		expect(await read('big-model')).toMatchObject({ streak: 0, cooldownUntil: 0 })
		expect(await read('')).toMatchObject({ streak: 1 })
	})

	test('a success clears the streak, but not if its request is older than the failure', async () => {
		const { database, keyId, read } = await start()
		await fail(database, keyFailure(keyId), 2 * MINUTE)
		await succeed(database, keyId, 0, 3 * MINUTE)
		expect(await read()).toMatchObject({ streak: 1 })
		await succeed(database, keyId, 0, MINUTE)
		expect(await read()).toMatchObject({ streak: 0, cooldownUntil: 0, failTotal: 1 })
		expect((await read()).lastOkAt).toBeGreaterThan(0)
		const kinds = await database.execute('SELECT kind FROM key_events ORDER BY at')
		expect(kinds.map(row => row.kind)).toEqual(['failed', 'recovered'])
	})

	test('a late failure of an incident that a success has ended changes nothing', async () => {
		const { database, keyId, read } = await start()
		await fail(database, keyFailure(keyId), 3 * MINUTE)
		await succeed(database, keyId, 2 * MINUTE)
		await fail(database, keyFailure(keyId, { ageMs: 3 * MINUTE }), MINUTE)
		expect(await read()).toMatchObject({ streak: 0, cooldownUntil: 0 })
	})

	test('news of a key that is gone is no error, and its history goes with it', async () => {
		const { database, repository, keyId } = await start()
		await fail(database, keyFailure(keyId), 0)
		await repository.removeKey(keyId, byCli)
		await fail(database, keyFailure(keyId), 0)
		await succeed(database, keyId, 0)
		expect(await database.execute('SELECT * FROM key_states')).toEqual([])
		expect(await database.execute('SELECT * FROM key_events')).toEqual([])
	})

	test('the history of a key is bounded', async () => {
		const { database, keyId } = await start()
		const statements = Array.from({ length: 60 }, (_, index) =>
			failureStatements(keyFailure(keyId, { baseMs: 1000 }), (60 - index) * 2 * HOUR),
		)
		await database.batch(statements.flat())
		const rows = await database.execute('SELECT count(*) AS n, max(at) - min(at) AS span FROM key_events')
		expect(rows).toEqual([{ n: 50, span: expect.closeTo(49 * 2 * HOUR, -6) }])
	})

	test('what a key was demoted for outlasts the rest of its history', async () => {
		const { database, repository, upstreamId, keyIds } = await start(2)
		const demotion = { upstreamId, keys: [noCredit(keyIds[0]!)], workedId: keyIds[1]! }
		await database.batch(demotionStatements(demotion, 200 * HOUR))
		const statements = Array.from({ length: 60 }, (_, index) =>
			failureStatements(keyFailure(keyIds[0]!, { baseMs: 1000 }), (60 - index) * 2 * HOUR),
		)
		await database.batch(statements.flat())
		const events = await repository.listKeyEvents(keyIds[0]!)
		expect(events).toHaveLength(51)
		expect(events.at(-1)).toMatchObject({ kind: 'demoted', message: 'no credit', fromPosition: 0 })
	})

	test('the rule in memory and the rule in SQL agree on any history', async () => {
		const { database, keyId, read } = await start()
		const readProbe = async (id: string) => {
			const rows = await database.execute('SELECT probe_until FROM key_states WHERE key_id = ?', [id])
			return { probeUntil: Number(rows[0]?.probe_until) }
		}
		// No two of these durations differ by a whole number of others: the database's clock, which goes on between
		// statements, then never decides which side of a boundary a history falls on.
		const step = fc.record({
			gapMs: fc.oneof(fc.integer({ min: 1, max: 8 }), fc.constant(60)).map(count => count * 7 * MINUTE),
			ageMs: fc.integer({ min: 0, max: 20 }).map(count => (count + 0.5) * MINUTE),
			kind: fc.constantFrom('rate_limit', 'server', 'server', 'success', 'probe', 'cleared'),
			retryAfterMs: fc.oneof(
				fc.constant(0),
				fc.integer({ min: 1, max: 90 }).map(count => (count + 0.25) * MINUTE),
			),
		})
		const property = fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 25 }), async steps => {
			await database.execute('DELETE FROM key_states')
			const { now } = await createConfigRepository(database, keyRing).read()
			let agoMs = steps.reduce((sum, { gapMs }) => sum + gapMs, 0)
			let expected: ScopeHealth | undefined
			const statements = []
			for (const { gapMs, ageMs, kind, retryAfterMs } of steps) {
				agoMs -= gapMs
				if (kind === 'success') {
					if (expected !== undefined) expected = afterSuccess(expected, ageMs, now - agoMs)
					statements.push(...successStatements({ keyId, scope: '', ageMs }, agoMs))
					continue
				}
				if (kind === 'probe') {
					const due = expected !== undefined && expected.streak > 0 && expected.cooldownUntil <= now - agoMs
					if (due) expected = { ...expected!, probeUntil: now - agoMs + PROBE_LEASE_MS }
					statements.push(...probeStartStatements({ keyId, scope: '' }, agoMs))
					continue
				}
				if (kind === 'cleared') {
					const fresh = { streak: 0, cooldownUntil: 0, probeUntil: 0, clearedAt: now - agoMs }
					if (expected !== undefined) expected = { ...expected, ...fresh }
					statements.push({ sql: CLEAR_IN_THE_PAST, args: [keyId, agoMs] })
					continue
				}
				const waits = { baseMs: 5 * MINUTE + 20_000, maxMs: 60 * MINUTE + 10_000, retryAfterMs }
				const failure = keyFailure(keyId, { ageMs, failureClass: kind, ...waits })
				expected = afterFailure(expected, failure, now - agoMs)
				statements.push(...failureStatements(failure, agoMs))
			}
			await database.batch(statements)
			const actual = { ...(await read()), ...(await readProbe(keyId)) }
			const passedMs = actual.now - now
			expect(actual.streak).toBe(expected?.streak)
			if (expected === undefined) return
			// The database's clock went on from the reading to the last statement.
			for (const name of ['probeUntil', 'lastFailAt', 'cooldownUntil'] as const) {
				expect(actual[name] - expected[name], name).toBeGreaterThanOrEqual(0)
				expect(actual[name] - expected[name], name).toBeLessThanOrEqual(passedMs)
			}
		})
		await fc.assert(property, { numRuns: 40 })
	})

	test('a demotion moves the failed keys behind the others, once, and is no revision', async () => {
		const { database, repository, upstreamId, keyIds } = await start(6)
		const [k1, k2, k3, k4, k5, k6] = keyIds as [string, string, string, string, string, string]
		const demotion = { upstreamId, keys: [k1, k2, k3].map(noCredit), workedId: k4 }
		const others = await Promise.all([target.open(), target.open(), target.open()])
		await Promise.all([database, ...others].map(instance => instance.batch(demotionStatements(demotion, 0))))
		const config = await repository.read()
		expect(config.upstreams[0]!.keys.map(key => key.id)).toEqual([k4, k5, k6, k1, k2, k3])
		expect(config).toMatchObject({ revision: 1, stateVersion: 3 })
		for (const [keyId, fromPosition] of [
			[k1, 0],
			[k2, 1],
			[k3, 2],
		] as const) {
			const [event] = await repository.listKeyEvents(keyId)
			const reason = { class: 'quota', status: 402, message: 'no credit' }
			expect(event).toMatchObject({ kind: 'demoted', ...reason, fromPosition })
		}
	})

	test('the reason of a demotion is that of its own request, whatever the key met meanwhile', async () => {
		const { database, repository, upstreamId, keyIds } = await start(2)
		await fail(database, keyFailure(keyIds[0]!, { failureClass: 'quota', message: 'no credit' }), MINUTE)
		await fail(database, keyFailure(keyIds[0]!, { failureClass: 'server', message: 'down' }), MINUTE)
		const demotion = { upstreamId, keys: [noCredit(keyIds[0]!)], workedId: keyIds[1]! }
		await database.batch(demotionStatements(demotion, 0))
		const [event] = await repository.listKeyEvents(keyIds[0]!)
		expect(event).toMatchObject({ kind: 'demoted', class: 'quota', message: 'no credit' })
	})

	test('a demotion for the sake of a key that is gone, or of another upstream, moves nothing', async () => {
		const { database, repository, upstreamId, keyIds } = await start(2)
		const other = await repository.addUpstream(upstreamInput('other'), byCli, ['sk-other-000000000000'])
		for (const workedId of ['key_gone', other.added[0]!.id]) {
			await database.batch(demotionStatements({ upstreamId, keys: [noCredit(keyIds[0]!)], workedId }, 0))
		}
		const config = await repository.read()
		expect(config.upstreams[0]!.keys.map(key => key.id)).toEqual(keyIds)
		expect(config.stateVersion).toBe(0)
	})
})
