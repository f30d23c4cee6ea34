import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { askAdmin } from '../support/admin.ts'
import { call } from '../support/call.ts'
import { startProxy, type TestProxy } from '../support/proxy.ts'
import { type Fault, type ScriptedUpstream, startOpenAiUpstream } from '../support/upstreams/index.ts'

const keys = ['sk-first-key-0123456789', 'sk-second-key-012345678', 'sk-third-key-0123456788'] as const
const [first, second, third] = keys
const usedUp: Fault = { status: 402, body: { error: { message: 'Insufficient credits' } }, headers: {} }
const tooFast: Fault = { status: 429, body: { error: { message: 'Too fast' } }, headers: {} }

describe.each(['node', 'fetch'] as const)('over the %s adapter', adapter => {
	let proxy: TestProxy
	let upstream: ScriptedUpstream
	let id: string
	/** Ids in the order of `keys`. */
	let keyIds: string[]

	beforeEach(async () => {
		;[proxy, upstream] = await Promise.all([
			startProxy({}, adapter),
			startOpenAiUpstream({ keys: [...keys] }),
		])
		const input = { name: 'main', type: 'openai', baseUrl: upstream.url, keys }
		const { body } = await ask('POST', '/upstreams', input)
		id = body.id
		keyIds = body.added.map((key: { id: string }) => key.id)
	})
	afterEach(() => Promise.all([proxy.close(), upstream.close()]))

	const ask = (method: string, path: string, body?: unknown, headers?: Record<string, string>) =>
		askAdmin(proxy, method, path, body, headers)
	const readUpstream = async () => (await ask('GET', `/upstreams/${id}`)).body.upstream
	const readKey = async (index: number) =>
		(await readUpstream()).keys.find((key: { id: string }) => key.id === keyIds[index])
	const usedKeys = async (requests = 1) => {
		upstream.requests.splice(0)
		await proxy.settle()
		for (let request = 0; request < requests; request++) await call(proxy)
		await proxy.services.config.flush()
		await proxy.settle()
		return upstream.requests.map(({ key }) => key)
	}

	test('keys are added, and those that are known are told apart', async () => {
		const other = await ask('POST', '/upstreams', { name: 'other', type: 'openai', baseUrl: upstream.url })
		const path = `/upstreams/${other.body.id}/keys`
		const added = await ask('POST', path, {
			keys: ['sk-new-key-0123456789ab', 'sk-new-key-0123456789ab', first],
		})
		expect(added.body).toMatchObject({
			added: [{ mask: 'sk-…89ab' }, { mask: 'sk-…6789' }],
			duplicates: [{ mask: 'sk-…89ab' }],
			elsewhere: [{ mask: 'sk-…6789', upstreamId: id, upstreamName: 'main' }],
		})
		expect(added.headers.get('etag')).toBe(`"${added.body.revision}"`)
		const again = await ask('POST', path, { keys: [first] })
		expect(again.body).toMatchObject({
			revision: added.body.revision,
			added: [],
			duplicates: [{ mask: 'sk-…6789' }],
		})
	})

	test('keys are judged without being stored', async () => {
		const judged = await ask('POST', '/keys/judge', {
			upstreamId: id,
			keys: [first, 'sk-ant-api03-abcdefghijkl', 'sk-ant-api03-abcdefghijkl'],
		})
		expect(judged.body.keys).toMatchObject([
			{ mask: 'sk-…6789', verdict: 'duplicate', upstreamName: 'main' },
			{ verdict: 'new', looksLike: 'Anthropic' },
			{ verdict: 'duplicate' },
		])
		const elsewhere = await ask('POST', '/keys/judge', { keys: [first] })
		expect(elsewhere.body.keys).toMatchObject([{ verdict: 'elsewhere', upstreamName: 'main' }])
		expect((await readUpstream()).keys).toHaveLength(3)
	})

	test('a paused key is not used by the very next request, a resumed one is', async () => {
		await ask('PATCH', `/keys/${keyIds[0]}`, { enabled: false })
		expect(await readKey(0)).toMatchObject({ enabled: false, state: 'paused' })
		expect(await usedKeys()).toEqual([second])
		await ask('PATCH', `/keys/${keyIds[0]}`, { enabled: true })
		expect(await usedKeys()).toEqual([first])
	})

	test('keys are tried in the order that was set, and not at all once removed', async () => {
		await ask('PUT', `/upstreams/${id}/keys/order`, { ids: [keyIds[2]] })
		expect(await usedKeys()).toEqual([third])
		await ask('DELETE', `/keys/${keyIds[2]}`)
		expect(await usedKeys()).toEqual([first])
		expect((await readUpstream()).keys).toHaveLength(2)
	})

	test('a key that cools says why and until when, and is used again once cleared', async () => {
		upstream.keyFaults.set(first, { status: 401, body: { error: { message: 'bad key' } }, headers: {} })
		await usedKeys()
		upstream.keyFaults.clear()
		const cooling = await readKey(0)
		expect(cooling).toMatchObject({
			state: 'cooling',
			scopes: [
				{ scope: '', streak: 1, failTotal: 1, lastStatus: 401, lastClass: 'auth', lastError: 'bad key' },
			],
		})
		expect(cooling.cooldownUntil).toBe(cooling.scopes[0].cooldownUntil)
		expect(await readUpstream()).toMatchObject({ state: 'degraded', current: true })
		expect(await usedKeys()).toEqual([second])
		const cleared = await ask('POST', `/keys/${keyIds[0]}/clear`, {})
		expect(cleared.body).toEqual({ cleared: [''] })
		expect(await usedKeys()).toEqual([first])
		expect(await readKey(0)).toMatchObject({ state: 'ready', cooldownUntil: 0 })
		const { events } = (await ask('GET', `/keys/${keyIds[0]}/events`)).body
		expect(events).toMatchObject([
			{ kind: 'cleared', author: 'web' },
			{ kind: 'failed', class: 'auth', status: 401, message: 'bad key' },
		])
		expect((await ask('GET', `/keys/${keyIds[0]}/events?limit=1`)).body.events).toHaveLength(1)
	})

	test('only the named scope is cleared', async () => {
		upstream.keyFaults.set(first, tooFast)
		await usedKeys()
		expect(await readKey(0)).toMatchObject({ state: 'ready', scopes: [{ scope: 'gpt-4o', streak: 1 }] })
		const clear = (scope: string) => ask('POST', `/keys/${keyIds[0]}/clear`, { scope })
		expect((await clear('another-model')).body).toEqual({ cleared: [] })
		expect((await clear('gpt-4o')).body).toEqual({ cleared: ['gpt-4o'] })
	})

	test('a demoted key says so, and can be put back', async () => {
		upstream.keyFaults.set(first, usedUp)
		await usedKeys()
		upstream.keyFaults.clear()
		expect(await readKey(0)).toMatchObject({ demoted: true, state: 'cooling' })
		const shown = (await readUpstream()).keys.map((key: { id: string }) => key.id)
		expect(shown).toEqual([keyIds[1], keyIds[2], keyIds[0]])
		expect((await ask('POST', `/keys/${keyIds[0]}/undo-demotion`)).body).toEqual({ moved: true })
		expect(await readKey(0)).toMatchObject({ demoted: false })
		await ask('POST', `/keys/${keyIds[0]}/clear`, {})
		expect(await usedKeys()).toEqual([first])
		expect((await ask('GET', '/revisions')).body.total).toBe(1)
		expect((await ask('POST', `/keys/${keyIds[1]}/undo-demotion`)).status).toBe(404)
	})

	test('the last use of a key is told', async () => {
		expect(await readKey(0)).toMatchObject({ lastUsedAt: 0 })
		// Ages are sent, and rounded to whole milliseconds on their way.
		const before = Date.now() - 10
		await usedKeys()
		await proxy.services.requestLog.flush()
		expect((await readKey(0)).lastUsedAt).toBeGreaterThanOrEqual(before)
	})

	test('a purged key is gone from every revision: no restore brings it back', async () => {
		await ask('DELETE', `/keys/${keyIds[0]}`)
		const purged = await ask('POST', `/keys/${keyIds[0]}/purge`)
		expect(purged.body).toMatchObject({
			revision: 3,
			places: [{ mask: 'sk-…6789', wasInUse: false, revisions: 1 }],
		})
		const restored = await ask('POST', '/revisions/1/restore', {})
		expect(restored.body.warnings).toHaveLength(1)
		expect((await readUpstream()).keys.map((key: { id: string }) => key.id)).toEqual([keyIds[1], keyIds[2]])
	})

	test('with the revision that it was based on, a late change is a conflict', async () => {
		const base = { 'if-match': '"1"' }
		expect((await ask('PATCH', `/keys/${keyIds[0]}`, { enabled: false }, base)).status).toBe(200)
		const late = await ask('DELETE', `/keys/${keyIds[0]}`, undefined, base)
		expect(late).toMatchObject({
			status: 409,
			body: { error: { code: 'conflict', theirs: [{ kind: 'key-disabled', keyId: keyIds[0] }] } },
		})
		expect(await readKey(0)).toMatchObject({ state: 'paused' })
	})

	test.each([
		['no keys', 'POST', 'upstream/keys', { keys: [] }, 'keys'],
		['a key of two lines', 'POST', 'upstream/keys', { keys: ['sk-a', 'sk-b\nsk-c'] }, 'keys.1'],
		['a key that is a number', 'POST', 'upstream/keys', { keys: [7] }, 'keys.0'],
		['an unknown field', 'POST', 'upstream/keys', { key: 'sk-a' }, 'keys'],
		['a state that is text', 'PATCH', 'key', { enabled: 'no' }, 'enabled'],
		['an order by numbers', 'PUT', 'upstream/keys/order', { ids: [0] }, 'ids.0'],
		['a limit of none', 'GET', 'key/events?limit=0', undefined, 'limit'],
		['a scope that is a number', 'POST', 'key/clear', { scope: 1 }, 'scope'],
	])('%s is refused by its name, and nothing is written', async (_, method, path, body, field) => {
		const place = path.replace(/^upstream/, `upstreams/${id}`).replace(/^key(?=\/|$)/, `keys/${keyIds[0]}`)
		const refused = await ask(method, `/${place}`, body)
		expect(refused).toMatchObject({ status: 400, body: { error: { code: 'invalid' } } })
		expect(refused.body.error.fields[0].path).toBe(field)
		expect((await proxy.repository.read()).revision).toBe(1)
	})

	test.each([
		['PATCH', '/keys/key_gone', { enabled: true }],
		['DELETE', '/keys/key_gone', undefined],
		['POST', '/keys/key_gone/clear', {}],
		['GET', '/keys/key_gone/events', undefined],
		['POST', '/keys/key_gone/undo-demotion', undefined],
		['POST', '/keys/key_gone/purge', undefined],
		['POST', '/upstreams/up_gone/keys', { keys: [first] }],
		['PUT', '/upstreams/up_gone/keys/order', { ids: [] }],
	])('%s %s is a 404', async (method, path, body) => {
		const missing = await ask(method, path, body)
		expect(missing).toMatchObject({ status: 404, body: { error: { code: 'not-found' } } })
	})
})
