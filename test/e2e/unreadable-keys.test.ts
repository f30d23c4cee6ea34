import { afterEach, beforeEach, expect, test } from 'vitest'
import { createKeyRing, generateEncryptionKey } from '../../db/index.ts'
import { call, hello } from '../support/call.ts'
import { accessKey, startProxy, type TestProxy } from '../support/proxy.ts'
import { type ScriptedUpstream, startOpenAiUpstream } from '../support/upstreams/index.ts'

const keys = ['sk-first-key-0123456789', 'sk-second-key-012345678'] as const

let proxy: TestProxy
let upstream: ScriptedUpstream
beforeEach(async () => {
	;[proxy, upstream] = await Promise.all([startProxy(), startOpenAiUpstream({ keys: [...keys] })])
	await proxy.use({ type: 'openai', baseUrl: upstream.url }, [...keys])
})
afterEach(async () => {
	await Promise.all([proxy.close(), upstream.close()])
})

/** As if it had been stored by an instance with another ENCRYPTION_KEY. */
async function makeUnreadable(position: number) {
	const { database, config } = proxy.services
	const where = 'position = (SELECT min(position) + ? FROM upstream_keys)'
	const [row] = await database.execute(`SELECT id FROM upstream_keys WHERE ${where}`, [position])
	const sealed = createKeyRing(generateEncryptionKey()).seal('sk-lost', String(row?.id))
	await database.batch([
		{ sql: 'UPDATE upstream_keys SET secret = ? WHERE id = ?', args: [sealed, String(row?.id)] },
		{ sql: 'UPDATE meta SET state_version = state_version + 1' },
	])
	await config.refresh()
}

const readJson = async (path: string) => {
	const response = await fetch(`${proxy.url}${path}`, { headers: { authorization: `Bearer ${accessKey}` } })
	return response.json()
}

test('a key that cannot be opened is passed over, and seen everywhere; the others answer', async () => {
	await makeUnreadable(0)
	const answer = await call(proxy, hello)
	expect(answer.status).toBe(200)
	expect(upstream.requests.map(({ key }) => key)).toEqual([keys[1]])
	expect(await readJson('/health')).toMatchObject({ status: 'healthy', config: { usableKeys: 1, keys: 2 } })
	const { upstreams } = await readJson('/api/upstreams')
	expect(upstreams[0].keys).toMatchObject([
		{ state: 'unreadable', readable: false },
		{ state: 'ready', readable: true },
	])
	expect(await proxy.repository.read()).toMatchObject({
		upstreams: [{ keys: [{ readable: false }, { readable: true }] }],
	})
})

test('where none can be opened, the answer says what to do', async () => {
	await makeUnreadable(0)
	await makeUnreadable(1)
	const answer = await call(proxy, hello)
	expect(answer.status).toBe(503)
	expect(upstream.requests).toEqual([])
	expect(await readJson('/health')).toMatchObject({
		...{ status: 'degraded', config: { usableKeys: 0, keys: 2 } },
		reasons: [expect.stringContaining('no usable key')],
	})
})
