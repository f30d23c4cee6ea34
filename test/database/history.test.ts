import { expect, test } from 'vitest'
import {
	type Change,
	createConfigRepository,
	createKeyRing,
	generateEncryptionKey,
	joinRing,
} from '../../db/index.ts'
import { diffConfigs } from '../../db/repositories/diff-configs.ts'
import { readSnapshot } from '../../db/repositories/revision-snapshot.ts'
import type { Edit, MadeEdit } from '../../db/test-support/edits.ts'
import { describeProcesses, type Scene } from './places.ts'

/** What each process changes, one after the other: every kind, half of them on what it has seen. */
function listEdits(upstreamId: string, worker: number, rounds: number): Edit[] {
	return Array.from({ length: rounds }, (_, round) => {
		const message = `${worker}-${round}`
		const common = { message, upstreamId, onSeen: round % 2 === 0 }
		switch ((worker + round) % 5) {
			case 0:
				return { ...common, kind: 'rename', name: `name ${message}` }
			case 1:
				return { ...common, kind: 'map', model: `model-${message}` }
			case 2:
				return { ...common, kind: 'restore', back: 1 + (round % 3) }
			case 3:
				return { ...common, kind: 'reverse-keys', onSeen: true }
			default:
				return { ...common, kind: 'add-key', secret: `sk-0123456789abcdef-${message}` }
		}
	})
}

/** What history must say of a change that was acknowledged. */
function expectedOf({ edit, keyId }: MadeEdit): unknown {
	switch (edit.kind) {
		case 'rename':
			return [{ kind: 'upstream-changed', fields: { name: { to: edit.name } } }]
		case 'map':
			return [{ kind: 'upstream-changed', fields: { modelMap: { to: { opus: edit.model } } } }]
		case 'reverse-keys':
			return [{ kind: 'keys-reordered' }]
		case 'add-key':
			return [{ kind: 'keys-added', keys: [{ id: keyId }] }]
		case 'restore':
			return expect.any(Array)
	}
}

interface Kept {
	revision: number
	parent: number
	message: string
	restoredFrom: number | null
	changes: Change[]
	snapshot: string
}

async function readRevisions({ database }: Scene): Promise<Kept[]> {
	const rows = await database.execute(
		'SELECT revision, parent, message, restored_from, diff, snapshot FROM revisions ORDER BY revision',
	)
	return rows.map(row => ({
		revision: Number(row.revision),
		parent: Number(row.parent),
		message: String(row.message),
		restoredFrom: row.restored_from === null ? null : Number(row.restored_from),
		changes: JSON.parse(String(row.diff)) as Change[],
		snapshot: String(row.snapshot),
	}))
}

/**
 * Each holds what the one before held and its own change, and nothing else. What a purge has taken out of the revisions
 * before it cannot be compared any more.
 */
function expectWhole(revisions: readonly Kept[]): void {
	const purged = revisions.findLastIndex(({ changes }) => changes.some(({ kind }) => kind === 'key-purged'))
	const contents = revisions.map(({ revision, snapshot }) => readSnapshot(revision, snapshot))
	revisions.forEach((kept, index) => {
		const before = revisions[index - 1]
		if (before === undefined) return
		expect(kept).toMatchObject({ revision: before.revision + 1, parent: before.revision })
		if (index <= purged) return
		expect(diffConfigs(contents[index - 1]!, contents[index]!), kept.message).toEqual(kept.changes)
	})
}

