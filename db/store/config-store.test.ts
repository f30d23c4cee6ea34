import { expect, onTestFinished, test, vi } from 'vitest'
import type { Snapshot } from '../../core/config/snapshot.ts'
import {
	type ConfigStoreOptions,
	createConfigRepository,
	createConfigStore,
	createKeyRing,
	type Database,
	generateEncryptionKey,
	NoSnapshot,
} from '../index.ts'
import { byCli, keyFailure, keyRing, MINUTE, noCredit, upstreamInput } from '../test-support/samples.ts'
import { createServerTarget, describeTargets } from '../test-support/targets.ts'

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

const SECRETS = ['sk-aaaaaaaaaaaaaaaa1', 'sk-bbbbbbbbbbbbbbbb2', 'sk-cccccccccccccccc3']

const keyIdsOf = (snapshot: Snapshot) => snapshot.upstreams[0]!.keys.map(key => key.id)
const healthOf = (snapshot: Snapshot, index = 0, scope = '') =>
	snapshot.upstreams[0]!.keys[index]!.health.get(scope)

async function setUp(database: Database, options: Partial<ConfigStoreOptions> = {}) {
	const repository = createConfigRepository(database, keyRing)
	const { id, added } = await repository.addUpstream(upstreamInput(), byCli, SECRETS)
	const clock = createTestClock()
	const store = createConfigStore({ database, keyRing, clock, ...options })
	const keyIds = added.map(key => key.id) as [string, string, string]
	return { repository, upstreamId: id, keyIds, clock, store }
}

