import { afterEach, describe, expect, test } from 'vitest'
import { adminClient, bearer, signIn } from '../support/admin-client.ts'
import { startHranaProcess } from '../support/hrana-server.ts'
import { accessKey, startProxy, type TestProxy } from '../support/proxy.ts'

const adminKey = 'an admin key of its own'
const closing: (() => Promise<unknown>)[] = []
afterEach(async () => {
	for (const close of closing.splice(0).reverse()) await close()
})

async function start(variables: Record<string, string> = {}, adapter: 'node' | 'fetch' = 'node') {
	const proxy = await startProxy({ ADMIN_ACCESS_KEY: adminKey, ...variables }, adapter)
	closing.push(() => proxy.close())
	return proxy
}

const guess = (proxy: TestProxy, key: string, headers: Record<string, string> = {}) =>
	adminClient(proxy, headers)('POST', '/api/session', { body: { key } })

/** As if so much time had passed for whoever waits. */
const pass = (proxy: TestProxy, ms: number) =>
	proxy.services.database.execute(
		'UPDATE login_attempts SET at = at - ?1, blocked_until = max(0, blocked_until - ?1)',
		[ms],
	)

/** Ten wrong keys, each as soon as it may be: the last two statuses, between which a wait of 16 s began. */
async function guessTenTimes(proxy: TestProxy, send: (count: number) => Promise<{ status: number }>) {
	const statuses: number[] = []
	for (let count = 1; count <= 10; count++) {
		statuses.push((await send(count)).status)
		if (count < 9) await pass(proxy, 20_000)
	}
	return statuses.slice(-2)
}

describe.each(['node', 'fetch'] as const)('signing in over the %s adapter', adapter => {
	test('answers with a cookie that scripts cannot read and other sites cannot send', async () => {
		const proxy = await start({}, adapter)
		const short = await signIn(proxy, adminKey)
		const [pair = '', ...attributes] = short.setCookie.split('; ')
		expect(pair).toMatch(/^claude_proxy_session=[\w-]{43}$/)
		expect(attributes.sort()).toEqual(['HttpOnly', 'Path=/', 'SameSite=Strict'])
		const long = await signIn(proxy, adminKey, { remember: true })
		expect(long.setCookie).toContain('; Max-Age=2592000')
		const { sessions } = (await adminClient(proxy, long.page)('GET', '/api/sessions')).body
		const lifetimes = sessions.map(
			(one: { expiresAt: number; createdAt: number }) => one.expiresAt - one.createdAt,
		)
		expect(lifetimes).toEqual([30 * 86_400_000, 12 * 3_600_000])
	})

	test('by https, also behind a proxy that ends it, the cookie is for https only', {
		tags: ['plain-http'],
	}, async () => {
		const proxy = await start({ TRUST_PROXY: 'true' }, adapter)
		const host = new URL(proxy.url).host
		const overHttps: Record<string, string>[] = [
			{ 'x-forwarded-proto': 'https' },
			{ origin: `https://${host}` },
		]
		for (const headers of overHttps) {
			expect((await signIn(proxy, adminKey, { headers })).setCookie).toContain('; Secure')
		}
		const plain = { 'x-forwarded-proto': 'http', origin: `http://${host}` }
		expect((await signIn(proxy, adminKey, { headers: plain })).setCookie).not.toContain('Secure')
	})

	test('tells who one is, and signing out ends it', async () => {
		const proxy = await start({}, adapter)
		const { page, session } = await signIn(proxy, adminKey)
		const call = adminClient(proxy, page)
		expect((await call('GET', '/api/session')).body).toEqual({
			...{ kind: 'session', id: session.id, expiresAt: expect.any(Number) },
			...{ version: proxy.services.version, mode: 'development' },
		})
		const byKey = await adminClient(proxy, bearer(adminKey))('GET', '/api/session')
		expect(byKey.body).toEqual({ kind: 'key', version: proxy.services.version, mode: 'development' })
		const out = await call('DELETE', '/api/session')
		expect(out.body).toEqual({ revoked: 1 })
		expect(out.headers.get('set-cookie')).toMatch(/^claude_proxy_session=; Max-Age=0;/)
		const after = await call('GET', '/api/session')
		expect(after.status).toBe(401)
		expect(after.headers.get('set-cookie')).toMatch(/^claude_proxy_session=; Max-Age=0;/)
	})

	test('lists all sessions, marks the own one, and ends one or all others', async () => {
		const proxy = await start({}, adapter)
		const made = []
		for (const userAgent of ['one', 'two', 'three'])
			made.push(await signIn(proxy, adminKey, { headers: { 'user-agent': userAgent } }))
		const call = adminClient(proxy, made[2]!.page)
		const { sessions } = (await call('GET', '/api/sessions')).body
		expect(sessions).toMatchObject([
			{ id: made[2]!.session.id, userAgent: 'three', current: true },
			{ userAgent: 'two', current: false },
			{ userAgent: 'one', current: false, lastSeenAt: expect.any(Number) },
		])
		expect((await call('DELETE', `/api/sessions/${made[0]!.session.id}`)).body).toEqual({ revoked: 1 })
		expect((await call('DELETE', `/api/sessions/${made[0]!.session.id}`)).status).toBe(404)
		expect((await call('DELETE', '/api/sessions')).body).toEqual({ revoked: 1 })
		expect((await call('GET', '/api/sessions')).body.sessions).toHaveLength(1)
		const token = made[2]!.cookie.split('=')[1]!
		expect(JSON.stringify(sessions) + proxy.logs()).not.toContain(token)
	})

	test('a wrong body says what is wrong, and quotes nothing of it', async () => {
		const proxy = await start({}, adapter)
		const call = adminClient(proxy, {})
		const wrong: [unknown, string][] = [
			[{}, 'key'],
			[{ key: 7 }, 'key'],
			[{ key: '' }, 'key'],
			[{ key: 'sk-secret-0123456789', remember: 'sk-secret-0123456789' }, 'remember'],
			[{ key: 'x', 'sk-secret-0123456789': 1 }, ''],
			[['sk-secret-0123456789'], ''],
		]
		for (const [body, path] of wrong) {
			const answer = await call('POST', '/api/session', { body })
			expect(answer).toMatchObject({ status: 400, body: { error: { code: 'invalid' } } })
			expect(answer.body.error.fields[0].path).toBe(path)
			expect(answer.text).not.toContain('sk-secret')
		}
		const unknown = await call('POST', '/api/session', { body: { key: 'x', remembr: true } })
		expect(unknown.body.error.message).toBe('there is no such field: remembr')
		expect((await call('POST', '/api/session', { body: '{"key":' })).status).toBe(400)
		const text = { 'content-type': 'text/plain' }
		const asText = await call('POST', '/api/session', { body: '{"key":"x"}', headers: text })
		expect(asText).toMatchObject({ status: 415, body: { error: { code: 'invalid' } } })
	})
})

