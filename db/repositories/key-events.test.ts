import { expect, test } from 'vitest'
import type { KeyFailure } from '../../core/ports.ts'
import { createConfigRepository, type Database } from '../index.ts'
import { byCli, keyFailure, keyRing, MINUTE, upstreamInput } from '../test-support/samples.ts'
import { describeTargets } from '../test-support/targets.ts'
import {
	failureStatements,
	type KeyProbe,
	probeEndStatements,
	probeStartStatements,
	successStatements,
} from './key-health.ts'

function fail(database: Database, failure: KeyFailure, agoMs: number) {
	return database.batch(failureStatements(failure, agoMs))
}

function startProbe(database: Database, probe: KeyProbe, agoMs = 0) {
	return database.batch(probeStartStatements(probe, agoMs))
}

describeTargets('the history of a key', target => {
	async function start() {
		const database = await target.fresh()
		const repository = createConfigRepository(database, keyRing)
		const { added } = await repository.addUpstream(upstreamInput(), byCli, ['sk-00000000000000001'])
		const keyId = added[0]!.id
		const readState = async (scope = '') => {
			const rows = await database.execute(
				'SELECT * FROM key_states JOIN meta ON 1 WHERE key_id = ? AND scope = ?',
				[keyId, scope],
			)
			return rows[0]
		}
		const listKinds = async () => (await repository.listKeyEvents(keyId)).map(({ kind }) => kind)
		return { database, repository, keyId, readState, listKinds }
	}

	test('tells what happened, newest first, with the reason', async () => {
		const { database, repository, keyId } = await start()
		const limit = { failureClass: 'rate_limit', status: 429, message: 'slow down' } as const
		await fail(database, keyFailure(keyId, { ...limit, scope: 'big' }), 9 * MINUTE)
		await fail(database, keyFailure(keyId, { failureClass: 'auth', status: 401 }), 8 * MINUTE)
		await startProbe(database, { keyId, scope: '' }, 2 * MINUTE)
		await database.batch(successStatements({ keyId, scope: '', ageMs: 0 }, MINUTE))
		await repository.clearCooldown(keyId, { author: 'web' })
		const events = await repository.listKeyEvents(keyId)
		expect(events).toMatchObject([
			{ kind: 'cleared', scope: 'big', author: 'web', count: 1, ...{ class: 'rate_limit', status: 429 } },
			{ kind: 'recovered', scope: '', count: 1 },
			{ kind: 'probe', scope: '', count: 1 },
			{ kind: 'failed', scope: '', class: 'auth', status: 401, message: 'upstream is down', author: '' },
			{ kind: 'failed', scope: 'big', message: 'slow down' },
		])
		expect(events[3]!.cooldownUntil - events[3]!.at).toBe(5 * MINUTE)
		expect(await repository.listKeyEvents(keyId, { limit: 2 })).toEqual(events.slice(0, 2))
	})

	test('is empty at first, and an error for a key that is not there', async () => {
		const { repository, keyId } = await start()
		expect(await repository.listKeyEvents(keyId)).toEqual([])
		await expect(repository.listKeyEvents('key_gone')).rejects.toMatchObject({ code: 'not-found' })
	})

	test('one of many instances that try the key at once is the one that does', async () => {
		const { database, keyId, readState, listKinds } = await start()
		const probe = { keyId, scope: '' }
		await startProbe(database, probe)
		await fail(database, keyFailure(keyId), 3 * MINUTE)
		await startProbe(database, probe)
		expect(await listKinds()).toEqual(['failed'])
		await database.execute('UPDATE key_states SET cooldown_until = cooldown_until - ?', [5 * MINUTE])
		const others = await Promise.all([target.open(), target.open(), target.open()])
		await Promise.all([database, ...others].map(instance => startProbe(instance, probe)))
		expect(await listKinds()).toEqual(['probe', 'failed'])
		const { probe_until } = (await readState())!
		await startProbe(database, probe)
		expect(await readState()).toMatchObject({ probe_until })
	})

	test('a probe that learned nothing may be repeated, in one row of the history', async () => {
		const { database, repository, keyId, readState } = await start()
		await fail(database, keyFailure(keyId), 6 * MINUTE)
		for (let count = 0; count < 3; count++) {
			await startProbe(database, { keyId, scope: '' })
			expect(Number((await readState())!.probe_until)).toBeGreaterThan(0)
			await database.batch(probeEndStatements({ keyId, scope: '' }))
		}
		expect(await repository.listKeyEvents(keyId)).toMatchObject([
			{ kind: 'probe', count: 3 },
			{ kind: 'failed' },
		])
	})

	test('a late answer of a request that began before the latest failure does not end a probe', async () => {
		const { database, keyId, readState } = await start()
		await fail(database, keyFailure(keyId), 9 * MINUTE)
		await startProbe(database, { keyId, scope: '' }, 1000)
		const { probe_until } = (await readState())!
		await fail(database, keyFailure(keyId, { ageMs: 10 * MINUTE }), 0)
		expect(Number(probe_until)).toBeGreaterThan(0)
		expect(await readState()).toMatchObject({ probe_until, streak: 1 })
	})

	test('a failed probe cools longer, and the next one is another row', async () => {
		const { database, keyId, readState, listKinds } = await start()
		const probe = { keyId, scope: '' }
		await fail(database, keyFailure(keyId), 60 * MINUTE)
		await startProbe(database, probe, 50 * MINUTE)
		await fail(database, keyFailure(keyId), 49 * MINUTE)
		expect(await readState()).toMatchObject({ streak: 2, probe_until: 0 })
		await startProbe(database, probe, 30 * MINUTE)
		expect(await listKinds()).toEqual(['probe', 'failed', 'probe', 'failed'])
	})
})

