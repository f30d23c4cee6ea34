import { afterEach, expect, test } from 'vitest'
import { adminClient, signIn } from '../../support/admin-client.ts'
import { call } from '../../support/call.ts'
import { startHranaProcess } from '../../support/hrana-server.ts'
import { accessKey, startProxy } from '../../support/proxy.ts'
import { startOpenAiUpstream } from '../../support/upstreams/index.ts'

const closing: (() => Promise<unknown>)[] = []
afterEach(async () => {
	for (const close of closing.splice(0).reverse()) await close()
})

async function start(variables: Record<string, string> = {}) {
	const proxy = await startProxy(variables)
	closing.push(() => proxy.close())
	return proxy
}

test('the admin is served: its pages at every path, its files for ever, and nothing for what is gone', async () => {
	const { url } = await start()
	const page = await fetch(url)
	const html = await page.text()
	expect(page.headers.get('content-type')).toMatch(/^text\/html/)
	expect(page.headers.get('cache-control')).toMatch(/no-cache|must-revalidate/)
	expect(page.headers.get('x-content-type-options')).toBe('nosniff')
	expect(page.headers.get('x-frame-options')).toBe('DENY')
	for (const path of ['/login', '/requests/req_1', '/settings?tab=a']) {
		expect(await (await fetch(url + path)).text()).toBe(html)
	}
	const [asset = ''] = /\/_app\/immutable\/[\w./-]+\.js/.exec(html) ?? []
	const script = await fetch(url + asset)
	expect(script.status).toBe(200)
	expect(script.headers.get('content-type')).toMatch(/javascript/)
	expect(script.headers.get('cache-control')).toContain('immutable')
	const gone = await fetch(`${url}/_app/immutable/entry/gone.js`)
	expect(gone.status).toBe(404)
})

test.each(['/v1/unknown', '/api/unknown', '/admin/unknown'])(
	'%s is answered as JSON, not with a page',
	async path => {
		const { url } = await start()
		const answer = await fetch(url + path, { headers: { 'x-api-key': accessKey } })
		expect(answer.headers.get('content-type')).toMatch(/^application\/json/)
		expect(answer.status).toBeGreaterThanOrEqual(400)
	},
)

test('two that share a database see each other’s changes, sessions and cooling keys', async () => {
	const server = await startHranaProcess()
	closing.push(() => server.stop())
	const database = { TURSO_DATABASE_URL: server.url, TURSO_AUTH_TOKEN: server.token }
	const [one, other] = [await start(database), await start(database)]
	const keys = ['sk-first-key-0123456789', 'sk-second-key-012345678']
	const upstream = await startOpenAiUpstream({ keys })
	closing.push(() => upstream.close())
	await one.use({ type: 'openai', baseUrl: upstream.url }, keys)
	await expect.poll(async () => (await call(other)).status).toBe(200)

	const { page } = await signIn(one, accessKey)
	expect((await adminClient(other, page)('GET', '/api/session')).status).toBe(200)

	upstream.script({ fault: { status: 401 } })
	expect((await call(one)).status).toBe(200)
	await one.services.config.flush()
	await other.services.config.refresh()
	const before = upstream.requests.length
	expect((await call(other)).status).toBe(200)
	expect(upstream.requests.slice(before).map(({ key }) => key)).toEqual([keys[1]])
})
