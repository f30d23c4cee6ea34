import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import { packMigrations } from '../scripts/pack-migrations.ts'
import { migrateDatabase, readSchemaVersion } from './index.ts'
import { migrations } from './migrations/index.ts'
import { describeTargets } from './test-support/targets.ts'

const root = fileURLToPath(new URL('../', import.meta.url))

test('the packed migrations are those of the sql files', async () => {
	const folder = mkdtempSync(join(tmpdir(), 'claude-proxy-pack-'))
	try {
		const file = join(folder, 'packed.ts')
		writeFileSync(file, packMigrations())
		const packed = (await import(pathToFileURL(file).href)) as { migrations: typeof migrations }
		expect(packed.migrations).toEqual(migrations)
	} finally {
		rmSync(folder, { recursive: true })
	}
})

test('the migrations bring every table and column of the schema', () => {
	const folder = mkdtempSync(join(tmpdir(), 'claude-proxy-generate-'))
	try {
		execFileSync('cp', ['-r', join(root, 'db/migrations'), join(folder, 'migrations')])
		const journal = join(folder, 'migrations/meta/_journal.json')
		const before = readFileSync(journal, 'utf8')
		// With a schema that has run ahead of its migrations, this would write another one.
		execFileSync(
			process.execPath,
			[
				join(root, 'node_modules/drizzle-kit/bin.cjs'),
				'generate',
				...['--dialect', 'turso', '--schema', join(root, 'db/schema/*.ts')],
				...['--out', 'migrations'],
			],
			{ cwd: folder, stdio: 'pipe', timeout: 110_000 },
		)
		expect(readFileSync(journal, 'utf8')).toBe(before)
	} finally {
		rmSync(folder, { recursive: true })
	}
})

describeTargets('migrateDatabase', target => {
	const first = { version: 1, name: 'one', statements: ['CREATE TABLE one (id INTEGER)'] }
	const second = { version: 2, name: 'two', statements: ['CREATE TABLE two (id INTEGER)'] }

	test('a new database gets every migration once, and a second run none', async () => {
		const database = await target.empty()
		expect(await readSchemaVersion(database)).toMatchObject({ version: 0 })
		const version = migrations.length
		expect(await migrateDatabase(database)).toEqual({
			...{ status: 'ok', applied: version, version, codeVersion: version },
		})
		expect(await migrateDatabase(database)).toMatchObject({ status: 'ok', applied: 0, version })
		expect(await database.execute('SELECT id, revision, state_version FROM meta')).toEqual([
			{ id: 1, revision: 0, state_version: 0 },
		])
	})

	test('instances that start together apply each migration exactly once', async () => {
		await target.empty()
		const instances = await Promise.all([target.open(), target.open(), target.open(), target.open()])
		const results = await Promise.all(instances.map(instance => migrateDatabase(instance)))
		const applied = results.reduce((sum, result) => sum + result.applied, 0)
		expect(applied).toBe(migrations.length)
		expect(results.map(result => result.status)).toEqual(['ok', 'ok', 'ok', 'ok'])
	})

	test('a migration that fails leaves nothing of itself behind', async () => {
		const database = await target.empty()
		const broken = { ...second, statements: [...second.statements, 'CREATE TABLE one (id INTEGER)'] }
		await expect(migrateDatabase(database, [first, broken])).rejects.toMatchObject({
			name: 'DatabaseError',
		})
		expect(await migrateDatabase(database, [first, second])).toMatchObject({ applied: 1, version: 2 })
	})

	test('a database of a newer version is recognised and left alone', async () => {
		const database = await target.empty()
		await migrateDatabase(database, [first, second])
		expect(await migrateDatabase(database, [first])).toEqual({
			...{ status: 'newer', applied: 0, version: 2, codeVersion: 1 },
		})
	})

	test('a migration that was edited after it ran is refused', async () => {
		const database = await target.empty()
		await migrateDatabase(database, [first])
		const edited = { ...first, statements: ['CREATE TABLE other (id INTEGER)'] }
		await expect(migrateDatabase(database, [edited])).rejects.toThrow('migration 1 (one) differs')
	})
})