describeProcesses('changes of the configuration', setUp => {
	test('each that was acknowledged is there, once, on the revision that it was based on', async () => {
		const scene = await setUp({ keys: 2 })
		const made = (
			await Promise.all(
				scene.workers.map((worker, index) =>
					worker.run('edit', { edits: listEdits(scene.upstreamId, index, 10) }),
				),
			)
		).flat()
		await scene.calm()
		const revisions = await readRevisions(scene)
		expectWhole(revisions)
		const byMessage = new Map(revisions.map(kept => [kept.message, kept]))
		expect(byMessage.size).toBe(revisions.length)
		for (const each of made) {
			const kept = byMessage.get(each.edit.message)
			if (each.outcome === 'unchanged') expect(kept).toBeUndefined()
			if (each.outcome !== 'made') continue
			expect(kept, each.edit.message).toMatchObject({
				...{ revision: each.revision, changes: expectedOf(each) },
				...(each.expected !== undefined && { parent: each.expected }),
			})
		}
		const acknowledged = made.filter(({ outcome }) => outcome === 'made').length
		const inDoubt = made.filter(({ outcome }) => outcome === 'unknown').length
		expect(revisions.length).toBeGreaterThanOrEqual(1 + acknowledged)
		expect(revisions.length).toBeLessThanOrEqual(1 + acknowledged + inDoubt)
		expect((await scene.repository.diffRevisions(revisions.length, 'current')).changes).toEqual([])
		// The database puts back what the snapshot says, to the byte.
		const snapshots = new Map(revisions.map(({ revision, snapshot }) => [revision, snapshot]))
		const restored = revisions.filter(({ restoredFrom }) => restoredFrom !== null)
		expect(restored.length).toBeGreaterThan(0)
		for (const { restoredFrom, snapshot } of restored) expect(snapshots.get(restoredFrom!)).toBe(snapshot)
	})

	test('none brings back a key that is purged meanwhile', async () => {
		const scene = await setUp({ keys: 3 })
		const { workers, upstreamId, keyIds, database } = scene
		const leakedId = keyIds[1]!
		const [row] = await database.execute('SELECT secret FROM upstream_keys WHERE id = ?', [leakedId])
		const editing = workers
			.slice(1)
			.map((worker, index) => worker.run('edit', { edits: listEdits(upstreamId, index, 8) }))
		await workers[0]!.run('edit', { edits: listEdits(upstreamId, 9, 2) })
		await workers[0]!.run('purge', { keyId: leakedId })
		await workers[0]!.run('edit', {
			edits: [1, 4, 9].map(back => ({
				...{ kind: 'restore', upstreamId, back, message: `back by ${back}` },
			})),
		})
		await Promise.all(editing)
		await scene.calm()
		expectWhole(await readRevisions(scene))
		const left = await database.execute(
			`SELECT 'key' AS place FROM upstream_keys WHERE id = ?1 OR secret = ?2
				UNION ALL SELECT 'history' FROM revisions WHERE instr(snapshot, ?2) > 0 OR instr(diff, ?2) > 0`,
			[leakedId, String(row!.secret)],
		)
		expect(left).toEqual([])
	})

	test('none is lost by a rotation of ENCRYPTION_KEY, and nothing needs the old key after it', async () => {
		const [older, newer] = [generateEncryptionKey(), generateEncryptionKey()]
		const scene = await setUp({ keys: 20, encryptionKey: older })
		const { workers, upstreamId, calm, database } = scene
		const ring = joinRing(newer, older)
		const editing = workers
			.slice(1)
			.map((worker, index) => worker.run('edit', { edits: listEdits(upstreamId, index, 8) }))
		await workers[0]!.run('rotate', { ring })
		const made = (await Promise.all(editing)).flat()
		await calm()
		// They still had the old key alone: what they added meanwhile is found by the next one.
		expect(await workers[0]!.run('rotate', { ring })).toMatchObject({ complete: true, lost: [] })
		const revisions = await readRevisions(scene)
		expectWhole(revisions)
		const acknowledged = made.filter(({ outcome }) => outcome === 'made')
		const messages = new Set(revisions.map(({ message }) => message))
		expect(acknowledged.filter(({ edit }) => !messages.has(edit.message))).toEqual([])
		const after = createKeyRing(newer)
		const rows = await database.execute(`SELECT id, secret, fingerprint FROM upstream_keys UNION ALL
				SELECT json_extract(k.value, '$.id'), json_extract(k.value, '$.secret'), json_extract(k.value, '$.fingerprint')
				FROM revisions r, json_each(r.snapshot, '$.keys') k`)
		const secrets = new Map<string, string | undefined>()
		for (const { id, secret, fingerprint } of rows) {
			const opened = after.open(String(secret), String(id))
			expect(opened).toMatch(/^sk-0123456789abcdef-/)
			expect(after.fingerprint(opened!)).toBe(fingerprint)
			expect(secrets.get(String(id)) ?? opened).toBe(opened)
			secrets.set(String(id), opened)
		}
		const config = await createConfigRepository(database, after).read()
		expect(config.upstreams[0]!.keys.every(({ readable }) => readable)).toBe(true)
	})
})
