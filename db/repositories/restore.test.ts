import { expect, test } from 'vitest'
import { createConfigRepository, createConfigStore, createKeyRing, generateEncryptionKey } from '../index.ts'
import { byCli, keyFailure, keyRing, upstreamInput } from '../test-support/samples.ts'
import { describeTargets } from '../test-support/targets.ts'
import { keyDefaults, upstreamDefaults } from './row-defaults.ts'

const secrets = ['sk-aaaaaaaaaaaaaaaa1', 'sk-bbbbbbbbbbbbbbbb2', 'sk-cccccccccccccccc3']

describeTargets('restoring a revision', target => {
	async function start() {
		const database = await target.fresh()
		const repository = createConfigRepository(database, keyRing)
		const one = await repository.addUpstream(upstreamInput('one'), byCli, secrets)
		const two = await repository.addUpstream(upstreamInput('two'), byCli)
		return { database, repository, one, two, keys: one.added.map(key => key.id) as [string, string, string] }
	}

	test('brings back names that were swapped since', async () => {
		const { repository, one, two } = await start()
		await repository.updateUpstream(one.id, { name: 'x' }, byCli)
		await repository.updateUpstream(two.id, { name: 'ONE' }, byCli)
		await repository.updateUpstream(one.id, { name: 'Two' }, byCli)
		const restored = await repository.restoreRevision(2, { author: 'web' })
		expect(restored).toMatchObject({ revision: 6, warnings: [] })
		expect((await repository.read()).upstreams.map(({ id, name }) => [id, name])).toEqual([
			[one.id, 'one'],
			[two.id, 'two'],
		])
		await expect(repository.addUpstream(upstreamInput('TWO'), byCli)).rejects.toMatchObject({
			code: 'exists',
		})
		const [newest] = (await repository.listRevisions()).revisions
		expect(newest).toMatchObject({
			...{ revision: 6, restoredFrom: 2, author: 'web', message: 'Restored revision 2' },
			changes: restored.changes,
		})
	})

	test('brings back upstreams and keys that were removed since, and takes away what came', async () => {
		const { repository, one, two, keys } = await start()
		const before = await repository.read()
		await repository.removeKey(keys[1], byCli)
		await repository.removeUpstream(one.id, byCli)
		await repository.addUpstream(upstreamInput('three'), byCli, ['sk-dddddddddddddddd4'])
		await repository.addKeys(two.id, ['sk-eeeeeeeeeeeeeeee5'], byCli)
		const { changes, warnings } = await repository.restoreRevision(before.revision, byCli)
		expect(warnings).toEqual([])
		expect(changes.map(({ kind }) => kind)).toEqual([
			...['upstream-removed', 'upstream-added', 'keys-added', 'key-removed', 'upstreams-reordered'],
			'current-changed',
		])
		const { upstreams, currentUpstreamId } = await repository.read()
		expect(currentUpstreamId).toBe(one.id)
		expect(upstreams).toEqual(before.upstreams)
		const store = createConfigStore({ database: await target.open(), keyRing })
		expect((await store.current()).upstreams[0]!.keys.map(key => key.secret)).toEqual(secrets)
	})

	test('leaves the health of keys that still exist alone', async () => {
		const { database, repository, one, keys } = await start()
		const store = createConfigStore({ database, keyRing })
		await store.current()
		store.failed(keyFailure(keys[0]))
		store.failed(keyFailure(keys[1]))
		await store.flush()
		const health = async () =>
			(await repository.read()).upstreams[0]!.keys.map(key => key.state[0]?.failTotal ?? 0)
		await repository.reorderKeys(one.id, [keys[2]], byCli)
		await repository.removeKey(keys[1], byCli)
		await repository.restoreRevision(2, byCli)
		expect(await health()).toEqual([1, 0, 0])
	})

	test('undoes what it did when the revision before it is restored', async () => {
		const { repository, one, keys } = await start()
		await repository.removeKey(keys[0], byCli)
		await repository.updateUpstream(one.id, { modelMap: { opus: 'big' }, enabled: false }, byCli)
		const { upstreams } = await repository.read()
		await repository.restoreRevision(1, byCli)
		await repository.restoreRevision(4, byCli)
		expect((await repository.read()).upstreams).toEqual(upstreams)
	})

	test('of the present state changes nothing and makes no revision', async () => {
		const { repository } = await start()
		expect(await repository.restoreRevision(2, byCli)).toEqual({
			...{ changes: [], warnings: [], revision: undefined },
		})
		expect((await repository.read()).revision).toBe(2)
	})

	test('as a dry run tells what would change, and changes nothing', async () => {
		const { repository, two } = await start()
		await repository.updateUpstream(two.id, { description: 'new' }, byCli)
		const review = await repository.restoreRevision(2, byCli, { dryRun: true })
		expect(review).toEqual({
			...{ revision: undefined, warnings: [] },
			changes: [
				{
					...{ kind: 'upstream-changed', upstreamId: two.id, name: 'two' },
					fields: { description: { from: 'new', to: '' } },
				},
			],
		})
		expect(await repository.read()).toMatchObject({ revision: 3, upstreams: [{}, { description: 'new' }] })
	})

	test('warns when no upstream, one that is off, or one without keys will be current', async () => {
		const { database, repository, one, two } = await start()
		await repository.setCurrentUpstream(two.id, byCli)
		await repository.updateUpstream(two.id, { enabled: false }, byCli)
		await repository.removeUpstream(two.id, byCli)
		await repository.setCurrentUpstream(one.id, byCli)
		const warningsOf = async (revision: number) =>
			(await repository.restoreRevision(revision, byCli, { dryRun: true })).warnings
		expect(await warningsOf(3)).toEqual(['two will be current, and has no key in use.'])
		expect(await warningsOf(4)).toEqual(['two will be current, and is switched off.'])
		expect(await warningsOf(5)).toEqual([expect.stringMatching(/^No upstream will be current/)])
		// A snapshot whose current upstream it does not hold.
		await database.execute(
			`UPDATE revisions SET snapshot = json_set(snapshot, '$.settings.current_upstream', 'up_gone') WHERE revision = 2`,
		)
		const { warnings } = await repository.restoreRevision(2, byCli)
		expect(warnings).toEqual([expect.stringMatching(/^No upstream will be current/)])
		expect(await repository.read()).toMatchObject({ currentUpstreamId: undefined, upstreams: [{}, {}] })
		expect(await database.execute(`SELECT 1 FROM settings WHERE key = 'current_upstream'`)).toEqual([])
	})

	test('of a revision that is not kept is refused, also when it vanishes at that moment', async () => {
		const { database, repository, two } = await start()
		await repository.removeUpstream(two.id, byCli)
		for (const revision of [0, 4, 99]) {
			await expect(repository.restoreRevision(revision, byCli)).rejects.toMatchObject({ code: 'not-found' })
		}
		const racing = createConfigRepository(
			{
				...database,
				async batch(statements) {
					await database.execute('DELETE FROM revisions WHERE revision = 2')
					return database.batch(statements)
				},
			},
			keyRing,
		)
		await expect(racing.restoreRevision(2, byCli)).rejects.toMatchObject({ code: 'not-found' })
		expect(await repository.read()).toMatchObject({ revision: 3, upstreams: [{ name: 'one' }] })
	})

	test('is a conflict when the configuration changed since it was looked at', async () => {
		const { repository, two } = await start()
		await repository.removeUpstream(two.id, byCli)
		const stale = repository.restoreRevision(1, { ...byCli, expectedRevision: 2 })
		await expect(stale).rejects.toMatchObject({
			...{ code: 'conflict', currentRevision: 3, theirs: [{ kind: 'upstream-removed' }], wanted: [] },
		})
		const wanted = repository.restoreRevision(2, { ...byCli, expectedRevision: 2 })
		await expect(wanted).rejects.toMatchObject({ wanted: [{ kind: 'upstream-added', name: 'two' }] })
	})

	test('fills in what a revision of an earlier version lacks', async () => {
		const { database, repository, one } = await start()
		await repository.updateUpstream(one.id, { timeoutMs: 9, authStyle: 'bearer', enabled: false }, byCli)
		await database.execute(
			`UPDATE revisions SET snapshot = json_remove(snapshot, '$.settings.strategy', '$.keys[0].enabled',
			'$.upstreams[0].timeout_ms', '$.upstreams[0].auth_style', '$.upstreams[0].enabled',
			'$.upstreams[0].model_map') WHERE revision = 2`,
		)
		await repository.setStrategy('random', byCli)
		const { changes } = await repository.restoreRevision(2, byCli)
		expect(changes).toHaveLength(2)
		expect(await repository.read()).toMatchObject({
			strategy: 'failover',
			upstreams: [
				{ timeoutMs: 0, authStyle: 'auto', enabled: true, modelMap: {}, keys: [{ enabled: true }, {}, {}] },
				{},
			],
		})
		expect((await repository.diffRevisions(2, 'current')).changes).toEqual([])
	})

	test('knows the default of every column', async () => {
		const { database } = await start()
		for (const [table, defaults] of Object.entries({
			upstreams: upstreamDefaults,
			upstream_keys: keyDefaults,
		})) {
			const columns = await database.execute(`SELECT name, dflt_value FROM pragma_table_info('${table}')`)
			const shown = Object.entries(defaults).map(([name, value]) => [
				name,
				value === undefined ? null : typeof value === 'string' ? `'${value}'` : String(value),
			])
			expect(Object.fromEntries(shown)).toEqual(
				Object.fromEntries(columns.map(({ name, dflt_value }) => [name, dflt_value])),
			)
		}
	})

	test('keeps keys that the present ENCRYPTION_KEY does not open, and names them', async () => {
		const { database, repository, one, keys } = await start()
		await repository.removeUpstream(one.id, byCli)
		const later = createConfigRepository(database, createKeyRing(generateEncryptionKey()))
		const { revision, warnings } = await later.restoreRevision(2, byCli)
		expect(revision).toBe(4)
		expect(warnings).toEqual([
			'The ENCRYPTION_KEY in use does not open sk-…aaa1, sk-…bbb2, sk-…ccc3 of one: add them again.',
		])
		expect((await repository.read()).upstreams[0]!.keys.map(key => [key.id, key.readable])).toEqual(
			keys.map(id => [id, true]),
		)
	})

	test('keeps the newer sealed text of a key that exists', async () => {
		const { database, repository, keys } = await start()
		const resealed = keyRing.seal(secrets[0]!, keys[0])
		await database.execute('UPDATE upstream_keys SET secret = ? WHERE id = ?', [resealed, keys[0]])
		await repository.setKeyEnabled(keys[0], false, byCli)
		await repository.restoreRevision(2, byCli)
		const rows = await database.execute('SELECT secret, enabled FROM upstream_keys WHERE id = ?', [keys[0]])
		expect(rows).toEqual([{ secret: resealed, enabled: 1 }])
	})

	test('forgets what was learnt of an upstream whose URL it changes', async () => {
		const { database, repository, one, two } = await start()
		const learn = (upstreamId: string) =>
			database.execute(
				`INSERT INTO learned_facts (upstream_id, model, kind, fact, learned_at, expires_at)
				VALUES (?, 'm', 'k', '{}', 0, 9999999999999)`,
				[upstreamId],
			)
		await repository.updateUpstream(one.id, { baseUrl: 'https://b.example' }, byCli)
		await repository.updateUpstream(two.id, { description: 'x' }, byCli)
		await learn(one.id)
		await learn(two.id)
		await repository.restoreRevision(2, byCli)
		expect(await database.execute('SELECT upstream_id FROM learned_facts')).toEqual([{ upstream_id: two.id }])
	})
})
