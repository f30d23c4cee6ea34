import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createAdminApp } from '../../api/_app/admin/index.ts'
import { adminPaths, createApp } from '../../api/_app/app.ts'
import { v1Routes } from '../../api/_app/routes/v1.ts'
import { type AdminCall, adminClient, bearer, signIn } from '../support/admin-client.ts'
import { accessKey, startProxy, type TestProxy } from '../support/proxy.ts'

const adminKey = 'an admin key of its own'

/** What a caller has to bring. */
type Need = 'nothing' | 'access key' | 'admin' | 'metrics key'

const adminRoutes = [
	'GET /api/session',
	'DELETE /api/session',
	'GET /api/sessions',
	'DELETE /api/sessions',
	'DELETE /api/sessions/:id',
	'GET /api/login-failures',
	'POST /api/database/compact',
	'GET /api/openapi.json',
	'GET /api/reference',
	'GET /api/status',
	'GET /api/settings',
	'GET /api/setup',
	'PATCH /api/settings',
	'GET /api/webhooks',
	'POST /api/webhooks',
	'PATCH /api/webhooks/:id',
	'DELETE /api/webhooks/:id',
	'POST /api/webhooks/:id/test',
	'GET /api/requests',
	'DELETE /api/requests',
	'GET /api/requests/:id',
	'GET /api/requests/:id/payloads',
	'GET /api/usage',
	'GET /api/usage.csv',
	'GET /api/usage/day',
	'GET /api/prices',
	'POST /api/requests/:id/replay',
	'POST /api/playground',
	'POST /api/playground/convert-answer',
	'GET /api/upstreams',
	'POST /api/upstreams',
	'PUT /api/upstreams/order',
	'GET /api/upstreams/:id',
	'PATCH /api/upstreams/:id',
	'DELETE /api/upstreams/:id',
	'PUT /api/current',
	'PUT /api/strategy',
	'POST /api/upstreams/:id/keys',
	'PUT /api/upstreams/:id/keys/order',
	'GET /api/upstreams/:id/learned-facts',
	'DELETE /api/upstreams/:id/learned-facts',
	'GET /api/upstreams/:id/models',
	'POST /api/upstreams/preview',
	'POST /api/upstreams/:id/probe',
	'POST /api/probes',
	'GET /api/upstreams/:id/models',
	'POST /api/upstreams/:id/probe',
	'POST /api/upstreams/preview',
	'POST /api/probes',
	'POST /api/keys/judge',
	'PATCH /api/keys/:id',
	'DELETE /api/keys/:id',
	'GET /api/keys/:id/events',
	'POST /api/keys/:id/clear',
	'POST /api/keys/:id/purge',
	'POST /api/keys/:id/undo-demotion',
	'GET /api/revisions',
	'GET /api/revisions/:revision',
	'PATCH /api/revisions/:revision',
	'GET /api/revisions/:revision/diff',
	'POST /api/revisions/:revision/restore',
	'POST /api/export',
	'POST /api/import',
	'POST /admin/config/reload',
	'GET /admin/dev/info',
]

/** Every route of the program. One that is not here fails the first test. */
const needs: Record<string, Need> = {
	...Object.fromEntries(
		Object.entries(v1Routes).map(([path, method]) => [`${method} /v1/${path}`, 'access key' as const]),
	),
	'GET /health': 'nothing',
	'OPTIONS /health': 'nothing',
	// The admin key opens it too, a session does not: test/e2e/metrics.test.ts.
	'GET /metrics': 'metrics key',
	'POST /api/session': 'nothing',
	...Object.fromEntries(adminRoutes.map(route => [route, 'admin' as const])),
}

const listed = (need: Need) =>
	Object.entries(needs)
		.filter(([, wanted]) => wanted === need)
		.map(([route]) => route.split(' ') as [method: string, path: string])

/** The path with something in place of its parameters. */
const fill = (path: string) => path.replaceAll(/:\w+/g, '1')

const isRead = (method: string) => method === 'GET' || method === 'HEAD'

let proxy: TestProxy
beforeAll(async () => {
	proxy = await startProxy({ ADMIN_ACCESS_KEY: adminKey })
})
afterAll(() => proxy.close())

test('every route is known here, and nothing known here is gone', () => {
	const isRoute = ({ method, path }: { method: string; path: string }) =>
		!(method === 'ALL' && path.endsWith('/*'))
	const name = ({ method, path }: { method: string; path: string }) => `${method} ${path}`
	const own = createApp(proxy.services).routes.filter(isRoute).map(name)
	const forwarded = adminPaths.map(path => `ALL ${path}`)
	const admin = createAdminApp(proxy.services).routes.filter(isRoute).map(name)
	const hot = Object.entries(v1Routes).map(([path, method]) => `${method} /v1/${path}`)
	const routes = new Set([...own.filter(route => !forwarded.includes(route)), ...admin, ...hot])
	expect([...routes].sort()).toEqual(Object.keys(needs).sort())
})