describeTargets('the configuration store', target => {
	test('the first snapshot holds the configuration with its keys opened', async () => {
		const { store, upstreamId } = await setUp(await target.fresh())
		expect(store.status().snapshotAgeMs).toBe(Number.POSITIVE_INFINITY)
		const snapshot = await store.current()
		expect(snapshot).toMatchObject({ revision: 1, strategy: 'failover', currentUpstreamId: upstreamId })
		expect(snapshot.upstreams[0]!.keys.map(key => key.secret)).toEqual(SECRETS)
		expect(store.status()).toMatchObject({ ok: true, snapshotAgeMs: 0 })
	})

	test('a fresh snapshot is returned at once, without a promise', async () => {
		const { store, clock } = await setUp(await target.fresh())
		const snapshot = await store.current()
		clock.advance(499)
		expect(store.current()).toBe(snapshot)
	})

	test('a change elsewhere is seen by the next request after 900 ms', async () => {
		const { store, clock, repository } = await setUp(await target.fresh(), { waitMs: 60_000 })
		const snapshot = await store.current()
		await repository.setStrategy('random', byCli)
		clock.advance(901)
		expect(snapshot.strategy).toBe('failover')
		expect((await store.current()).strategy).toBe('random')
	})

	test('after 500 ms the present snapshot is served while a check runs behind it', async () => {
		const work: Promise<unknown>[] = []
		const { store, clock, repository } = await setUp(await target.fresh(), { defer: done => work.push(done) })
		const snapshot = await store.current()
		await repository.setStrategy('random', byCli)
		clock.advance(600)
		expect(store.current()).toBe(snapshot)
		await Promise.all(work)
		expect(store.current()).toMatchObject({ strategy: 'random' })
	})

	test('an instance that was frozen, its monotonic clock standing still, does not trust its snapshot', async () => {
		const database = await target.fresh()
		let wall = Date.now()
		const clock = { now: () => wall, elapsed: () => 1000 }
		const { store, repository } = await setUp(database, { clock, waitMs: 60_000 })
		await store.current()
		await repository.setStrategy('random', byCli)
		wall += 10 * MINUTE
		expect((await store.current()).strategy).toBe('random')
	})

	test('a failure is in the snapshot at once, and in every instance after the next check', async () => {
		const database = await target.fresh()
		const { store, keyIds, clock } = await setUp(database)
		const other = createConfigStore({ database: await target.open(), keyRing, clock, waitMs: 60_000 })
		await other.current()
		const before = await store.current()
		store.failed(keyFailure(keyIds[1]))
		const after = await store.current()
		expect(healthOf(before, 1)).toBeUndefined()
		expect(healthOf(after, 1)).toMatchObject({ streak: 1 })
		expect(healthOf(after, 1)!.cooldownUntil).toBeGreaterThan(store.now() + 4 * MINUTE)
		await store.flush()
		clock.advance(1000)
		expect(healthOf(await other.current(), 1)).toMatchObject({ streak: 1 })
		other.succeeded({ keyId: keyIds[1], scope: '', ageMs: 0 })
		await other.flush()
		clock.advance(1)
		await store.refresh()
		expect(healthOf(await store.current(), 1)?.streak ?? 0).toBe(0)
	})

	test('an incident seen by many instances at once is one incident', async () => {
		const { keyIds, repository } = await setUp(await target.fresh())
		const stores = []
		for (let count = 0; count < 4; count++) {
			const store = createConfigStore({ database: await target.open(), keyRing })
			await store.current()
			stores.push(store)
		}
		for (const store of stores) {
			for (let count = 0; count < 10; count++) store.failed(keyFailure(keyIds[0], { ageMs: 200 }))
		}
		await Promise.all(stores.map(store => store.flush()))
		const [state] = (await repository.read()).upstreams[0]!.keys[0]!.state
		expect(state).toMatchObject({ streak: 1, failTotal: 40 })
	})

	test('a demotion changes the order at once and in the database', async () => {
		const { store, upstreamId, keyIds, repository } = await setUp(await target.fresh())
		await store.current()
		const [a, b, c] = keyIds
		store.demoted({ upstreamId, keys: [noCredit(a)], workedId: b })
		expect(keyIdsOf(await store.current())).toEqual([b, c, a])
		await store.flush()
		expect((await repository.read()).upstreams[0]!.keys.map(key => key.id)).toEqual([b, c, a])
		await store.refresh()
		expect(await store.current()).toMatchObject({ revision: 1, stateVersion: 1 })
	})

	test('a check that was sent before a failure was written does not undo it', async () => {
		const database = await target.fresh()
		let gate: Promise<void> | undefined
		const slow: Database = {
			...database,
			async execute(sql, args) {
				const rows = await database.execute(sql, args)
				await gate
				return rows
			},
		}
		const options = { database: slow, waitMs: 60_000 }
		const { store, clock, keyIds, upstreamId, repository } = await setUp(database, options)
		await store.current()
		await repository.setStrategy('random', byCli)
		clock.advance(1000)
		const { promise, resolve } = Promise.withResolvers<void>()
		gate = promise
		const check = store.current()
		// The check's answer, from before all of this, is on its way.
		await database.execute('SELECT 1')
		clock.advance(10)
		store.failed(keyFailure(keyIds[0]))
		store.demoted({ upstreamId, keys: [noCredit(keyIds[0])], workedId: keyIds[1] })
		await store.flush()
		resolve()
		const snapshot = await check
		expect(keyIdsOf(snapshot)).toEqual([keyIds[1], keyIds[2], keyIds[0]])
		expect(healthOf(snapshot, 2)).toMatchObject({ streak: 1 })
	})

	test('a key that the ENCRYPTION_KEY does not open is in the snapshot without a secret', async () => {
		const database = await target.fresh()
		await setUp(database)
		const otherRing = createKeyRing(generateEncryptionKey())
		const store = createConfigStore({ database, keyRing: otherRing })
		const snapshot = await store.current()
		expect(snapshot.upstreams[0]!.keys.map(key => key.secret)).toEqual([undefined, undefined, undefined])
		expect(snapshot.upstreams[0]!.keys[0]!.mask).toBe('sk-…aaa1')
	})

	test('a database that is emptied while it serves does not take the configuration with it', async () => {
		const database = await target.fresh()
		const { store, clock } = await setUp(database)
		const snapshot = await store.current()
		await database.batch([{ sql: 'DELETE FROM upstream_keys' }, { sql: 'DELETE FROM meta' }])
		await expect(store.refresh()).rejects.toMatchObject({ code: 'not-migrated' })
		clock.advance(60_000)
		expect(await store.current()).toBe(snapshot)
		expect(store.status()).toMatchObject({ ok: false, error: expect.stringContaining('lost its contents') })
	})

	test('a refusal by the database of one news does not take others with it', async () => {
		const { store, keyIds, repository } = await setUp(await target.fresh())
		await store.current()
		const impossible = 'x' as unknown as number
		store.failed(keyFailure(keyIds[0], { status: Number.NaN }))
		store.failed(keyFailure(keyIds[1], { ageMs: impossible }))
		store.failed(keyFailure(keyIds[2]))
		await store.flush()
		expect(store.status().health).toMatchObject({ pending: 0, written: 1, dropped: 2 })
		const keys = (await repository.read()).upstreams[0]!.keys
		expect(keys.map(key => key.state.length)).toEqual([0, 0, 1])
	})
})

