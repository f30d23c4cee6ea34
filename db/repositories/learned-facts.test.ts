import { expect, test } from 'vitest'
import type { LearnedFact } from '../../core/config/learned-facts.ts'
import { createConfigRepository, createConfigStore, type Database } from '../index.ts'
import { byCli, keyRing, upstreamInput } from '../test-support/samples.ts'
import { createServerTarget, describeTargets } from '../test-support/targets.ts'

const MODEL = 'qwen-max'
const limit = (value: number): LearnedFact => ({ kind: 'token-limit', limit: value })
const noField = (path: string): LearnedFact => ({ kind: 'no-field', path })

async function setUp(database: Database) {
	const repository = createConfigRepository(database, keyRing)
	const { id } = await repository.addUpstream(upstreamInput(), byCli)
	const store = createConfigStore({ database, keyRing, waitMs: 60_000 })
	await store.current()
	return { repository, store, id }
}

describeTargets('learned facts', target => {
	test('hold at once, before they are written, and survive a reload', async () => {
		const { store, id } = await setUp(await target.fresh())
		store.learnedFacts.remember(id, MODEL, [noField('stream_options')])
		expect(store.learnedFacts.of(id, MODEL)).toEqual([noField('stream_options')])
		await store.refresh()
		expect(store.learnedFacts.of(id, MODEL)).toEqual([noField('stream_options')])
		await store.flush()
		await store.refresh()
		expect(store.learnedFacts.of(id, MODEL)).toEqual([noField('stream_options')])
		expect(store.learnedFacts.of(id, 'another')).toEqual([])
		expect(store.learnedFacts.of('another', MODEL)).toEqual([])
	})

	test('a fact replaces the one of its identity, in memory and in the database', async () => {
		const { store, repository, id } = await setUp(await target.fresh())
		store.learnedFacts.remember(id, MODEL, [limit(8192), noField('stop')])
		store.learnedFacts.remember(id, MODEL, [limit(4096)])
		const expected = expect.arrayContaining([noField('stop'), limit(4096)])
		expect(store.learnedFacts.of(id, MODEL)).toEqual(expected)
		await store.flush()
		const stored = (await repository.listFacts()).map(({ fact }) => fact)
		expect(stored).toHaveLength(2)
		expect(stored).toEqual(expected)
	})

	test('learning and forgetting make no revision, and every instance sees them', async () => {
		const database = await target.fresh()
		const { store, repository, id } = await setUp(database)
		const other = createConfigStore({ database, keyRing, softMs: 0, hardMs: 0, waitMs: 60_000 })
		const { revision } = await other.current()
		store.learnedFacts.remember(id, MODEL, [limit(1)])
		await store.flush()
		expect((await other.current()).revision).toBe(revision)
		expect(other.learnedFacts.of(id, MODEL)).toEqual([limit(1)])
		expect(await repository.forgetFacts(id)).toBe(1)
		expect(await repository.forgetFacts(id)).toBe(0)
		expect((await other.current()).revision).toBe(revision)
		expect(other.learnedFacts.of(id, MODEL)).toEqual([])
	})

	test('facts of an upstream that is gone, and of kinds that are unknown here, are left out', async () => {
		const database = await target.fresh()
		const { store, repository, id } = await setUp(database)
		store.learnedFacts.remember('up_gone', MODEL, [limit(1)])
		store.learnedFacts.remember(id, MODEL, [limit(2)])
		await store.flush()
		expect(store.status()).toMatchObject({ ok: true, health: { dropped: 0 } })
		await database.execute(
			`INSERT INTO learned_facts SELECT upstream_id, model, 'later', '', '{"kind":"later"}', learned_at, expires_at FROM learned_facts`,
		)
		await store.refresh()
		expect(store.learnedFacts.of(id, MODEL)).toEqual([limit(2)])
		expect((await repository.listFacts()).map(({ fact }) => fact)).toEqual([limit(2)])
	})

	test('an upstream keeps a bounded number, the newest', async () => {
		const { store, repository, id } = await setUp(await target.fresh())
		for (let count = 0; count < 320; count++) store.learnedFacts.remember(id, `model-${count}`, [limit(1)])
		await store.flush()
		expect((await repository.listFacts(id)).length).toBe(300)
	})

	test('expired ones leave the table when something is learned', async () => {
		const database = await target.fresh()
		const { store, id } = await setUp(database)
		store.learnedFacts.remember(id, 'old', [limit(1)])
		await store.flush()
		await database.execute('UPDATE learned_facts SET expires_at = 1')
		store.learnedFacts.remember(id, 'new', [limit(1)])
		await store.flush()
		const rows = await database.execute('SELECT model FROM learned_facts')
		expect(rows.map(({ model }) => model)).toEqual(['new'])
	})
})

const server = createServerTarget()
test('while the database is away, what was learned holds for this instance', async () => {
	const { store, id } = await setUp(await server.fresh())
	await server.control({ fault: '500' })
	store.learnedFacts.remember(id, MODEL, [limit(1)])
	expect(store.learnedFacts.of(id, MODEL)).toEqual([limit(1)])
})
