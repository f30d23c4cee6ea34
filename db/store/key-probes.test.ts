import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { readReadiness } from '../../core/keys/readiness.ts'
import {
	type ConfigStore,
	createConfigRepository,
	createConfigStore,
	createKeyRing,
	type Database,
	DatabaseError,
	generateEncryptionKey,
} from '../index.ts'
import { failureStatements } from '../repositories/key-health.ts'
import { byCli, keyFailure, keyRing, MINUTE, upstreamInput } from '../test-support/samples.ts'
import { describeTargets } from '../test-support/targets.ts'

/** A clock that only the test moves. */
function createTestClock() {
	let elapsed = 1000
	const wall = Date.now()
	return {
		now: () => wall + elapsed,
		elapsed: () => elapsed,
		advance(ms: number) {
			elapsed += ms
		},
	}
}

describeTargets('a key whose cooldown is over', target => {
	/** One key that failed six minutes ago and cooled for five. */
	async function start(database: Database) {
		const repository = createConfigRepository(database, keyRing)
		const { added } = await repository.addUpstream(upstreamInput(), byCli, ['sk-00000000000000001'])
		const keyId = added[0]!.id
		await database.batch(failureStatements(keyFailure(keyId), 6 * MINUTE))
		const clock = createTestClock()
		const open = async (own: Database = database) => {
			const store = createConfigStore({ database: own, keyRing, clock, waitMs: 60_000 })
			await store.current()
			return store
		}
		const stateIn = (store: ConfigStore) => readReadiness(store.healthOf(keyId), 'm', store.now())
		const listKinds = async () => (await repository.listKeyEvents(keyId)).map(({ kind }) => kind)
		return { database, repository, keyId, probe: { keyId, scope: '' }, clock, open, stateIn, listKinds }
	}

	test('is tried by one request at a time, from the moment it begins', async () => {
		const { open, probe, stateIn } = await start(await target.fresh())
		const store = await open()
		expect(stateIn(store)).toBe('due')
		const before = await store.current()
		const end = store.startProbe(probe)
		expect(stateIn(store)).toBe('probing')
		expect(before.upstreams[0]!.keys[0]!.health.get('')).toMatchObject({ probeUntil: 0 })
		end()
		expect(stateIn(store)).toBe('due')
	})

	test('is ready in all instances after a success, and cools after a failure', async () => {
		const { open, probe, clock, stateIn, listKinds, database } = await start(await target.fresh())
		const [store, other] = [await open(), await open(await target.open())]
		const end = store.startProbe(probe)
		store.failed(keyFailure(probe.keyId))
		expect(stateIn(store)).toBe('cooling')
		end()
		await store.flush()
		expect(await listKinds()).toEqual(['failed', 'probe', 'failed'])
		const cooled =
			'UPDATE key_states SET cooldown_until = cooldown_until - ?1, last_fail_at = last_fail_at - ?1'
		await database.execute(cooled, [11 * MINUTE])
		await store.refresh()
		const endAgain = store.startProbe(probe)
		store.succeeded({ ...probe, ageMs: 0 })
		expect(stateIn(store)).toBe('ready')
		endAgain()
		await store.flush()
		clock.advance(1000)
		await other.current()
		expect(stateIn(other)).toBe('ready')
		expect((await listKinds())[0]).toBe('recovered')
	})

	test('is left alone by every other instance after its next check', async () => {
		const { open, probe, clock, stateIn, listKinds } = await start(await target.fresh())
		const stores = await Promise.all([1, 2, 3, 4].map(async () => open(await target.open())))
		const [first, ...others] = stores as [ConfigStore, ...ConfigStore[]]
		first.startProbe(probe)
		await first.flush()
		expect(others.map(stateIn)).toEqual(['due', 'due', 'due'])
		clock.advance(1000)
		await Promise.all(others.map(store => store.current()))
		expect(others.map(stateIn)).toEqual(['probing', 'probing', 'probing'])
		expect(await listKinds()).toEqual(['probe', 'failed'])
	})

	test('is tried by one of the instances that begin at once, as far as the database is concerned', async () => {
		const { open, probe, repository } = await start(await target.fresh())
		const stores = await Promise.all([1, 2, 3, 4].map(async () => open(await target.open())))
		for (const store of stores) store.startProbe(probe)
		await Promise.all(stores.map(store => store.flush()))
		const events = await repository.listKeyEvents(probe.keyId)
		expect(events).toMatchObject([{ kind: 'probe', count: 1 }, { kind: 'failed' }])
	})

	test('is not tried again by an instance that tries it, whatever the database says meanwhile', async () => {
		const { open, probe, stateIn } = await start(await target.fresh())
		const [store, other] = [await open(), await open(await target.open())]
		const end = store.startProbe(probe)
		const endOther = other.startProbe(probe)
		await store.flush()
		endOther()
		await other.flush()
		await store.refresh()
		expect(stateIn(store)).toBe('probing')
		end()
		expect(stateIn(store)).toBe('due')
	})

	test('may be tried again once a request has had it for 30 s', async () => {
		const { open, probe, clock, stateIn } = await start(await target.fresh())
		const store = await open()
		const endFirst = store.startProbe(probe)
		clock.advance(29_999)
		expect(stateIn(store)).toBe('probing')
		clock.advance(1)
		expect(stateIn(store)).toBe('due')
		store.startProbe(probe)
		endFirst()
		expect(stateIn(store)).toBe('probing')
	})

	test('stays with its request when a late answer of an older one fails', async () => {
		const { open, probe, stateIn } = await start(await target.fresh())
		const store = await open()
		store.startProbe(probe)
		store.failed(keyFailure(probe.keyId, { ageMs: 10 * MINUTE }))
		expect(stateIn(store)).toBe('probing')
		await store.flush()
		await store.refresh()
		expect(stateIn(store)).toBe('probing')
	})
})

