import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { createConfigRepository, createKeyRing, generateEncryptionKey } from './index.ts'
import { diffConfigs } from './repositories/diff-configs.ts'
import { readSnapshot } from './repositories/revision-snapshot.ts'
import { byCli, upstreamInput } from './test-support/samples.ts'
import { describeTargets } from './test-support/targets.ts'

const historian = fileURLToPath(new URL('test-support/historian.ts', import.meta.url))
const ROUNDS = 5

interface Told {
	added: { revision: number; id: string }[]
	restored: { revision: number; from: number }[]
}

describeTargets('four processes that edit, restore, pin and purge at once', target => {
	test('make each change once, and none brings back a purged key', async () => {
		const database = await target.fresh()
		const encryptionKey = generateEncryptionKey()
		const repository = createConfigRepository(database, createKeyRing(encryptionKey))
		const { id, added } = await repository.addUpstream(upstreamInput(), byCli, ['sk-leaked-0123456789'])
		const leakedId = added[0]!.id
		const [row] = await database.execute('SELECT secret FROM upstream_keys')
		const { url, authToken = '' } = target.options()
		const outputs = await Promise.all(
			['a', 'b', 'c', 'purger'].map(name =>
				promisify(execFile)(process.execPath, [
					...[historian, url, authToken, encryptionKey, id, leakedId, name, String(ROUNDS)],
				]),
			),
		)
		const told = outputs.map(({ stdout }) => JSON.parse(stdout) as Told)
		const { revisions, total } = await repository.listRevisions()
		const all = new Map(revisions.map(revision => [revision.revision, revision]))
		const adds = told.flatMap(each => each.added)
		const restores = told.flatMap(each => each.restored)
		expect(adds).toHaveLength(4 * ROUNDS)
		expect(total).toBe(1 + adds.length + restores.length + 1)
		for (const add of adds) {
			expect(all.get(add.revision)?.changes).toMatchObject([{ kind: 'keys-added', keys: [{ id: add.id }] }])
		}
		for (const restore of restores) {
			expect(all.get(restore.revision)?.restoredFrom).toBe(restore.from)
		}
		// Each revision holds what the one before held and its own change, and nothing else.
		const rows = await database.execute('SELECT revision, snapshot FROM revisions ORDER BY revision')
		const contents = rows.map(({ revision, snapshot }) => readSnapshot(Number(revision), String(snapshot)))
		for (let revision = 2; revision <= total; revision++) {
			const { changes } = all.get(revision)!
			const difference = diffConfigs(contents[revision - 2]!, contents[revision - 1]!)
			const isPurge = changes[0]?.kind === 'key-purged'
			if (!isPurge) expect(difference, `revision ${revision}`).toEqual(changes)
		}
		expect((await repository.diffRevisions(total, 'current')).changes).toEqual([])
		const sealed = await database.execute('SELECT 1 FROM revisions WHERE instr(snapshot, ?) > 0', [
			String(row!.secret),
		])
		expect(sealed).toEqual([])
		const { keys } = (await repository.read()).upstreams[0]!
		expect(keys.map(key => key.id)).not.toContain(leakedId)
		expect(new Set(keys.map(key => key.position)).size).toBe(keys.length)
		expect(await database.execute('PRAGMA quick_check')).toEqual([{ quick_check: 'ok' }])
	})
})
