import { afterEach, beforeEach, expect, test } from 'vitest'
import { call, hello } from '../support/call.ts'
import { startProxy, type TestProxy } from '../support/proxy.ts'
import { type ScriptedUpstream, startOpenAiUpstream } from '../support/upstreams/index.ts'

const adminKey = 'an admin key of its own'
let proxy: TestProxy
let upstream: ScriptedUpstream
let path: string

beforeEach(async () => {
	;[proxy, upstream] = await Promise.all([
		startProxy({ ADMIN_ACCESS_KEY: adminKey }),
		startOpenAiUpstream({ compat: 'old' }),
	])
	const id = await proxy.use({ type: 'openaiold', baseUrl: upstream.url })
	path = `/api/upstreams/${id}/learned-facts`
	await call(proxy, { ...hello, stream: true })
	await proxy.services.config.flush()
})
afterEach(async () => {
	await Promise.all([proxy.close(), upstream.close()])
})

const ask = (method: string, url: string, key = adminKey) =>
	fetch(proxy.url + url, { method, headers: { authorization: `Bearer ${key}` } })

test('what was learned is listed, and forgotten on request', async () => {
	const { facts } = await (await ask('GET', path)).json()
	expect(facts).toMatchObject([
		{ model: 'gpt-4o', fact: { kind: 'no-field' }, detail: expect.stringContaining('stream_options') },
	])
	expect(facts[0].expiresAt - facts[0].learnedAt).toBe(7 * 86_400_000)
	expect(await (await ask('DELETE', `${path}?model=other`)).json()).toEqual({ forgotten: 0 })
	expect(await (await ask('DELETE', `${path}?model=gpt-4o`)).json()).toEqual({ forgotten: 1 })
	expect(await (await ask('GET', path)).json()).toEqual({ facts: [] })
})

test('an unknown upstream is a 404 in the usual shape', async () => {
	const response = await ask('GET', '/api/upstreams/up_nothing/learned-facts')
	expect(response.status).toBe(404)
	expect(await response.json()).toMatchObject({
		type: 'error',
		error: { type: 'not_found_error', code: 'not-found' },
	})
})