const target = createServerTarget()

test.each(['hang', 'drop', '500', '502html'] as const)(
	'while the server answers with %s the last snapshot serves on, and its return is noticed',
	async fault => {
		const database = await target.fresh()
		const { clock, repository, keyIds } = await setUp(database)
		const store = createConfigStore({ database: await target.open(), keyRing, clock, waitMs: 50 })
		const snapshot = await store.current()
		// Impatient while the fault lasts, and no longer: the rest may take its time.
		const signalAfter = AbortSignal.timeout
		const timeout = vi.spyOn(AbortSignal, 'timeout').mockImplementation(() => signalAfter(300))
		onTestFinished(() => timeout.mockRestore())
		await target.control({ fault })
		clock.advance(60_000)
		expect(await store.current()).toBe(snapshot)
		store.failed(keyFailure(keyIds[0]))
		await expect(store.refresh()).rejects.toMatchObject({ code: 'unreachable' })
		expect(store.status()).toMatchObject({ ok: false, error: expect.stringContaining('cannot be reached') })
		// No request waits while the circuit is open.
		const served = store.current()
		expect(healthOf(served as Snapshot)).toMatchObject({ streak: 1 })
		expect(served).not.toBeInstanceOf(Promise)
		await target.control({})
		timeout.mockRestore()
		await repository.setStrategy('random', byCli)
		clock.advance(5001)
		await store.refresh()
		await store.flush()
		expect(await store.current()).toMatchObject({ strategy: 'random' })
		expect(store.status()).toMatchObject({ ok: true, health: { pending: 0, dropped: 0 } })
		expect((await repository.read()).upstreams[0]!.keys[0]!.state).toMatchObject([
			{ streak: 1, failTotal: 1 },
		])
	},
)

test('news whose write was answered by nothing is written once', async () => {
	const { store, repository, keyIds } = await setUp(await target.fresh())
	await store.current()
	await target.control({ fault: 'dropAfter', faultScope: 'batches' })
	store.failed(keyFailure(keyIds[0]))
	const flushed = store.flush()
	await expect.poll(async () => (await repository.read()).upstreams[0]!.keys[0]!.state.length).toBe(1)
	await target.control({})
	await flushed
	await store.flush()
	expect(store.status().health).toMatchObject({ pending: 0, written: 1, dropped: 0 })
	expect((await repository.read()).upstreams[0]!.keys[0]!.state).toMatchObject([{ failTotal: 1 }])
})

test('while writes are blocked, reading goes on and what was learnt waits', async () => {
	const { store, keyIds, repository } = await setUp(await target.fresh())
	await store.current()
	await target.control({ fault: 'readonly' })
	store.failed(keyFailure(keyIds[0]))
	await store.flush()
	expect(store.status()).toMatchObject({ ok: false, health: { pending: 1 } })
	await store.refresh()
	expect(healthOf(await store.current())).toMatchObject({ streak: 1 })
	await expect(repository.setStrategy('random', byCli)).rejects.toMatchObject({ code: 'read-only' })
	await target.control({})
	await store.flush()
	expect(store.status()).toMatchObject({ ok: true, health: { pending: 0, written: 1 } })
})

test('without any snapshot an outage is told as such, and overcome', async () => {
	await target.fresh()
	const database = await target.open()
	const clock = createTestClock()
	const store = createConfigStore({ database, keyRing, clock })
	await target.control({ fault: '500' })
	await expect(store.current()).rejects.toBeInstanceOf(NoSnapshot)
	await expect(store.current()).rejects.toThrow(/No configuration could be read yet: .*HTTP 500/)
	await target.control({})
	clock.advance(5001)
	expect(await store.current()).toMatchObject({ revision: 0 })
})

test('a wrong token is told apart from an outage', async () => {
	const database = await target.open({ authToken: 'wrong' })
	const store = createConfigStore({ database, keyRing })
	await expect(store.current()).rejects.toThrow('TURSO_AUTH_TOKEN')
})

test('the clock of the store is the database clock, whatever this computer says', async () => {
	const database = await target.fresh()
	const clock = { now: () => Date.now() - 90_000, elapsed: () => performance.now() }
	const store = createConfigStore({ database, keyRing, clock })
	await store.current()
	const rows = await database.execute(`SELECT CAST(unixepoch('subsec') * 1000 AS INTEGER) AS now`)
	expect(Math.abs(store.now() - Number(rows[0]!.now))).toBeLessThan(5000)
})