describeTargets('clearing a cooldown by hand', target => {
	async function start() {
		const database = await target.fresh()
		const repository = createConfigRepository(database, keyRing)
		const { added } = await repository.addUpstream(upstreamInput(), byCli, ['sk-00000000000000001'])
		const keyId = added[0]!.id
		const readStates = async () => {
			const { upstreams } = await repository.read()
			return Object.fromEntries(upstreams[0]!.keys[0]!.state.map(state => [state.scope, state]))
		}
		return { database, repository, keyId, readStates }
	}

	test('ends all cooldowns of the key, says which, and makes no revision', async () => {
		const { database, repository, keyId, readStates } = await start()
		await fail(database, keyFailure(keyId), 0)
		await fail(database, keyFailure(keyId, { scope: 'big', failureClass: 'rate_limit' }), 0)
		const { cleared } = await repository.clearCooldown(keyId, { author: 'cli' })
		expect(cleared.toSorted()).toEqual(['', 'big'])
		const ended = { cooldownUntil: 0, streak: 0, failTotal: 1 }
		expect(await readStates()).toMatchObject({ '': ended, big: ended })
		expect((await repository.read()).revision).toBe(1)
		expect(await repository.clearCooldown(keyId, { author: 'cli' })).toEqual({ cleared: [] })
	})

	test('leaves other scopes alone when one is named', async () => {
		const { database, repository, keyId, readStates } = await start()
		await fail(database, keyFailure(keyId), 0)
		await fail(database, keyFailure(keyId, { scope: 'big', failureClass: 'rate_limit' }), 0)
		expect(await repository.clearCooldown(keyId, { author: 'cli', scope: 'big' })).toEqual({
			cleared: ['big'],
		})
		expect(await readStates()).toMatchObject({ '': { streak: 1 }, big: { streak: 0 } })
	})

	test('holds against late answers of requests that began before, not against new failures', async () => {
		const { database, repository, keyId, readStates } = await start()
		await fail(database, keyFailure(keyId), 0)
		await repository.clearCooldown(keyId, { author: 'cli' })
		await fail(database, keyFailure(keyId, { ageMs: MINUTE }), 0)
		expect(await readStates()).toMatchObject({ '': { streak: 0, cooldownUntil: 0, failTotal: 2 } })
		await database.execute(
			'UPDATE key_states SET cleared_at = cleared_at - 1000, last_fail_at = last_fail_at - 1000',
		)
		await fail(database, keyFailure(keyId), 0)
		expect(await readStates()).toMatchObject({ '': { streak: 1, failTotal: 3 } })
	})

	test('holds against a failure that an instance had not written yet', async () => {
		const { database, repository, keyId, readStates } = await start()
		expect(await repository.clearCooldown(keyId, { author: 'cli' })).toEqual({ cleared: [] })
		expect(await readStates()).toEqual({})
		await fail(database, keyFailure(keyId), MINUTE)
		expect(await readStates()).toMatchObject({ '': { streak: 0, cooldownUntil: 0 } })
		await database.execute('UPDATE key_states SET cleared_at = cleared_at - 1000')
		await fail(database, keyFailure(keyId), 0)
		expect(await readStates()).toMatchObject({ '': { streak: 1 } })
	})

	test('is an error for a key that is not there', async () => {
		const { repository } = await start()
		const cleared = repository.clearCooldown('key_gone', { author: 'cli' })
		await expect(cleared).rejects.toMatchObject({ code: 'not-found' })
	})
})
