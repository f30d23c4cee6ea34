import { afterEach, beforeEach, expect, test } from 'vitest'
import { openDatabase, readSchemaVersion } from '../../db/index.ts'
import { type HranaProcess, startHranaProcess } from '../../test/support/hrana-server.ts'
import { migrateDeployment } from './migrate-deployment.ts'

let server: HranaProcess
beforeEach(async () => {
	server = await startHranaProcess()
})
afterEach(() => server.stop())

const readVersion = async () => {
	const database = await openDatabase({ url: server.url, authToken: server.token })
	const { version, codeVersion } = await readSchemaVersion(database)
	database.close()
	return version === codeVersion ? 'current' : version
}
const own = () => ({ TURSO_DATABASE_URL: server.url, TURSO_AUTH_TOKEN: server.token })

test('production’s database is brought up to date, once, also by several builds at the same time', async () => {
	const builds = Array.from({ length: 3 }, () => migrateDeployment({ VERCEL_ENV: 'production', ...own() }))
	for (const done of await Promise.all(builds)) expect(done).toMatch(/schema \d+/)
	expect(await readVersion()).toBe('current')
	expect(await migrateDeployment({ VERCEL_ENV: 'production', ...own() })).toMatch(/up to date$/)
})

test.each([
	['a preview without a database of its own', { VERCEL_ENV: 'preview' }],
	['a build that is no deployment', {}],
	['vercel dev', { VERCEL_ENV: 'development' }],
])('%s leaves the database alone', async (_name, variables) => {
	expect(await migrateDeployment({ ...own(), ...variables })).toMatch(/^left alone/)
	expect(await readVersion()).toBe(0)
	// Not even looked at, but for the line above.
	expect((await server.stats()).batches).toBe(0)
})

test('a preview’s own database is its own', async () => {
	const other = { TURSO_DATABASE_URL: 'http://127.0.0.1:9', TURSO_AUTH_TOKEN: 'production' }
	const preview = { PREVIEW_TURSO_DATABASE_URL: server.url, PREVIEW_TURSO_AUTH_TOKEN: server.token }
	await migrateDeployment({ VERCEL_ENV: 'preview', ...other, ...preview })
	expect(await readVersion()).toBe('current')
})

test('a database that is away or a file fails the build', async () => {
	await expect(
		migrateDeployment({ VERCEL_ENV: 'production', TURSO_DATABASE_URL: 'file:data/x.db' }),
	).rejects.toThrow(/would be lost/)
	await server.takeDown()
	await expect(migrateDeployment({ VERCEL_ENV: 'production', ...own() })).rejects.toThrow(/cannot be reached/)
	await server.bringUp()
})
