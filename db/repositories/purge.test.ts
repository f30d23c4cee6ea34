import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { createConfigRepository, createKeyRing, type Database, generateEncryptionKey } from '../index.ts'
import { byCli, keyRing, upstreamInput } from '../test-support/samples.ts'
import { describeTargets } from '../test-support/targets.ts'

const leaked = 'sk-leaked-0123456789-aaaa'
const other = 'sk-other-0123456789-bbbb'

interface Stored {
	id: string
	secret: string
	mask: string
	purged_at?: number
}

async function sealedTexts(database: Database): Promise<string[]> {
	const rows = await database.execute(
		`SELECT secret FROM upstream_keys UNION
		SELECT json_extract(k.value, '$.secret') FROM revisions r, json_each(r.snapshot, '$.keys') k`,
	)
	return rows.map(row => String(row.secret))
}

async function keysOf(database: Database, revision: number): Promise<Stored[]> {
	const [row] = await database.execute('SELECT snapshot FROM revisions WHERE revision = ?', [revision])
	return JSON.parse(String(row?.snapshot)).keys
}

describeTargets('purging a leaked key', target => {
	async function start() {
		const database = await target.fresh()
		const repository = createConfigRepository(database, keyRing)
		const kimi = await repository.addUpstream(upstreamInput('kimi'), byCli, [leaked, other])
		return { database, repository, kimi, keyId: kimi.added[0]!.id, otherId: kimi.added[1]!.id }
	}

	test('takes its sealed text out of the configuration and of every revision, pinned ones too', async () => {
		const { database, repository, kimi, keyId, otherId } = await start()
		await repository.setStrategy('random', byCli)
		await repository.pinRevision(1, true)
		const sealed = (await keysOf(database, 1)).find(key => key.id === keyId)!.secret
		const purged = await repository.purgeKey(keyId, { author: 'web', message: 'it was in a log' })
		expect(purged).toMatchObject({
			revision: 3,
			places: [{ keyId, upstreamId: kimi.id, upstreamName: 'kimi', wasInUse: true, revisions: 2 }],
		})
		expect(await sealedTexts(database)).not.toContain(sealed)
		const config = await repository.read()
		expect(config.upstreams[0]!.keys.map(key => [key.id, key.readable])).toEqual([[otherId, true]])
		for (const revision of [1, 2]) {
			const [first, second] = await keysOf(database, revision)
			expect(first).toMatchObject({ id: keyId, mask: 'sk-…aaaa', secret: '', purged_at: expect.any(Number) })
			expect(keyRing.open(second!.secret, second!.id)).toBe(other)
			expect(second!.purged_at).toBeUndefined()
			const shown = await repository.readRevision(revision)
			expect(shown.config.upstreams[0]!.keys.map(key => key.id)).toEqual([otherId])
			expect(shown.config.purged).toMatchObject([{ id: keyId, mask: 'sk-…aaaa', upstreamId: kimi.id }])
		}
		const [newest] = (await repository.listRevisions()).revisions
		expect(newest).toMatchObject({
			...{ revision: 3, author: 'web', message: 'it was in a log' },
			changes: [{ kind: 'key-purged', keyId, mask: 'sk-…aaaa', name: 'kimi', wasInUse: true, revisions: 2 }],
		})
		expect((await keysOf(database, 3)).map(key => key.id)).toEqual([otherId])
	})

	test('finds the same key in other upstreams, and where it was removed long ago', async () => {
		const { database, repository, kimi, keyId } = await start()
		const second = await repository.addUpstream(upstreamInput('second'), byCli, [leaked])
		const gone = await repository.addUpstream(upstreamInput('gone'), byCli, [leaked])
		await repository.removeUpstream(gone.id, byCli)
		const { fingerprint } = (await repository.read()).upstreams[0]!.keys[0]!
		const { places, revision } = await repository.purgeKey(fingerprint, byCli)
		expect(revision).toBe(5)
		expect(new Set(places)).toEqual(
			new Set([
				{ ...place(keyId, kimi.id, 'kimi'), wasInUse: true, revisions: 4 },
				{ ...place(second.added[0]!.id, second.id, 'second'), wasInUse: true, revisions: 3 },
				{ ...place(gone.added[0]!.id, gone.id, 'gone'), wasInUse: false, revisions: 1 },
			]),
		)
		const texts = (await sealedTexts(database)).filter(text => text !== '')
		expect(texts).toHaveLength(1)
	})

	const place = (keyId: string, upstreamId: string, upstreamName: string) => ({
		...{ keyId, upstreamId, upstreamName, mask: 'sk-…aaaa' },
	})

	test('works for a key that only history holds, once, and for no key that never was', async () => {
		const { repository, keyId } = await start()
		await repository.removeKey(keyId, byCli)
		expect(await repository.purgeKey(keyId, byCli)).toMatchObject({
			revision: 3,
			places: [{ keyId, wasInUse: false, revisions: 1 }],
		})
		expect(await repository.purgeKey(keyId, byCli)).toMatchObject({ revision: 3, places: [] })
		await expect(repository.purgeKey('key_never', byCli)).rejects.toMatchObject({ code: 'not-found' })
	})

	test('is not undone by a restore, which tells what stays gone', async () => {
		const { repository, keyId, otherId } = await start()
		await repository.removeKey(otherId, byCli)
		await repository.purgeKey(keyId, byCli)
		const restored = await repository.restoreRevision(1, byCli)
		expect(restored).toMatchObject({ revision: 4, warnings: ['sk-…aaaa of kimi was purged and stays gone.'] })
		expect((await repository.read()).upstreams[0]!.keys.map(key => key.id)).toEqual([otherId])
	})

	test('holds against changes and restores that are made at the same moment', async () => {
		const { database, repository, kimi, keyId, otherId } = await start()
		const sealed = (await keysOf(database, 1))[0]!.secret
		const others = await Promise.all([target.open(), target.open(), target.open()])
		const [editor, restorer, purger] = others.map(each => createConfigRepository(each, keyRing)) as [
			...[typeof repository, typeof repository, typeof repository],
		]
		const added = Array.from({ length: 6 }, (_, index) => `sk-new-0123456789-${index}`)
		const edit = async () => {
			for (const secret of added) await editor.addKeys(kimi.id, [secret], byCli)
		}
		const restore = async () => {
			for (let round = 0; round < 4; round++) await restorer.restoreRevision(1, byCli)
		}
		await Promise.all([edit(), restore(), purger.purgeKey(keyId, byCli)])
		expect(await sealedTexts(database)).not.toContain(sealed)
		await repository.restoreRevision(1, byCli)
		expect((await repository.read()).upstreams[0]!.keys.map(key => key.id)).toEqual([otherId])
		// Every edit made its revision: none was lost to the purge.
		const { revisions } = await repository.listRevisions()
		expect(revisions.filter(({ changes }) => changes[0]?.kind === 'keys-added')).toHaveLength(6)
	})

	test('finds the same key under the fingerprints of every ENCRYPTION_KEY in use', async () => {
		const [older, newer] = [generateEncryptionKey(), generateEncryptionKey()]
		const database = await target.fresh()
		const before = createConfigRepository(database, createKeyRing(older))
		const ring = createKeyRing(`${newer},${older}`)
		const during = createConfigRepository(database, ring)
		const one = await before.addUpstream(upstreamInput('one'), byCli, [leaked])
		const two = await during.addUpstream(upstreamInput('two'), byCli, [leaked, other])
		const { places } = await during.purgeKey(one.added[0]!.id, byCli)
		expect(places.map(({ keyId }) => keyId).sort()).toEqual([one.added[0]!.id, two.added[0]!.id].sort())
		expect((await during.read()).upstreams.map(({ keys }) => keys.length)).toEqual([0, 1])
		const sealed = (await sealedTexts(database)).filter(text => text !== '')
		expect(sealed).toHaveLength(1)
		await during.addKeys(one.id, [leaked], byCli)
		expect(await during.purgeKey(ring.fingerprints(leaked), byCli)).toMatchObject({
			places: [{ upstreamName: 'one', wasInUse: true }],
		})
	})

	if (target.ours) {
		test('leaves no byte of it in a database file', async () => {
			const { database, repository, keyId, kimi } = await start()
			for (let round = 0; round < 60; round++) {
				await repository.updateUpstream(kimi.id, { description: `round ${round}` }, byCli)
			}
			const sealed = (await keysOf(database, 61))[0]!.secret
			const traces = () => {
				const files = ['', '-wal'].map(suffix => readFileSync(`${target.file()}${suffix}`))
				return files.filter(bytes => bytes.includes(sealed)).length
			}
			expect(traces()).toBeGreaterThan(0)
			// Another connection, as a running proxy has one.
			await (await target.open()).execute('SELECT count(*) FROM revisions')
			const { erased } = await repository.purgeKey(keyId, byCli)
			expect(erased).toBe(target.kind === 'file')
			expect(await sealedTexts(database)).not.toContain(sealed)
			if (target.kind === 'file') expect(traces()).toBe(0)
			expect(await database.execute('PRAGMA quick_check')).toEqual([{ quick_check: 'ok' }])
		})
	}
})