describe.each(['node', 'fetch'] as const)('over the %s adapter', adapter => {
	let server: TestProxy
	beforeAll(async () => {
		server = await startProxy({ ADMIN_ACCESS_KEY: adminKey, ADMIN_ORIGINS: 'https://admin.example' }, adapter)
	})
	afterAll(() => server.close())

	/** Wrong keys make an address wait, which is another test's matter. */
	const forgetAttempts = () => server.services.database.execute('DELETE FROM login_attempts')

	const statusOf = async (call: AdminCall, method: string, path: string, headers = {}) =>
		(await call(method, fill(path), { ...(!isRead(method) && { body: {} }), headers })).status

	test.each(listed('nothing'))('%s %s asks for nothing', async (method, path) => {
		expect([401, 403]).not.toContain(await statusOf(adminClient(server, {}), method, path))
	})

	test.each(listed('access key'))('%s %s needs the access key', async (method, path) => {
		for (const headers of [{}, bearer('wrong'), bearer(adminKey)]) {
			expect(await statusOf(adminClient(server, headers), method, path)).toBe(401)
		}
		expect(await statusOf(adminClient(server, bearer(accessKey)), method, path)).not.toBe(401)
		expect(await statusOf(adminClient(server, { 'x-api-key': accessKey }), method, path)).not.toBe(401)
	})

	test.each(listed('admin'))('%s %s needs the admin key or a session', async (method, path) => {
		await forgetAttempts()
		const refused = { nobody: {}, proxyKey: bearer(accessKey), wrong: bearer('wrong'), empty: bearer('') }
		const cookie = { cookie: 'claude_proxy_session=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' }
		for (const [name, headers] of Object.entries({ ...refused, cookie })) {
			const more = { 'x-claude-proxy-admin': '1' }
			const answer = await adminClient(server, headers)(method, fill(path), { headers: more })
			expect([name, answer.status]).toEqual([name, 401])
			expect(answer.body).toMatchObject({ type: 'error', error: { code: 'unauthorized' } })
			expect(answer.headers.get('cache-control')).toBe('no-store')
		}
		for (const headers of [bearer(adminKey), { 'x-api-key': adminKey }]) {
			const foreign = { origin: 'https://evil.example' }
			expect([401, 403]).not.toContain(await statusOf(adminClient(server, headers), method, path, foreign))
		}
	})

	test.each(listed('admin'))(
		'%s %s by session needs a page of ours to change anything',
		async (method, path) => {
			const { cookie } = await signIn(server, adminKey)
			const call = adminClient(server, { cookie })
			const ours = { 'x-claude-proxy-admin': '1' }
			const expected = isRead(method) ? 'passes' : 403
			const seen = async (headers: Record<string, string>) => {
				const status = await statusOf(call, method, path, headers)
				return status === 401 || status === 403 ? status : 'passes'
			}
			expect(await seen({})).toBe(expected)
			expect(await seen({ 'x-claude-proxy-admin': '0' })).toBe(expected)
			expect(await seen({ ...ours, origin: 'https://evil.example' })).toBe(expected)
			expect(await seen({ ...ours, origin: 'null' })).toBe(expected)
			expect(await seen({ ...ours, origin: `${server.url}.evil.example` })).toBe(expected)
			expect(await seen({ ...ours, origin: new URL(server.url).origin })).toBe('passes')
		},
	)

	test.each(listed('admin'))('%s %s is closed to a session that ended', async (method, path) => {
		const ended = await signIn(server, adminKey)
		await adminClient(server, bearer(adminKey))('DELETE', `/api/sessions/${ended.session.id}`)
		const expired = await signIn(server, adminKey)
		await server.services.database.execute('UPDATE admin_sessions SET expires_at = 0 WHERE id = ?', [
			expired.session.id,
		])
		for (const { page } of [ended, expired]) {
			expect(await statusOf(adminClient(server, page), method, path)).toBe(401)
		}
	})

	test('nothing else under /api and /admin tells a stranger even that it is missing', async () => {
		await forgetAttempts()
		const paths = [
			'/api',
			'/api/',
			'/api/nothing',
			'/admin',
			'/admin/x',
			'/api/x/../sessions',
			'/api//sessions',
		]
		for (const path of paths) {
			for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
				expect([method, path, await statusOf(adminClient(server, {}), method, path)]).toEqual([
					...[method, path, 401],
				])
			}
		}
		const missing = await adminClient(server, bearer(adminKey))('GET', '/api/nothing')
		expect(missing).toMatchObject({ status: 404, body: { error: { code: 'not-found' } } })
	})

	test('an origin of ADMIN_ORIGINS may use a session, and only it is told so', async () => {
		const { page } = await signIn(server, adminKey)
		const call = adminClient(server, page)
		const origin = 'https://admin.example'
		const answer = await call('DELETE', '/api/sessions', { headers: { origin } })
		expect(answer.status).toBe(200)
		expect(answer.headers.get('access-control-allow-origin')).toBe(origin)
		expect(answer.headers.get('access-control-allow-credentials')).toBe('true')
		const asked = { origin, 'access-control-request-method': 'PATCH' }
		const preflight = await adminClient(server, {})('OPTIONS', '/api/sessions', { headers: asked })
		expect(preflight.status).toBe(204)
		expect(preflight.headers.get('access-control-allow-methods')).toContain('PATCH')
		expect(preflight.headers.get('access-control-allow-headers')).toContain('x-claude-proxy-admin')
		const refused = await adminClient(server, {})('GET', '/api/session', { headers: { origin } })
		expect(refused.headers.get('access-control-allow-origin')).toBe(origin)
		const foreign = await call('GET', '/api/session', { headers: { origin: 'https://evil.example' } })
		expect(foreign.headers.get('access-control-allow-origin')).toBeNull()
		expect(foreign.headers.get('vary')).toContain('Origin')
	})
})
