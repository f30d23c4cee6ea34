import { expect, test } from 'vitest'
import { ConfigConflict, createConfigRepository } from '../index.ts'
import { byCli, keyRing, upstreamInput } from '../test-support/samples.ts'
import { describeTargets } from '../test-support/targets.ts'
import { commitRevision } from './commit-revision.ts'

const secrets = ['sk-aaaaaaaaaaaaaaaa1', 'sk-bbbbbbbbbbbbbbbb2', 'sk-cccccccccccccccc3']

describeTargets('revisions', target => {
	async function start() {
		const database = await target.fresh()
		const repository = createConfigRepository(database, keyRing)
		const kimi = await repository.addUpstream(upstreamInput('kimi'), byCli, secrets)
		return { database, repository, kimi, keys: kimi.added.map(key => key.id) as [string, string, string] }
	}

	test('are listed newest first, page by page, with how many there are and were', async () => {
		const { database, repository } = await start()
		const meta = { author: 'cli' as const, message: 'x', diff: [] }
		for (let revision = 1; revision <= 59; revision++) await commitRevision(database, revision, [], meta)
		const page = await repository.listRevisions({ limit: 3 })
		expect(page).toMatchObject({ total: 60, kept: 50 })
		expect(page.revisions.map(({ revision }) => revision)).toEqual([60, 59, 58])
		const next = await repository.listRevisions({ limit: 2, before: 58 })
		expect(next.revisions.map(({ revision }) => revision)).toEqual([57, 56])
		expect(await repository.listRevisions({ before: 11 })).toEqual({ total: 60, kept: 50, revisions: [] })
	})

	test('show the configuration that they hold, without any secret', async () => {
		const { repository, kimi, keys } = await start()
		const patch = {
			baseUrl: 'https://me:url-secret@a.example/v1?api_key=query-secret',
			extraHeaders: { 'x-token': 'header-secret' },
			proxyUrl: 'http://me:proxy-secret@proxy.example:8080',
		}
		await repository.updateUpstream(kimi.id, patch, byCli)
		await repository.setKeyEnabled(keys[1], false, byCli)
		await repository.removeUpstream(kimi.id, byCli)
		const { revision, config } = await repository.readRevision(3)
		expect(revision).toMatchObject({ revision: 3, author: 'cli', changes: [{ kind: 'key-disabled' }] })
		expect(config).toMatchObject({
			...{ settings: { strategy: 'failover' }, currentUpstreamId: kimi.id, purged: [] },
			upstreams: [
				{
					...{ id: kimi.id, name: 'kimi', baseUrl: 'https://••••@a.example/v1?api_key=••••' },
					...{ extraHeaders: { 'x-token': '••••' }, proxyUrl: 'http://••••@proxy.example:8080' },
					keys: [
						{ id: keys[0], mask: 'sk-…aaa1', enabled: true, readable: true },
						{ id: keys[1], enabled: false },
						{ id: keys[2], enabled: true },
					],
				},
			],
		})
		const all = [config, await repository.diffRevisions(1, 3), await repository.listRevisions()]
		expect(JSON.stringify(all)).not.toMatch(/-secret|aaaaaaa1|v1\.k|"secret"/)
		await expect(repository.readRevision(9)).rejects.toMatchObject({ code: 'not-found' })
	})

	test('differ by what was added, changed, removed, moved and switched', async () => {
		const { repository, kimi, keys } = await start()
		const old = await repository.addUpstream(upstreamInput('old'), byCli)
		const { revision: from } = await repository.addUpstream(upstreamInput('spare'), byCli)
		const spare = (await repository.read()).upstreams[2]!.id
		await repository.removeUpstream(old.id, byCli)
		const fresh = await repository.addUpstream(upstreamInput('fresh'), byCli, ['sk-dddddddddddddddd4'])
		await repository.updateUpstream(kimi.id, { name: 'moon', timeoutMs: 5000 }, byCli)
		await repository.removeKey(keys[0], byCli)
		await repository.reorderKeys(kimi.id, [keys[2], keys[1]], byCli)
		await repository.setKeyEnabled(keys[1], false, byCli)
		await repository.setCurrentUpstream(fresh.id, byCli)
		await repository.orderUpstreams([spare], byCli)
		const { revision: to } = await repository.changeSettings({ strategy: 'random' }, byCli)
		const moon = { upstreamId: kimi.id, name: 'moon' }
		const { changes } = await repository.diffRevisions(from, to)
		expect(changes).toEqual([
			{ kind: 'upstream-removed', upstreamId: old.id, name: 'old', keyCount: 0 },
			{
				...{ kind: 'upstream-changed', upstreamId: kimi.id, name: 'kimi' },
				fields: { name: { from: 'kimi', to: 'moon' }, timeoutMs: { from: 0, to: 5000 } },
			},
			{ kind: 'key-removed', ...moon, keyId: keys[0], mask: 'sk-…aaa1' },
			{ kind: 'key-disabled', ...moon, keyId: keys[1], mask: 'sk-…bbb2' },
			{
				...{ kind: 'keys-reordered', ...moon, from: [keys[1], keys[2]], to: [keys[2], keys[1]] },
				masks: { [keys[1]]: 'sk-…bbb2', [keys[2]]: 'sk-…ccc3' },
			},
			{
				...{ kind: 'upstream-added', upstreamId: fresh.id, name: 'fresh' },
				fields: expect.objectContaining({ baseUrl: 'https://api.example.com/v1', type: 'openai' }),
			},
			{ kind: 'keys-added', upstreamId: fresh.id, name: 'fresh', keys: fresh.added },
			{
				...{ kind: 'upstreams-reordered', from: [kimi.id, spare, fresh.id], to: [spare, kimi.id, fresh.id] },
				names: { [kimi.id]: 'moon', [spare]: 'spare', [fresh.id]: 'fresh' },
			},
			{ kind: 'current-changed', from: kimi.id, to: fresh.id, fromName: 'kimi', toName: 'fresh' },
			{ kind: 'strategy-changed', from: 'failover', to: 'random' },
		])
		expect(await repository.diffRevisions(from, 'current')).toEqual({ from, to, changes })
		expect((await repository.diffRevisions(to, to)).changes).toEqual([])
		const begun = await repository.diffRevisions(0, 1)
		expect(begun.changes.map(({ kind }) => kind)).toEqual(['upstream-added', 'keys-added', 'current-changed'])
		await expect(repository.diffRevisions(1, 99)).rejects.toMatchObject({ code: 'not-found' })
	})

	test('can be pinned and described anew, which makes no revision', async () => {
		const { repository } = await start()
		expect(await repository.pinRevision(1, true)).toMatchObject({ revision: 1, pinned: true })
		const message = ' before the\nmove '
		expect(await repository.annotateRevision(1, { message })).toMatchObject({
			...{ pinned: true, message: 'before the move' },
		})
		expect(await repository.pinRevision(1, false)).toMatchObject({
			pinned: false,
			message: 'before the move',
		})
		expect((await repository.listRevisions()).total).toBe(1)
		for (const revision of [0, 2]) {
			await expect(repository.pinRevision(revision, true)).rejects.toMatchObject({ code: 'not-found' })
		}
		for (const bad of ['', ' \n', 'x'.repeat(201)]) {
			await expect(repository.annotateRevision(1, { message: bad })).rejects.toMatchObject({
				code: 'invalid',
			})
		}
	})

	test('of which 100 are pinned refuse the next, and take it when one is let go', async () => {
		const { database, repository } = await start()
		const meta = { author: 'cli' as const, message: 'x', diff: [] }
		for (let revision = 1; revision <= 101; revision++) {
			if (revision <= 100) await repository.pinRevision(revision, true)
			if (revision <= 100) await commitRevision(database, revision, [], meta)
		}
		await expect(repository.pinRevision(101, true)).rejects.toMatchObject({
			...{ code: 'invalid', message: expect.stringMatching(/100 revisions are pinned: let one/) },
		})
		await repository.pinRevision(100, true)
		await repository.pinRevision(50, false)
		expect(await repository.pinRevision(101, true)).toMatchObject({ pinned: true })
	})

	test('conflicts tell both sides: what changed since, and what was wanted', async () => {
		const { database, repository, kimi } = await start()
		await repository.updateUpstream(kimi.id, { description: 'theirs', website: 'https://w.example' }, byCli)
		await repository.setStrategy('random', byCli)
		const mine = repository.updateUpstream(
			kimi.id,
			{ description: 'mine' },
			{ ...byCli, expectedRevision: 1 },
		)
		const conflict = await mine.catch((error: unknown) => error)
		expect(conflict).toBeInstanceOf(ConfigConflict)
		expect(conflict).toMatchObject({
			...{ code: 'conflict', expectedRevision: 1, currentRevision: 3, theirsComplete: true },
			theirs: [
				{ kind: 'upstream-changed', fields: { description: { from: '', to: 'theirs' }, website: {} } },
				{ kind: 'strategy-changed', from: 'failover', to: 'random' },
			],
			wanted: [{ kind: 'upstream-changed', fields: { description: { from: 'theirs', to: 'mine' } } }],
		})
		await database.execute('DELETE FROM revisions WHERE revision = 1')
		const older = repository.setStrategy('failover', { ...byCli, expectedRevision: 1 })
		await expect(older).rejects.toMatchObject({
			...{ theirsComplete: true, wanted: [{ kind: 'strategy-changed' }] },
			theirs: [{ kind: 'upstream-changed' }, { kind: 'strategy-changed' }],
		})
		const oldest = repository.setStrategy('failover', { ...byCli, expectedRevision: 0 })
		await expect(oldest).rejects.toMatchObject({ theirsComplete: false })
		await repository.removeUpstream(kimi.id, byCli)
		const lost = repository.updateUpstream(kimi.id, { description: 'x' }, { ...byCli, expectedRevision: 3 })
		await expect(lost).rejects.toMatchObject({ code: 'conflict', wanted: [], currentRevision: 4 })
		const ahead = repository.setStrategy('failover', { ...byCli, expectedRevision: 77 })
		await expect(ahead).rejects.toMatchObject({
			message: expect.stringMatching(/no revision 77/),
			theirs: [],
		})
		expect(await repository.listRevisions()).toMatchObject({ total: 4 })
	})

	test('hide what early versions wrote into them', async () => {
		const { database, repository } = await start()
		const diff = [
			{
				kind: 'upstream-added',
				name: 'x',
				fields: { baseUrl: 'https://me:old-secret@a.example?key=old-secret' },
			},
		]
		await database.execute('UPDATE revisions SET diff = ?', [JSON.stringify(diff)])
		const { revisions } = await repository.listRevisions()
		expect(revisions[0]!.changes).toMatchObject([{ fields: { baseUrl: 'https://••••@a.example?key=••••' } }])
	})

	test('upstreams stand in the order that they were given', async () => {
		const { repository, kimi } = await start()
		const two = await repository.addUpstream(upstreamInput('two'), byCli)
		const three = await repository.addUpstream(upstreamInput('three'), byCli)
		await repository.orderUpstreams([three.id, kimi.id, three.id], byCli)
		const names = async () => (await repository.read()).upstreams.map(({ name }) => name)
		expect(await names()).toEqual(['three', 'kimi', 'two'])
		expect(await repository.orderUpstreams([three.id], byCli)).toEqual({ revision: 4 })
		await expect(repository.orderUpstreams([two.id, 'up_no'], byCli)).rejects.toMatchObject({
			code: 'not-found',
		})
		await repository.addUpstream(upstreamInput('four'), byCli)
		expect(await names()).toEqual(['three', 'kimi', 'two', 'four'])
	})

	test('settings are changed by name, and refused when they do not fit', async () => {
		const { repository } = await start()
		const recording = { mode: 'errors', maxKb: 256, days: 7 }
		expect(await repository.listSettings()).toMatchObject({
			...{ revision: 1, settings: { strategy: 'failover', recording } },
		})
		await repository.changeSettings({ strategy: 'round-robin' }, byCli)
		expect(await repository.changeSettings({}, byCli)).toEqual({ revision: 2 })
		expect(await repository.listSettings()).toMatchObject({
			...{ revision: 2, settings: { strategy: 'round-robin', recording } },
		})
		for (const patch of [{ strategy: 'fastest' }, { colour: 'red' }]) {
			await expect(repository.changeSettings(patch as never, byCli)).rejects.toMatchObject({
				code: 'invalid',
			})
		}
	})
})
