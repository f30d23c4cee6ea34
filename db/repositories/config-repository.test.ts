import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { upstreamInputSchema } from '../../core/config/upstream.ts'
import {
	createConfigRepository,
	createKeyRing,
	type Database,
	generateEncryptionKey,
	initializeStrategy,
} from '../index.ts'
import { byCli, keyRing, upstreamInput } from '../test-support/samples.ts'
import { describeTargets } from '../test-support/targets.ts'
import { commitRevision } from './commit-revision.ts'

async function snapshotOf(database: Database, revision: number): Promise<string> {
	const rows = await database.execute('SELECT snapshot FROM revisions WHERE revision = ?', [revision])
	return String(rows[0]?.snapshot)
}

describeTargets('the configuration repository', target => {
	async function start() {
		const database = await target.fresh()
		return { database, repository: createConfigRepository(database, keyRing) }
	}

	test('a new database has no upstream, and failover as its strategy', async () => {
		const { repository } = await start()
		expect(await repository.read()).toMatchObject({
			...{ revision: 0, stateVersion: 0, strategy: 'failover', currentUpstreamId: undefined, upstreams: [] },
		})
	})

	test('every field of an upstream is stored and comes back', async () => {
		const { repository } = await start()
		const input = {
			...{ name: 'Große Firma', type: 'gemini', baseUrl: 'https://a.example/v1#' },
			...{ description: "it's", website: 'https://a.example', insecureSkipVerify: true },
			modelMap: { 'claude-*-haiku-*': 'small', opus: 'big', '1': 'one' },
			extraHeaders: { 'x-team': 'blue' },
			...{ proxyUrl: 'http://proxy.example:8080', authStyle: 'bearer' as const },
			...{ timeoutMs: 1234, maxConcurrent: 7, keyConcurrent: 3, firstContentMs: 4321, enabled: false },
		}
		// A field that is added to the schema must be added here too.
		expect(Object.keys(input).sort()).toEqual(Object.keys(upstreamInputSchema.shape).sort())
		const { id, revision } = await repository.addUpstream(input, byCli)
		expect(revision).toBe(1)
		const { upstreams } = await repository.read()
		expect(upstreams).toEqual([
			{ ...input, id, position: 0, learnedFacts: 0, createdAt: expect.any(Number), keys: [] },
		])
		expect(Object.keys(upstreams[0]!.modelMap)).toEqual(Object.keys(input.modelMap))
	})

	test('the first upstream becomes current, the second does not, and removing the current one leaves none', async () => {
		const { repository } = await start()
		const first = await repository.addUpstream(upstreamInput('one'), byCli)
		const second = await repository.addUpstream(upstreamInput('two'), byCli)
		expect((await repository.read()).currentUpstreamId).toBe(first.id)
		await repository.setCurrentUpstream(second.id, byCli)
		await repository.removeUpstream(second.id, byCli)
		const config = await repository.read()
		expect(config.currentUpstreamId).toBeUndefined()
		expect(config.upstreams.map(upstream => upstream.name)).toEqual(['one'])
	})

	test('a name is taken whatever its case', async () => {
		const { repository } = await start()
		const { id } = await repository.addUpstream(upstreamInput('Élan'), byCli)
		const other = await repository.addUpstream(upstreamInput('other'), byCli)
		await expect(repository.addUpstream(upstreamInput('éLAN'), byCli)).rejects.toMatchObject({
			...{ code: 'exists', message: expect.stringContaining('Élan') },
		})
		await expect(repository.updateUpstream(other.id, { name: 'ÉLAN' }, byCli)).rejects.toMatchObject({
			code: 'exists',
		})
		await repository.updateUpstream(id, { name: 'ÉLAN' }, byCli)
		expect((await repository.read()).upstreams.map(upstream => upstream.name)).toEqual(['ÉLAN', 'other'])
	})

	test('input that does not fit is refused by field, and nothing is written', async () => {
		const { repository } = await start()
		const bad = { ...upstreamInput(), baseUrl: 'ftp://x', timeoutMs: -1 }
		await expect(repository.addUpstream(bad, byCli)).rejects.toMatchObject({
			...{ code: 'invalid', message: expect.stringMatching(/baseUrl: .*; timeoutMs: /) },
		})
		const { id } = await repository.addUpstream(upstreamInput(), byCli)
		const secret = 'sk with blanks and é'
		const refusal = await repository
			.addKeys(id, ['sk-good-000000000000', secret], byCli)
			.catch(error => error)
		expect(refusal).toMatchObject({ code: 'invalid', message: expect.stringContaining('key: ') })
		expect(refusal.message).not.toContain(secret)
		expect(await repository.read()).toMatchObject({ revision: 1, upstreams: [{ keys: [] }] })
	})

	test('a patch changes the fields that it names and no other, and one without effect makes no revision', async () => {
		const { repository } = await start()
		const { id } = await repository.addUpstream(
			{ ...upstreamInput(), description: 'kept', insecureSkipVerify: true },
			byCli,
		)
		expect(await repository.updateUpstream(id, { website: 'https://w.example' }, byCli)).toEqual({
			revision: 2,
		})
		expect(await repository.updateUpstream(id, { website: 'https://w.example' }, byCli)).toEqual({
			revision: 2,
		})
		expect((await repository.read()).upstreams[0]).toMatchObject({
			...{ description: 'kept', insecureSkipVerify: true, website: 'https://w.example' },
		})
	})

	test('keys are added once per upstream, in order, and shown by mask', async () => {
		const { repository } = await start()
		const { id, added } = await repository.addUpstream(upstreamInput('one'), byCli, ['sk-aaaaaaaaaaaaaaaa1'])
		const more = await repository.addKeys(
			id,
			['sk-bbbbbbbbbbbbbbbb2', ' sk-aaaaaaaaaaaaaaaa1 ', 'sk-bbbbbbbbbbbbbbbb2'],
			byCli,
		)
		expect(more.added).toEqual([{ id: expect.stringMatching(/^key_\w{24}$/), mask: 'sk-…bbb2' }])
		expect(more.duplicates).toEqual([added[0], more.added[0]])
		const again = await repository.addKeys(id, ['sk-aaaaaaaaaaaaaaaa1'], byCli)
		expect(again).toEqual({ revision: more.revision, added: [], duplicates: added, elsewhere: [] })
		const other = await repository.addUpstream(upstreamInput('two'), byCli)
		expect((await repository.addKeys(other.id, ['sk-aaaaaaaaaaaaaaaa1'], byCli)).added).toHaveLength(1)
		const keys = (await repository.read()).upstreams[0]!.keys
		expect(keys.map(key => [key.mask, key.enabled, key.readable])).toEqual([
			...[
				['sk-…aaa1', true, true],
				['sk-…bbb2', true, true],
			],
		])
	})

	test('keys can be reordered, paused and removed', async () => {
		const { repository } = await start()
		const secrets = ['sk-aaaaaaaaaaaaaaaa1', 'sk-bbbbbbbbbbbbbbbb2', 'sk-cccccccccccccccc3']
		const { id, added } = await repository.addUpstream(upstreamInput(), byCli, secrets)
		const [a, b, c] = added.map(key => key.id) as [string, string, string]
		const order = async () => (await repository.read()).upstreams[0]!.keys.map(key => key.id)
		await repository.reorderKeys(id, [c, a], byCli)
		expect(await order()).toEqual([c, a, b])
		await repository.setKeyEnabled(a, false, byCli)
		await repository.removeKey(c, byCli)
		expect((await repository.read()).upstreams[0]!.keys.map(key => [key.id, key.enabled])).toEqual([
			...[
				[a, false],
				[b, true],
			],
		])
		await expect(repository.reorderKeys(id, [c], byCli)).rejects.toMatchObject({ code: 'not-found' })
		await expect(repository.removeKey(c, byCli)).rejects.toMatchObject({ code: 'not-found' })
		await expect(repository.setKeyEnabled('key_no', true, byCli)).rejects.toMatchObject({ code: 'not-found' })
	})

	test('a change based on an older revision is a conflict and changes nothing', async () => {
		const { repository } = await start()
		const { id } = await repository.addUpstream(upstreamInput(), byCli)
		await repository.updateUpstream(id, { description: 'theirs' }, { ...byCli, expectedRevision: 1 })
		await expect(
			repository.updateUpstream(id, { description: 'mine' }, { ...byCli, expectedRevision: 1 }),
		).rejects.toMatchObject({ code: 'conflict', message: expect.stringContaining('revision 1') })
		expect((await repository.read()).upstreams[0]!.description).toBe('theirs')
	})

	test('changes made at the same moment all land, one after the other', async () => {
		await start()
		const databases = await Promise.all([target.open(), target.open(), target.open()])
		const names = Array.from({ length: 12 }, (_, index) => `upstream ${index}`)
		await Promise.all(
			names.map((name, index) =>
				createConfigRepository(databases[index % 3]!, keyRing).addUpstream(upstreamInput(name), byCli),
			),
		)
		const config = await createConfigRepository(databases[0]!, keyRing).read()
		expect(config.revision).toBe(12)
		expect(config.upstreams.map(upstream => upstream.name).sort()).toEqual(names.sort())
		expect(new Set(config.upstreams.map(upstream => upstream.position)).size).toBe(12)
	})

	test('of two changes of the same revision only one is made, whole', async () => {
		const { database } = await start()
		const other = await target.open()
		const edit = (value: string) => [
			{ sql: `INSERT INTO settings (key, value) VALUES ('a', ?), ('b', ?)`, args: [value, value] },
		]
		const meta = { author: 'web' as const, message: '', diff: [] }
		const results = await Promise.allSettled([
			commitRevision(database, 0, edit('1'), meta),
			commitRevision(other, 0, edit('2'), meta),
		])
		const refused = results.filter(result => result.status === 'rejected')
		expect(refused.map(result => result.reason.code)).toEqual(['conflict'])
		const rows = await database.execute('SELECT DISTINCT value FROM settings')
		expect(rows).toHaveLength(1)
		await expect(commitRevision(database, 0, [], meta)).rejects.toMatchObject({ code: 'conflict' })
	})

	test('a change whose edits fail leaves neither revision nor edit', async () => {
		const { database, repository } = await start()
		const edits = [
			{ sql: `INSERT INTO settings (key, value) VALUES ('strategy', '"random"')` },
			{ sql: `INSERT INTO upstream_keys (id) VALUES ('key_incomplete')` },
		]
		const meta = { author: 'web' as const, message: '', diff: [] }
		await expect(commitRevision(database, 0, edits, meta)).rejects.toMatchObject({ code: 'constraint' })
		expect(await repository.read()).toMatchObject({ revision: 0, strategy: 'failover' })
		expect((await repository.listRevisions()).revisions).toEqual([])
	})

	test('a revision tells who changed what, without secrets', async () => {
		const { database, repository } = await start()
		const secret = 'sk-planted-7f3a9c1e5b2d8046'
		const { id, added } = await repository.addUpstream(upstreamInput(), { author: 'web' }, [secret])
		await repository.updateUpstream(
			id,
			{ extraHeaders: { 'x-token': 'header-secret' }, proxyUrl: 'http://me:proxy-secret@proxy.example' },
			{ author: 'cli', message: 'through the proxy' },
		)
		await repository.setStrategy('random', { author: 'import' })
		const [third, second, first] = (await repository.listRevisions()).revisions
		expect(third).toMatchObject({
			...{ revision: 3, author: 'import', message: 'Set the strategy to random', pinned: false },
			changes: [{ kind: 'strategy-changed', from: 'failover', to: 'random' }],
		})
		expect(second).toMatchObject({
			...{ revision: 2, author: 'cli', message: 'through the proxy' },
			changes: [
				{
					...{ kind: 'upstream-changed', upstreamId: id, name: 'kimi' },
					fields: {
						extraHeaders: { from: {}, to: { 'x-token': '••••' } },
						proxyUrl: { from: '', to: 'http://••••@proxy.example' },
					},
				},
			],
		})
		expect(first!.changes.map(change => change.kind)).toEqual([
			...['upstream-added', 'keys-added', 'current-changed'],
		])
		expect(first!.changes[1]).toMatchObject({ keys: added })
		expect(JSON.stringify([third, second, first])).not.toMatch(/header-secret|proxy-secret|planted/)
		expect(await snapshotOf(database, 1)).not.toContain(secret)
	})

	test('a revision keeps the configuration as it was then', async () => {
		const { database, repository } = await start()
		const { id, added } = await repository.addUpstream(upstreamInput(), byCli, ['sk-aaaaaaaaaaaaaaaa1'])
		await repository.removeKey(added[0]!.id, byCli)
		const first = JSON.parse(await snapshotOf(database, 1))
		expect(first).toMatchObject({ version: 1, settings: { current_upstream: id }, upstreams: [{ id }] })
		const [key] = first.keys as { id: string; secret: string }[]
		expect(keyRing.open(key!.secret, key!.id)).toBe('sk-aaaaaaaaaaaaaaaa1')
		expect(JSON.parse(await snapshotOf(database, 2)).keys).toEqual([])
	})

	test('the newest 50 unpinned revisions are kept, and pinned ones beyond them', async () => {
		const { database, repository } = await start()
		await repository.addUpstream(upstreamInput(), byCli)
		await database.execute('UPDATE revisions SET pinned = 1 WHERE revision = 1')
		const meta = { author: 'cli' as const, message: '', diff: [] }
		for (let revision = 1; revision <= 52; revision++) await commitRevision(database, revision, [], meta)
		const kept = (await repository.listRevisions()).revisions.map(entry => entry.revision)
		expect(kept).toHaveLength(51)
		expect(kept.slice(-3)).toEqual([5, 4, 1])
		await expect(commitRevision(database, 2, [], meta)).rejects.toMatchObject({ code: 'conflict' })
	})

	test('the strategy of a new database can be given once, and decides for itself afterwards', async () => {
		const { database, repository } = await start()
		await initializeStrategy(database, 'round-robin')
		expect(await repository.read()).toMatchObject({ strategy: 'round-robin', revision: 0, stateVersion: 1 })
		await initializeStrategy(database, 'random')
		expect(await repository.read()).toMatchObject({ strategy: 'round-robin', stateVersion: 1 })
	})

	test('a database of a newer version can be read but not changed', async () => {
		const { database, repository } = await start()
		await database.execute(`INSERT INTO schema_migrations VALUES (999, 'later', 'x', 0)`)
		expect((await repository.read()).revision).toBe(0)
		await expect(repository.addUpstream(upstreamInput(), byCli)).rejects.toMatchObject({
			code: 'newer-schema',
		})
	})

	if (target.ours) {
		test('no byte of a key reaches the database file', async () => {
			const { database, repository } = await start()
			const secret = 'sk-planted-0123456789-distinctive-key-text'
			const { id } = await repository.addUpstream(upstreamInput(), byCli, [secret])
			await repository.updateUpstream(id, { description: 'marker-of-this-test' }, byCli)
			await database.execute('PRAGMA wal_checkpoint(TRUNCATE)')
			const bytes = readFileSync(target.file())
			expect(bytes.includes('marker-of-this-test')).toBe(true)
			expect(bytes.includes('planted-0123456789')).toBe(false)
		})
	}

	test('with another ENCRYPTION_KEY the keys show as unreadable, and new ones work', async () => {
		const { database, repository } = await start()
		const { id } = await repository.addUpstream(upstreamInput(), byCli, ['sk-aaaaaaaaaaaaaaaa1'])
		const other = createConfigRepository(database, createKeyRing(generateEncryptionKey()))
		await other.addKeys(id, ['sk-bbbbbbbbbbbbbbbb2'], byCli)
		const keys = (await other.read()).upstreams[0]!.keys
		expect(keys.map(key => [key.mask, key.readable])).toEqual([
			...[
				['sk-…aaa1', false],
				['sk-…bbb2', true],
			],
		])
	})

	if (target.kind === 'remote' && target.ours) {
		test('a change whose answer was lost is found to have landed, and is made once', async () => {
			const { repository } = await start()
			await target.control({ fault: 'dropAfter', faultScope: 'batches', noAffected: true })
			const names = Array.from({ length: 5 }, (_, index) => `upstream ${index}`)
			for (const name of names) await repository.addUpstream(upstreamInput(name), byCli)
			const config = await repository.read()
			expect(config.revision).toBe(5)
			expect(config.upstreams.map(upstream => upstream.name)).toEqual(names)
		})

		test('a change that the server never got is refused as unreachable and leaves nothing', async () => {
			const { repository } = await start()
			await target.control({ fault: 'drop', faultScope: 'batches' })
			await expect(repository.addUpstream(upstreamInput(), byCli)).rejects.toMatchObject({
				code: 'unreachable',
			})
			await target.control({ fault: null })
			expect(await repository.read()).toMatchObject({ revision: 0, upstreams: [] })
		})

		test('when the database goes away in the middle of a change, the doubt is told', async () => {
			const { database } = await start()
			const fading: Database = {
				...database,
				async batch(statements) {
					await target.control({ fault: 'drop' })
					return database.batch(statements)
				},
			}
			await expect(
				createConfigRepository(fading, keyRing).addUpstream(upstreamInput(), byCli),
			).rejects.toMatchObject({ code: 'unreachable', message: expect.stringContaining('may have been made') })
		})
	}
})
