import { expect, test } from 'vitest'
import { createConfigRepository, createConfigStore } from '../index.ts'
import { byCli, keyRing, upstreamInput } from '../test-support/samples.ts'
import { describeTargets } from '../test-support/targets.ts'

describeTargets('a database whose contents are exchanged under a running store', target => {
	test('one that is new again does not take the configuration with it, until it has one', async () => {
		const before = await target.fresh()
		await createConfigRepository(before, keyRing).addUpstream(upstreamInput('before'), byCli)
		const store = createConfigStore({ database: before, keyRing, waitMs: 60_000, softMs: 0, hardMs: 0 })
		const snapshot = await store.current()
		await before.batch([
			...[
				{ sql: 'DELETE FROM upstreams' },
				{ sql: 'DELETE FROM revisions' },
				{ sql: 'DELETE FROM settings' },
			],
			{ sql: 'UPDATE meta SET revision = 0, state_version = 0' },
		])
		expect(await store.current()).toBe(snapshot)
		await expect(store.refresh()).rejects.toMatchObject({
			...{ code: 'not-migrated', message: expect.stringContaining('has lost its contents') },
		})
		expect(store.status()).toMatchObject({ ok: false, errorCode: 'not-migrated' })
		await createConfigRepository(before, keyRing).addUpstream(upstreamInput('after'), byCli)
		await store.refresh()
		expect(await store.current()).toMatchObject({ revision: 1, upstreams: [{ name: 'after' }] })
		expect(store.status()).toMatchObject({ ok: true })
	})

	test('another revision of the same number is noticed', async () => {
		const database = await target.fresh()
		const repository = createConfigRepository(database, keyRing)
		await repository.addUpstream(upstreamInput('one'), byCli)
		const store = createConfigStore({ database, keyRing, waitMs: 60_000, softMs: 0, hardMs: 0 })
		expect(await store.current()).toMatchObject({ revision: 1, upstreams: [{ name: 'one' }] })
		// As after the restore of a backup, and another change: the same number, other contents.
		await database.batch([
			...[{ sql: 'DELETE FROM upstreams' }, { sql: 'DELETE FROM revisions' }],
			{ sql: 'UPDATE meta SET revision = 0' },
		])
		await repository.addUpstream(upstreamInput('other'), byCli)
		await expect.poll(() => store.current()).toMatchObject({ revision: 1, upstreams: [{ name: 'other' }] })
	})
})
