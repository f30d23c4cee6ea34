import { afterEach, expect, test } from 'vitest'
import { adminClient } from '../support/admin-client.ts'
import { accessKey, startProxy, type TestProxy } from '../support/proxy.ts'

let proxy: TestProxy
afterEach(() => proxy.close())

const readSetup = async (key: string) => {
	const api = adminClient(proxy, { 'x-api-key': key })
	return api('GET', '/api/setup')
}

test('tells that the admin key is the access key, and shows neither', async () => {
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
