import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { askAdmin } from '../support/admin.ts'
import { call } from '../support/call.ts'
import { startProxy, type TestProxy } from '../support/proxy.ts'
import { type ScriptedUpstream, startOpenAiUpstream } from '../support/upstreams/index.ts'

const keys = ['sk-first-key-0123456789', 'sk-second-key-012345678'] as const
const [first, second] = keys

describe.each(['node', 'fetch'] as const)('over the %s adapter', adapter => {
	let proxy: TestProxy
	let upstream: ScriptedUpstream
	let id: string

	/** 1 the upstream, 2 another name, 3 a header, 4 the first key gone. */
	beforeEach(async () => {
		;[proxy, upstream] = await Promise.all([
			startProxy({}, adapter),
			startOpenAiUpstream({ keys: [...keys] }),
		])
		const added = await ask('POST', '/upstreams', {
			name: 'main',
			type: 'openai',
			baseUrl: upstream.url,
			keys,
		})
		id = added.body.id
		await ask('PATCH', `/upstreams/${id}`, { name: 'renamed' })
		await ask('PATCH', `/upstreams/${id}`, { extraHeaders: { 'x-team': 'blue-secret' } })
		await ask('DELETE', `/keys/${added.body.added[0].id}`)
	})
	afterEach(() => Promise.all([proxy.close(), upstream.close()]))

	const ask = (method: string, path: string, body?: unknown, headers?: Record<string, string>) =>
		askAdmin(proxy, method, path, body, headers)
	const readMain = async () => (await ask('GET', `/upstreams/${id}`)).body.upstream

	test('revisions are listed by the page, newest first', async () => {
		const { body } = await ask('GET', '/revisions?limit=2')
		expect(body).toMatchObject({ kept: 4, total: 4, revisions: [{ revision: 4 }, { revision: 3 }] })
		expect(body.revisions[1].changes).toMatchObject([
			{ kind: 'upstream-changed', fields: { extraHeaders: { from: {}, to: { 'x-team': '••••' } } } },
		])
		const next = await ask('GET', '/revisions?limit=2&before=3')
		expect(next.body.revisions.map((one: { revision: number }) => one.revision)).toEqual([2, 1])
	})

	test('a revision shows the configuration that it holds, with masks only', async () => {
		const { body } = await ask('GET', '/revisions/1')
		expect(body).toMatchObject({
			revision: { revision: 1, author: 'web', pinned: false },
			config: {
				...{ revision: 1, currentUpstreamId: id },
				upstreams: [{ name: 'main', keys: [{ mask: 'sk-…6789' }, { mask: 'sk-…5678' }] }],
			},
		})
		const later = await ask('GET', '/revisions/3')
		expect(later.body.config.upstreams[0].extraHeaders).toEqual({ 'x-team': '••••' })
	})

	test('what leads from one to another is told, in either order', async () => {
		const diff = async (path: string) => (await ask('GET', `/revisions/${path}`)).body
		expect(await diff('2/diff')).toMatchObject({
			...{ from: 1, to: 2 },
			changes: [{ kind: 'upstream-changed', fields: { name: { from: 'main', to: 'renamed' } } }],
		})
		const kinds = async (path: string) => (await diff(path)).changes.map((one: { kind: string }) => one.kind)
		expect(await kinds('1/diff?against=previous')).toContain('upstream-added')
		expect(await kinds('2/diff?against=current')).toEqual(['upstream-changed', 'key-removed'])
		expect(await kinds('4/diff?against=2')).toEqual(await kinds('2/diff?against=4'))
	})

	test('a revision is pinned and given another message', async () => {
		const { body } = await ask('PATCH', '/revisions/2', { pinned: true, message: 'before the move' })
		expect(body.revision).toMatchObject({ revision: 2, pinned: true, message: 'before the move' })
		expect((await ask('PATCH', '/revisions/2', { pinned: false })).body.revision).toMatchObject({
			...{ pinned: false, message: 'before the move' },
		})
		expect((await ask('GET', '/revisions')).body.total).toBe(4)
	})

	test('a restore is looked at first, and then serves the very next request', async () => {
		await proxy.settle()
		await call(proxy)
		const dry = await ask('POST', '/revisions/1/restore', { dryRun: true })
		expect(dry.body.revision).toBeUndefined()
		expect(dry.body.changes.map((one: { kind: string }) => one.kind).sort()).toEqual(
			expect.arrayContaining(['keys-added', 'upstream-changed']),
		)
		expect(await readMain()).toMatchObject({ name: 'renamed' })
		const restored = await ask('POST', '/revisions/1/restore', {})
		expect(restored.body).toMatchObject({ revision: 5, warnings: [] })
		expect(restored.headers.get('etag')).toBe('"5"')
		expect(await readMain()).toMatchObject({ name: 'main', extraHeaders: {} })
		await proxy.settle()
		await call(proxy)
		expect(upstream.requests.map(({ key }) => key)).toEqual([second, first])
		const [newest] = (await ask('GET', '/revisions')).body.revisions
		expect(newest).toMatchObject({ revision: 5, restoredFrom: 1, author: 'web' })
		expect((await ask('POST', '/revisions/1/restore', {})).body).toEqual({ changes: [], warnings: [] })
	})

	test('a restore that was looked at before someone else’s change is a conflict', async () => {
		await ask('PUT', '/strategy', { strategy: 'random' })
		const late = await ask('POST', '/revisions/1/restore', {}, { 'if-match': '"4"' })
		expect(late).toMatchObject({
			status: 409,
			body: { error: { code: 'conflict', currentRevision: 5, theirs: [{ kind: 'strategy-changed' }] } },
		})
	})

	test.each([
		['GET', '/revisions?limit=0', undefined, 'limit'],
		['GET', '/revisions?limit=1000', undefined, 'limit'],
		['GET', '/revisions?page=2', undefined, ''],
		['GET', '/revisions/-1', undefined, 'revision'],
		['GET', '/revisions/2/diff?against=next', undefined, 'against'],
		['PATCH', '/revisions/2', { pinned: 'yes' }, 'pinned'],
		['PATCH', '/revisions/2', { message: '' }, 'message'],
		['PATCH', '/revisions/2', { message: 'x'.repeat(201) }, 'message'],
		['POST', '/revisions/2/restore', { dryrun: true }, ''],
	])('%s %s is refused by its name', async (method, path, body, field) => {
		const refused = await ask(method, path, body)
		expect(refused).toMatchObject({ status: 400, body: { error: { code: 'invalid' } } })
		expect(refused.body.error.fields[0].path).toBe(field)
		expect((await ask('GET', '/revisions')).body).toMatchObject({
			total: 4,
			revisions: [{ revision: 4 }, {}, { pinned: false }, {}],
		})
	})

	test.each([
		['GET', '/revisions/99', undefined],
		['GET', '/revisions/99/diff', undefined],
		['PATCH', '/revisions/99', { pinned: true }],
		['POST', '/revisions/99/restore', {}],
	])('%s %s is a 404', async (method, path, body) => {
		const missing = await ask(method, path, body)
		expect(missing).toMatchObject({ status: 404, body: { error: { code: 'not-found' } } })
	})
})