describe('guessing', () => {
	test('costs a wait from the fifth wrong key on, in which the right one is refused too', async () => {
		const proxy = await start()
		for (let count = 1; count <= 4; count++) {
			const wrong = await guess(proxy, `guess-${count}`)
			expect(wrong).toMatchObject({ status: 401, body: { error: { code: 'unauthorized' } } })
			expect(wrong.headers.get('retry-after')).toBeNull()
		}
		const fifth = await guess(proxy, 'guess-5')
		expect(fifth.status).toBe(401)
		expect(fifth.headers.get('retry-after')).toBe('1')
		await pass(proxy, 2000)
		for (let count = 6; count <= 12; count++) {
			await guess(proxy, `guess-${count}`)
			await pass(proxy, count < 12 ? 200_000 : 0)
		}
		for (const key of [adminKey, 'guess-13']) {
			const refused = await guess(proxy, key)
			expect(refused).toMatchObject({ status: 429, body: { error: { code: 'too-many-attempts' } } })
			expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(10)
			expect(refused.body.error.retryAfterMs).toBeGreaterThan(10_000)
		}
		const bearerToo = await adminClient(proxy, bearer(adminKey))('GET', '/api/session')
		expect(bearerToo.status).toBe(429)
		await pass(proxy, 200_000)
		expect((await guess(proxy, adminKey)).status).toBe(200)
		expect((await guess(proxy, 'guess-14')).headers.get('retry-after')).toBeNull()
		expect(proxy.logs()).toContain('127.0.0.1')
		expect(proxy.logs()).not.toMatch(/guess-|an admin key/)
	})

	test('by Bearer costs the same, on every route', async () => {
		const proxy = await start()
		const call = adminClient(proxy, bearer(accessKey))
		const paths = ['/api/session', '/api/nothing', '/admin/dev/info', '/api/upstreams', '/api']
		const statuses = await guessTenTimes(proxy, count => call('GET', paths[count % paths.length]!))
		expect(statuses).toEqual([401, 429])
	})

	test('from one address keeps no other out, nor who is in', { tags: ['told-address'] }, async () => {
		const proxy = await start({ TRUST_PROXY: 'true' })
		const from = (address: string) => ({ 'x-forwarded-for': `10.9.9.9, ${address}` })
		const { page } = await signIn(proxy, adminKey, { headers: from('192.0.2.1') })
		await guessTenTimes(proxy, () => guess(proxy, 'wrong', from('192.0.2.1')))
		expect((await guess(proxy, adminKey, from('192.0.2.1'))).status).toBe(429)
		expect((await guess(proxy, adminKey, from('192.0.2.2'))).status).toBe(200)
		expect((await adminClient(proxy, { ...page, ...from('192.0.2.1') })('GET', '/api/session')).status).toBe(
			200,
		)
	})

	test('cannot be spread over addresses that the client makes up', async () => {
		const proxy = await start()
		const made = (count: number) => ({ 'x-forwarded-for': `192.0.2.${count}` })
		const statuses = await guessTenTimes(proxy, count => guess(proxy, 'wrong', made(count)))
		expect(statuses).toEqual([401, 429])
	})

	test('is listed for whoever may look, with the addresses that wait', {
		tags: ['told-address'],
	}, async () => {
		const proxy = await start({ TRUST_PROXY: 'true' })
		const from = (address: string) => ({ 'x-forwarded-for': address })
		await guessTenTimes(proxy, () => guess(proxy, 'wrong', from('192.0.2.7')))
		await guess(proxy, 'wrong', from('2001:db8::1'))
		const api = adminClient(proxy, { ...bearer(adminKey), ...from('198.51.100.1') })
		const { body } = await api('GET', '/api/login-failures')
		expect(body.addresses).toMatchObject([
			{ address: '2001:db8:0:0::/64', failures: 1, blockedUntil: null },
			{ address: '192.0.2.7', failures: 9 },
		])
		expect(body.addresses[1].blockedUntil).toBeGreaterThan(body.now)
		expect(body.everyone.failures).toBe(10)
	})

	test('is counted over all instances', async () => {
		const server = await startHranaProcess()
		closing.push(() => server.stop())
		const database = { TURSO_DATABASE_URL: server.url, TURSO_AUTH_TOKEN: server.token }
		const [one, other] = [await start(database), await start(database, 'fetch')]
		const from = { 'x-real-ip': '127.0.0.1' }
		const statuses = await guessTenTimes(one, count => guess(count % 2 === 0 ? one : other, 'wrong', from))
		expect(statuses).toEqual([401, 429])
	})

	test('is counted by each instance while the database is away, when sessions seen lately go on', async () => {
		const server = await startHranaProcess()
		closing.push(() => server.stop())
		const proxy = await start({ TURSO_DATABASE_URL: server.url, TURSO_AUTH_TOKEN: server.token })
		const { page } = await signIn(proxy, adminKey)
		const unseen = await signIn(proxy, adminKey)
		expect((await adminClient(proxy, page)('GET', '/api/session')).status).toBe(200)
		await server.takeDown()
		expect((await adminClient(proxy, page)('GET', '/api/session')).status).toBe(200)
		const refused = await adminClient(proxy, unseen.page)('GET', '/api/session')
		expect(refused).toMatchObject({ status: 503, body: { error: { code: 'database-unavailable' } } })
		expect(refused.headers.get('retry-after')).toBe('5')
		let judged = 0
		while (judged < 12 && (await guess(proxy, 'wrong')).status === 401) judged++
		expect(judged).toBeGreaterThanOrEqual(5)
		expect(judged).toBeLessThan(12)
	})
})

test('another admin key ends all sessions', async () => {
	const server = await startHranaProcess()
	closing.push(() => server.stop())
	const database = { TURSO_DATABASE_URL: server.url, TURSO_AUTH_TOKEN: server.token }
	const before = await start(database)
	const { page } = await signIn(before, adminKey)
	const after = await start({ ...database, ADMIN_ACCESS_KEY: 'a new admin key' })
	expect((await adminClient(after, page)('GET', '/api/session')).status).toBe(401)
	expect((await adminClient(before, page)('GET', '/api/session')).status).toBe(200)
})

test('without ADMIN_ACCESS_KEY the access key signs in', async () => {
	const proxy = await start({ ADMIN_ACCESS_KEY: '' })
	expect((await guess(proxy, accessKey)).status).toBe(200)
})