describeTargets('what people do to keys', target => {
	async function start(database: Database, own: Database = database) {
		const repository = createConfigRepository(database, keyRing)
		const { added } = await repository.addUpstream(upstreamInput(), byCli, ['sk-00000000000000001'])
		const clock = createTestClock()
		const store = createConfigStore({ database: own, keyRing, clock, waitMs: 60_000 })
		await store.current()
		const state = () => readReadiness(store.healthOf(added[0]!.id), 'm', store.now())
		return { repository, store, clock, keyId: added[0]!.id, state }
	}

	test('a cleared cooldown is over in every instance after its next check', async () => {
		const database = await target.fresh()
		const { repository, store, clock, keyId, state } = await start(database, await target.open())
		store.failed(keyFailure(keyId))
		await store.flush()
		expect(state()).toBe('cooling')
		await repository.clearCooldown(keyId, { author: 'web' })
		clock.advance(1000)
		await store.current()
		expect(state()).toBe('ready')
	})

	test('a failure that is not written yet does not cool a cleared key again, here or there', async () => {
		const database = await target.fresh()
		let away = true
		const unsteady: Database = {
			...database,
			async batch(statements) {
				if (away) throw new DatabaseError('unreachable', 'no write gets through')
				return database.batch(statements)
			},
		}
		const { repository, store, clock, keyId, state } = await start(database, unsteady)
		store.failed(keyFailure(keyId))
		await store.flush()
		expect(state()).toBe('cooling')
		await repository.clearCooldown(keyId, { author: 'web' })
		clock.advance(1000)
		await store.current()
		expect(state()).toBe('ready')
		away = false
		clock.advance(1000)
		await store.flush()
		clock.advance(1000)
		await store.current()
		expect(state()).toBe('ready')
		const [key] = (await repository.read()).upstreams[0]!.keys
		expect(key!.state).toMatchObject([{ streak: 0, cooldownUntil: 0, failTotal: 1 }])
	})

	test('a request that began before a clearing does not cool the key by failing after it', async () => {
		const { repository, store, clock, keyId, state } = await start(await target.fresh())
		store.failed(keyFailure(keyId))
		await store.flush()
		await repository.clearCooldown(keyId, { author: 'web' })
		clock.advance(1000)
		await store.current()
		store.failed(keyFailure(keyId, { ageMs: 5 * MINUTE }))
		expect(state()).toBe('ready')
		await store.flush()
		await store.refresh()
		expect(state()).toBe('ready')
		clock.advance(1000)
		store.failed(keyFailure(keyId))
		expect(state()).toBe('cooling')
	})

	test('a paused key is paused in every instance after its next check, and so is a resumed one', async () => {
		const database = await target.fresh()
		const { repository, store, clock, keyId } = await start(database, await target.open())
		const readEnabled = async () => {
			clock.advance(1000)
			return (await store.current()).upstreams[0]!.keys[0]!.enabled
		}
		await repository.setKeyEnabled(keyId, false, byCli)
		expect(await readEnabled()).toBe(false)
		await repository.setKeyEnabled(keyId, true, byCli)
		expect(await readEnabled()).toBe(true)
	})
})

const prober = fileURLToPath(new URL('../test-support/prober.ts', import.meta.url))

describeTargets('several processes and a key whose cooldown is over', target => {
	test('each tries it at most once, and one of them for all', async () => {
		const database = await target.fresh()
		const encryptionKey = generateEncryptionKey()
		const repository = createConfigRepository(database, createKeyRing(encryptionKey))
		const { added } = await repository.addUpstream(upstreamInput(), byCli, ['sk-00000000000000001'])
		const keyId = added[0]!.id
		await database.batch(failureStatements(keyFailure(keyId), 6 * MINUTE))
		const { url, authToken = '' } = target.options()
		const run = () => promisify(execFile)(process.execPath, [prober, url, authToken, encryptionKey, '3'])
		const outputs = await Promise.all([run(), run(), run()])
		const tries = outputs.map(({ stdout }) => Number(stdout))
		expect(Math.max(...tries)).toBe(1)
		const events = await repository.listKeyEvents(keyId)
		expect(events).toMatchObject([{ kind: 'probe', count: 1 }, { kind: 'failed' }])
	})
})
