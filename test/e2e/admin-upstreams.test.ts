import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { upstreamTypes } from '../../core/upstreams/registry.ts'
import { askAdmin } from '../support/admin.ts'
import { call } from '../support/call.ts'
import { startProxy, type TestProxy } from '../support/proxy.ts'
import { startOpenAiUpstream } from '../support/upstreams/index.ts'

const key = 'sk-test-0123456789abcdef'
const input = { name: 'kimi', type: 'openai', baseUrl: 'https://api.example.com' }

describe.each(['node', 'fetch'] as const)('over the %s adapter', adapter => {
	let proxy: TestProxy
	beforeEach(async () => {
		proxy = await startProxy({}, adapter)
	})
	afterEach(() => proxy.close())

	const ask = (method: string, path: string, body?: unknown, headers?: Record<string, string>) =>
		askAdmin(proxy, method, path, body, headers)
	const add = async (fields: object = {}) =>
		(await ask('POST', '/upstreams', { ...input, ...fields })).body.id
	const read = async (id: string) => (await ask('GET', `/upstreams/${id}`)).body.upstream

	test('an upstream is added with keys, and shown with what will be called', async () => {
		const added = await ask('POST', '/upstreams', { ...input, keys: [key, key] })
		expect(added.status).toBe(201)
		expect(added.body).toMatchObject({
			revision: 1,
			added: [{ mask: 'sk-…cdef' }],
			duplicates: [{ mask: 'sk-…cdef' }],
		})
		expect(added.headers.get('etag')).toBe('"1"')
		const listed = await ask('GET', '/upstreams')
		expect(listed.body).toMatchObject({
			revision: 1,
			strategy: 'failover',
			currentUpstreamId: added.body.id,
			upstreams: [
				{
					...{ ...input, id: added.body.id, current: true, state: 'current', timeoutMs: 0, enabled: true },
					calls: 'https://api.example.com/v1/chat/completions',
					keys: [{ id: added.body.added[0].id, mask: 'sk-…cdef', state: 'ready', enabled: true, scopes: [] }],
				},
			],
		})
		expect(await read(added.body.id)).toEqual(listed.body.upstreams[0])
		expect(listed.headers.get('cache-control')).toBe('no-store')
	})

	test('the next request goes where a change says', async () => {
		const [first, second] = await Promise.all([startOpenAiUpstream(), startOpenAiUpstream()])
		try {
			await add({ baseUrl: first.url, keys: [key] })
			await proxy.settle()
			expect((await call(proxy)).status).toBe(200)
			const id = await add({ name: 'second', baseUrl: second.url, keys: [key], makeCurrent: true })
			expect((await ask('GET', '/upstreams')).body.currentUpstreamId).toBe(id)
			await proxy.settle()
			await call(proxy)
			expect([first.requests.length, second.requests.length]).toEqual([1, 1])
			const [{ id: firstId }] = (await ask('GET', '/upstreams')).body.upstreams
			expect((await ask('PUT', '/current', { upstreamId: firstId })).status).toBe(200)
			await proxy.settle()
			await call(proxy)
			expect([first.requests.length, second.requests.length]).toEqual([2, 1])
		} finally {
			await Promise.all([first.close(), second.close()])
		}
	})

	test('a patch changes what it names, and what was hidden stays when it comes back as shown', async () => {
		const id = await add({
			extraHeaders: { 'x-team': 'blue-secret', 'x-old': 'old-secret' },
			proxyUrl: 'http://me:proxy-secret@127.0.0.1:3128',
			baseUrl: 'https://user:url-secret@api.example.com',
			timeoutMs: 5000,
		})
		const shown = await read(id)
		expect(shown).toMatchObject({
			extraHeaders: { 'x-team': '••••', 'x-old': '••••' },
			proxyUrl: 'http://••••@127.0.0.1:3128',
			baseUrl: 'https://••••@api.example.com',
		})
		const { baseUrl, proxyUrl } = shown
		const extraHeaders = { 'x-team': '••••', 'x-new': 'new-secret' }
		const changed = await ask('PATCH', `/upstreams/${id}`, {
			name: 'kimi 2',
			baseUrl,
			proxyUrl,
			extraHeaders,
		})
		expect(changed).toMatchObject({ status: 200, body: { revision: 2 } })
		const [stored] = (await proxy.repository.read()).upstreams
		expect(stored).toMatchObject({
			...{ name: 'kimi 2', timeoutMs: 5000 },
			extraHeaders: { 'x-team': 'blue-secret', 'x-new': 'new-secret' },
			proxyUrl: 'http://me:proxy-secret@127.0.0.1:3128',
			baseUrl: 'https://user:url-secret@api.example.com',
		})
		expect(Object.keys(stored?.extraHeaders ?? {})).toEqual(['x-team', 'x-new'])
	})

	test('a hidden part is never kept for another URL, nor a header that is not stored', async () => {
		const id = await add({ proxyUrl: 'http://me:secret@127.0.0.1:3128' })
		const moved = await ask('PATCH', `/upstreams/${id}`, {
			proxyUrl: 'http://••••@evil.example:3128',
			extraHeaders: { 'x-team': '••••' },
		})
		expect(moved).toMatchObject({ status: 400, body: { error: { code: 'invalid' } } })
		const paths = moved.body.error.fields.map(({ path }: { path: string }) => path)
		expect(paths).toEqual(['proxyUrl', 'extraHeaders.x-team'])
		expect((await proxy.repository.read()).revision).toBe(1)
	})

	test('upstreams are ordered and removed', async () => {
		const ids = [await add({ name: 'a' }), await add({ name: 'b' }), await add({ name: 'c' })]
		await ask('PUT', '/upstreams/order', { ids: [ids[2], ids[0]] })
		const listed = async () =>
			(await ask('GET', '/upstreams')).body.upstreams.map(({ name }: { name: string }) => name)
		expect(await listed()).toEqual(['c', 'a', 'b'])
		expect((await ask('DELETE', `/upstreams/${ids[0]}`)).body).toEqual({ revision: 5 })
		expect(await listed()).toEqual(['c', 'b'])
		expect((await ask('GET', '/upstreams')).body.currentUpstreamId).toBeNull()
		expect((await ask('GET', `/upstreams/${ids[0]}`)).status).toBe(404)
	})

	test('the strategy and the settings are the same thing', async () => {
		expect((await ask('PUT', '/strategy', { strategy: 'random' })).body).toEqual({ revision: 1 })
		const { body } = await ask('GET', '/settings')
		expect(body).toMatchObject({ revision: 1, settings: { strategy: 'random' } })
		expect((await ask('PATCH', '/settings', {})).body).toEqual({ revision: 1 })
		await ask('PATCH', '/settings', { strategy: 'round-robin' })
		expect((await ask('GET', '/upstreams')).body.strategy).toBe('round-robin')
	})

	test('of two editors of one upstream the slower one is told what the other changed', async () => {
		const id = await add()
		const [{ revision }, path] = [(await ask('GET', '/upstreams')).body, `/upstreams/${id}`]
		const base = { 'if-match': `"${revision}"` }
		const answers = await Promise.all([
			ask('PATCH', path, { timeoutMs: 1000 }, base),
			ask('PATCH', path, { timeoutMs: 2000 }, base),
		])
		expect(answers.map(({ status }) => status).sort()).toEqual([200, 409])
		const lost = answers.find(({ status }) => status === 409)
		const won = answers.find(({ status }) => status === 200)
		const { timeoutMs } = await read(id)
		expect(lost?.body.error).toMatchObject({
			...{ code: 'conflict', expectedRevision: revision, currentRevision: won?.body.revision },
			theirs: [
				{ kind: 'upstream-changed', upstreamId: id, fields: { timeoutMs: { from: 0, to: timeoutMs } } },
			],
		})
		const again = { 'if-match': `"${lost?.body.error.currentRevision}"` }
		expect((await ask('PATCH', path, { timeoutMs: 3000 }, again)).status).toBe(200)
	})

	test('without a revision both editors of different fields land, hidden values included', async () => {
		const id = await add({ extraHeaders: { 'x-team': 'blue-secret' } })
		const answers = await Promise.all([
			ask('PATCH', `/upstreams/${id}`, { timeoutMs: 1000 }),
			ask('PATCH', `/upstreams/${id}`, { description: 'mine' }),
			ask('PATCH', `/upstreams/${id}`, { extraHeaders: { 'x-team': '••••', 'x-more': '1' } }),
		])
		expect(answers.map(({ status }) => status)).toEqual([200, 200, 200])
		expect((await proxy.repository.read()).upstreams[0]).toMatchObject({
			...{ timeoutMs: 1000, description: 'mine', extraHeaders: { 'x-team': 'blue-secret', 'x-more': '1' } },
		})
	})

	test('a message becomes the revision’s', async () => {
		await ask('POST', '/upstreams', input, { 'x-change-message': encodeURIComponent('第一个 channel') })
		const { revisions } = (await ask('GET', '/revisions')).body
		expect(revisions).toMatchObject([{ revision: 1, author: 'web', message: '第一个 channel' }])
	})

	const many = (length: number, text = 'x') => Array.from({ length }, (_, index) => `${text}${index}`)
	test.each([
		['a field that is missing', 'POST', '/upstreams', { name: 'a', type: 'openai' }, 'baseUrl'],
		['a field that is unknown', 'POST', '/upstreams', { ...input, colour: 'red' }, ''],
		['an unknown type', 'POST', '/upstreams', { ...input, type: 'telex' }, 'type'],
		['no URL', 'POST', '/upstreams', { ...input, baseUrl: 'example.com' }, 'baseUrl'],
		['a key with a blank', 'POST', '/upstreams', { ...input, keys: [key, 'two words'] }, 'keys.1'],
		['too many keys', 'POST', '/upstreams', { ...input, keys: many(1001, 'sk-') }, 'keys'],
		[
			'a header that frames',
			'PATCH',
			'own',
			{ extraHeaders: { 'content-length': '1' } },
			'extraHeaders.content-length',
		],
		['a header of two lines', 'PATCH', 'own', { extraHeaders: { 'x-a': 'a\nb' } }, 'extraHeaders.x-a'],
		['a negative time', 'PATCH', 'own', { timeoutMs: -1 }, 'timeoutMs'],
		['an unknown field of a patch', 'PATCH', 'own', { baseURL: 'https://x.example' }, ''],
		['an id that is none', 'DELETE', '/upstreams/0', undefined, 'id'],
		['ids that are none', 'PUT', '/upstreams/order', { ids: ['kimi'] }, 'ids.0'],
		['no upstream', 'PUT', '/current', {}, 'upstreamId'],
		['an unknown strategy', 'PUT', '/strategy', { strategy: 'best' }, 'strategy'],
		['an unknown setting', 'PATCH', '/settings', { colour: 'red' }, ''],
		['a revision that is none', 'GET', '/revisions/last', undefined, 'revision'],
	])('%s is refused by its name, and nothing is written', async (_, method, path, body, field) => {
		const id = await add()
		const refused = await ask(method, path === 'own' ? `/upstreams/${id}` : path, body)
		expect(refused.status).toBe(400)
		expect(refused.body.error).toMatchObject({ code: 'invalid', type: 'invalid_request_error' })
		expect(refused.body.error.fields.map((one: { path: string }) => one.path)).toEqual([field])
		expect((await proxy.repository.read()).revision).toBe(1)
	})

	test('refusals say what would do', async () => {
		const type = await ask('POST', '/upstreams', { ...input, type: 'telex' })
		expect(type.body.error.message).toBe(`type: must be one of ${upstreamTypes.join(', ')}`)
		const field = await ask('POST', '/upstreams', { ...input, colour: 'red' })
		expect(field.body.error.message).toContain('colour')
		await add()
		const taken = await ask('POST', '/upstreams', { ...input, name: 'KIMI' })
		expect(taken).toMatchObject({ status: 409, body: { error: { code: 'exists' } } })
		const gone = await ask('PUT', '/current', { upstreamId: 'up_gone' })
		expect(gone).toMatchObject({ status: 404, body: { error: { code: 'not-found' } } })
	})

	test.each(['{', '[]', '"text"', 'null'])('a body that is %s is refused', async body => {
		const refused = await ask('POST', '/upstreams', body)
		expect(refused).toMatchObject({ status: 400, body: { error: { code: 'invalid' } } })
	})
})
