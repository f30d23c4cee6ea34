import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import {
	createConfigRepository,
	createKeyRing,
	type Database,
	generateEncryptionKey,
	joinRing,
	rotateKeys,
} from '../index.ts'
import { byCli, upstreamInput } from '../test-support/samples.ts'
import { describeTargets } from '../test-support/targets.ts'

const rotator = fileURLToPath(new URL('../test-support/rotator.ts', import.meta.url))
const secretOf = (index: number) => `sk-ant-api03-0123456789-${String(index).padStart(4, '0')}`

describeTargets('rotating ENCRYPTION_KEY', target => {
	const [older, newer] = [generateEncryptionKey(), generateEncryptionKey()]
	const ring = joinRing(newer, older)
	const [before, during, after] = [older, ring, newer].map(createKeyRing) as [
		...ReturnType<typeof createKeyRing>[],
	]

	/** An upstream with keys, changed so often that each is in several revisions. */
	async function start(keyCount: number, edits = 3) {
		const database = await target.fresh()
		const repository = createConfigRepository(database, before!)
		const secrets = Array.from({ length: keyCount }, (_, index) => secretOf(index))
		const { id, added } = await repository.addUpstream(upstreamInput('a'), byCli, secrets)
		for (let edit = 1; edit < edits; edit++) {
			await repository.updateUpstream(id, { description: String(edit) }, byCli)
		}
		return { database, id, keyIds: added.map(key => key.id), total: keyCount * (1 + edits) }
	}

	/** Ids of the keys that everything sealed in the database is sealed with. */
	async function listSealers(database: Database): Promise<string[]> {
		const rows = await database.execute(`SELECT secret FROM upstream_keys UNION ALL
			SELECT json_extract(k.value, '$.secret') FROM revisions r, json_each(r.snapshot, '$.keys') k`)
		return [...new Set(rows.map(({ secret }) => String(secret).split('.')[1] ?? ''))].sort()
	}

	test('seals keys and history anew, after which the old key is needed for nothing', async () => {
		const { database, total } = await start(5)
		const dry = await rotateKeys(database, during!, { dryRun: true })
		expect(dry).toMatchObject({ complete: false, lost: [] })
		expect(await listSealers(database)).toEqual([before!.currentId])

		const seen: [number, number][] = []
		const report = await rotateKeys(database, during!, { onProgress: (...now) => seen.push(now) })
		expect(report).toEqual({
			...{ keyId: after!.currentId, lost: [], complete: true },
			places: [
				{ name: 'keys', found: 5, resealed: 5 },
				{ name: 'keys in history', found: 15, resealed: 15 },
				{ name: 'webhooks', found: 0, resealed: 0 },
				{ name: 'recorded bodies', found: 0, resealed: 0 },
			],
		})
		expect(dry.places).toEqual(report.places)
		expect(seen.at(-1)).toEqual([total, total])
		expect(await listSealers(database)).toEqual([after!.currentId])

		const repository = createConfigRepository(database, after!)
		const { upstreams } = await repository.read()
		expect(upstreams[0]!.keys.map(({ readable }) => readable)).toEqual(Array(5).fill(true))
		await repository.removeUpstream(upstreams[0]!.id, byCli)
		await repository.restoreRevision(2, byCli)
		const restored = (await repository.read()).upstreams[0]!.keys
		expect(restored.map(({ readable }) => readable)).toEqual(Array(5).fill(true))
		const again = await repository.addKeys(upstreams[0]!.id, [secretOf(3)], byCli)
		expect(again).toMatchObject({ added: [], duplicates: [{ id: restored[3]!.id }] })
		expect((await rotateKeys(database, after!)).places.map(({ found }) => found)).toEqual([0, 0, 0, 0])
	})

	test('duplicates are found before, while and after keys are rotated', async () => {
		const { database, id } = await start(2)
		const behind = createKeyRing(joinRing(older, newer))
		for (const ringNow of [before!, behind, during!]) {
			const repository = createConfigRepository(database, ringNow)
			expect(await repository.addKeys(id, [secretOf(0)], byCli)).toMatchObject({
				added: [],
				duplicates: [{}],
			})
			expect(await repository.judgeKeys([secretOf(1), 'sk-new-0123456789'])).toMatchObject([
				...[{ verdict: 'elsewhere', upstreamName: 'a' }, { verdict: 'new' }],
			])
		}
		const mixed = createConfigRepository(database, during!)
		await mixed.addKeys(id, [secretOf(7)], byCli)
		expect((await listSealers(database)).length).toBe(2)
		expect((await mixed.read()).upstreams[0]!.keys.every(({ readable }) => readable)).toBe(true)
		await rotateKeys(database, during!)
		const { upstreams } = await createConfigRepository(database, after!).read()
		expect(upstreams[0]!.keys.map(({ fingerprint }) => fingerprint)).toEqual(
			[0, 1, 7].map(index => after!.fingerprint(secretOf(index))),
		)
	})

	test('what the ring does not open is named, left, and stops nothing', async () => {
		const { database, id, keyIds } = await start(2, 1)
		const lostRing = createKeyRing(generateEncryptionKey())
		await createConfigRepository(database, lostRing).addKeys(id, [secretOf(8)], byCli)
		const { sealed } = (
			await database.execute('SELECT secret AS sealed FROM upstream_keys ORDER BY position DESC')
		)[0] as { sealed: string }
		await database.execute(`UPDATE upstream_keys SET secret = 'v1.${before!.currentId}.x.y' WHERE id = ?`, [
			keyIds[1]!,
		])
		const report = await rotateKeys(database, during!)
		expect(report.complete).toBe(false)
		expect(report.places).toMatchObject([
			{ found: 3, resealed: 1 },
			{ found: 5, resealed: 4 },
			{ name: 'webhooks', found: 0 },
			{ name: 'recorded bodies', found: 0 },
		])
		const mask = 'sk-ant-api03-…0001'
		expect(report.lost).toEqual(
			expect.arrayContaining([
				{ place: 'keys', id: keyIds[1], mask, sealedWith: before!.currentId },
				expect.objectContaining({
					place: 'keys',
					mask: 'sk-ant-api03-…0008',
					sealedWith: lostRing.currentId,
				}),
				expect.objectContaining({ place: 'keys in history', sealedWith: lostRing.currentId }),
			]),
		)
		expect(report.lost).toHaveLength(3)
		const rows = await database.execute('SELECT secret FROM upstream_keys ORDER BY position DESC LIMIT 1')
		expect(rows).toEqual([{ secret: sealed }])
	})

	test('keys that are purged, removed or added meanwhile stay so', async () => {
		const { database, id, keyIds } = await start(4)
		const repository = createConfigRepository(database, during!)
		const edits = [
			() => repository.addKeys(id, [secretOf(20)], byCli),
			() => repository.purgeKey(keyIds[0]!, byCli),
			() => repository.removeKey(keyIds[1]!, byCli),
		]
		const busy: Database = {
			...database,
			// Between what the rotation read and what it writes.
			async batch(statements) {
				const isOurs = statements.some(({ sql }) => sql.includes('RETURNING'))
				if (isOurs) await edits.shift()?.()
				return database.batch(statements)
			},
		}
		const report = await rotateKeys(busy, during!)
		expect(edits).toEqual([])
		expect(report).toMatchObject({ complete: true, lost: [] })
		const { upstreams } = await createConfigRepository(database, after!).read()
		expect(upstreams[0]!.keys.map(({ mask, readable }) => ({ mask, readable }))).toEqual(
			['0002', '0003', '0020'].map(end => ({ mask: `sk-ant-api03-…${end}`, readable: true })),
		)
		const text = JSON.stringify(await database.execute('SELECT snapshot FROM revisions'))
		expect(text).not.toContain(`v1.${before!.currentId}`)
		const left = await database.execute(
			`SELECT json_extract(k.value, '$.secret') AS secret
			FROM revisions r, json_each(r.snapshot, '$.keys') k WHERE json_extract(k.value, '$.id') = ?`,
			[keyIds[0]!],
		)
		expect(new Set(left.map(({ secret }) => secret))).toEqual(new Set(['']))
	})

	test('a process that is killed half-way loses nothing, and the next one finishes', async () => {
		const { database } = await start(250, 4)
		const { url, authToken = '' } = target.options()
		const child = spawn(process.execPath, [rotator, url, authToken, ring], {
			stdio: ['ignore', 'pipe', 'inherit'],
		})
		const exited = once(child, 'exit')
		await once(createInterface({ input: child.stdout }), 'line')
		child.kill('SIGKILL')
		await exited
		expect((await listSealers(database)).length).toBe(2)
		const repository = createConfigRepository(database, during!)
		expect((await repository.read()).upstreams[0]!.keys.every(({ readable }) => readable)).toBe(true)

		const report = await rotateKeys(database, during!)
		expect(report).toMatchObject({ complete: true, lost: [] })
		expect(report.places[0]!.found).toBeGreaterThan(0)
		expect(report.places[0]!.found).toBeLessThan(250)
		expect(await listSealers(database)).toEqual([after!.currentId])
		const rows = await database.execute('SELECT id, secret FROM upstream_keys ORDER BY position')
		expect(rows.map(({ id, secret }) => after!.open(String(secret), String(id)))).toEqual(
			Array.from({ length: 250 }, (_, index) => secretOf(index)),
		)
	})
})
