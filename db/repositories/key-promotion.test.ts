import { expect, test } from 'vitest'
import { createConfigRepository, createConfigStore } from '../index.ts'
import { byCli, keyRing, upstreamInput } from '../test-support/samples.ts'
import { describeTargets } from '../test-support/targets.ts'
import { demotionStatements } from './key-health.ts'

const names = ['a', 'b', 'c', 'd']

describeTargets('undoing a demotion', target => {
	async function start() {
		const database = await target.fresh()
		const repository = createConfigRepository(database, keyRing)
		const secrets = names.map(name => `sk-0123456789abcdef-${name}`)
		const { id, added } = await repository.addUpstream(upstreamInput(), byCli, secrets)
		const ids = added.map(key => key.id) as [string, string, string, string]
		const order = async () => {
			const { keys } = (await repository.read()).upstreams[0]!
			return keys.map(key => names[ids.indexOf(key.id)]).join('')
		}
		const demote = (...failed: string[]) => {
			const keys = failed.map(keyId => ({
				...{ keyId, failureClass: 'quota' as const, status: 402, message: 'no credit' },
			}))
			return database.batch(demotionStatements({ upstreamId: id, keys, workedId: ids[2] }, 0))
		}
		return { database, repository, id, ids, order, demote }
	}

	test('puts the key back where it stood, once, without a revision', async () => {
		const { repository, ids, order, demote } = await start()
		await demote(ids[1])
		expect(await order()).toBe('acdb')
		const { stateVersion } = await repository.read()
		expect(await repository.undoDemotion(ids[1], byCli)).toMatchObject({ moved: true, mask: 'sk-…ef-b' })
		expect(await order()).toBe('abcd')
		expect(await repository.read()).toMatchObject({ revision: 1, stateVersion: stateVersion + 1 })
		expect(await repository.undoDemotion(ids[1], { author: 'web' })).toMatchObject({ moved: false })
		expect(await repository.read()).toMatchObject({ stateVersion: stateVersion + 1 })
		expect(await repository.listKeyEvents(ids[1])).toMatchObject([
			...[{ kind: 'promoted', author: 'cli' }, { kind: 'demoted' }],
		])
	})

	test('works for keys that were demoted together, in either order', async () => {
		for (const [first, second] of [
			...[
				[0, 1],
				[1, 0],
			],
		] as [number, number][]) {
			const { repository, ids, order, demote } = await start()
			await demote(ids[0], ids[1])
			expect(await order()).toBe('cdab')
			await repository.undoDemotion(ids[first]!, byCli)
			await repository.undoDemotion(ids[second]!, byCli)
			expect(await order()).toBe('abcd')
		}
	})

	test('stands before what has taken its place since', async () => {
		const { repository, id, ids, order, demote } = await start()
		await demote(ids[0])
		await repository.reorderKeys(id, [ids[3], ids[2]], byCli)
		expect(await order()).toBe('dcba')
		await repository.undoDemotion(ids[0], byCli)
		expect(await order()).toBe('adcb')
	})

	test('is refused for a key that was not demoted, and for none', async () => {
		const { repository, ids } = await start()
		await expect(repository.undoDemotion(ids[0], byCli)).rejects.toMatchObject({
			...{ code: 'not-found', message: expect.stringMatching(/was not demoted/) },
		})
		await expect(repository.undoDemotion('key_no', byCli)).rejects.toMatchObject({ code: 'not-found' })
	})

	test('can be demoted again afterwards, and moves only once when two people undo it', async () => {
		const { repository, ids, order, demote } = await start()
		await demote(ids[0])
		const another = createConfigRepository(await target.open(), keyRing)
		const results = await Promise.all([
			repository.undoDemotion(ids[0], byCli),
			another.undoDemotion(ids[0], byCli),
		])
		expect(results.filter(({ moved }) => moved)).toHaveLength(1)
		expect(await order()).toBe('abcd')
		await demote(ids[0])
		expect(await order()).toBe('bcda')
		expect(await repository.undoDemotion(ids[0], byCli)).toMatchObject({ moved: true })
	})

	test('reaches instances that serve', async () => {
		const { repository, ids, demote } = await start()
		const store = createConfigStore({ database: await target.open(), keyRing })
		await demote(ids[0])
		await store.refresh()
		await repository.undoDemotion(ids[0], byCli)
		await store.refresh()
		expect((await store.current()).upstreams[0]!.keys.map(key => key.id)).toEqual(ids)
	})
})
