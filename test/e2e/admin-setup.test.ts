import { afterEach, expect, test } from 'vitest'
import { adminClient } from '../support/admin-client.ts'
import { type HranaProcess, startHranaProcess } from '../support/hrana-server.ts'
import { accessKey, startProxy, type TestProxy } from '../support/proxy.ts'

let proxy: TestProxy
let server: HranaProcess | undefined
afterEach(async () => {
	await proxy.close()
	await server?.stop()
	server = undefined
})

const readSetup = async (key: string) => {
	const api = adminClient(proxy, { 'x-api-key': key })
	return api('GET', '/api/setup')
}

test('tells that the admin key is the access key, and shows neither', {
	tags: ['private-start'],
}, async () => {
	proxy = await startProxy()
	const { body, text } = await readSetup(accessKey)
	expect(body).toMatchObject({
		database: { kind: 'file', ok: true, error: null },
		accessKey: 'weak',
		adminKey: { own: false, strength: 'weak' },
		maxDuration: 0,
		exposed: false,
	})
	expect(body.database.schema.version).toBe(body.database.schema.needed)
	expect(body.database.bytes).toBeGreaterThan(4096)
	expect(text).not.toContain(accessKey)
})

test('tells that there is an admin key of its own', async () => {
	const own = 'an admin key of its own, number 17'
	proxy = await startProxy({ ADMIN_ACCESS_KEY: own, HOST: '0.0.0.0', MAX_DURATION: '300' })
	const { body, text } = await readSetup(own)
	expect(body).toMatchObject({
		adminKey: { own: true, strength: 'good' },
		maxDuration: 300,
		exposed: true,
	})
	expect(text).not.toContain(own)
})

test('compacts the database file, and tells its size before and after', {
	tags: ['database-file'],
}, async () => {
	proxy = await startProxy()
	const { database } = proxy.services
	await database.execute('CREATE TABLE large AS SELECT hex(zeroblob(1000000)) AS text')
	await database.execute('DROP TABLE large')
	const free = (await readSetup(accessKey)).body.database.freeBytes
	expect(free).toBeGreaterThan(1_500_000)
	const api = adminClient(proxy, { 'x-api-key': accessKey })
	const { status, body } = await api('POST', '/api/database/compact')
	expect(status).toBe(200)
	expect(body.before - body.after).toBeGreaterThanOrEqual(free)
	expect((await readSetup(accessKey)).body.database).toMatchObject({ bytes: body.after, freeBytes: 0 })
})

test('does not compact a database server', async () => {
	server = await startHranaProcess()
	proxy = await startProxy({ TURSO_DATABASE_URL: server.url, TURSO_AUTH_TOKEN: server.token })
	const api = adminClient(proxy, { 'x-api-key': accessKey })
	const refused = await api('POST', '/api/database/compact')
	expect(refused).toMatchObject({ status: 400, body: { error: { code: 'invalid' } } })
	expect((await readSetup(accessKey)).body.database.freeBytes).toBe(null)
})
