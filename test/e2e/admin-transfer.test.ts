import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { askAdmin } from '../support/admin.ts'
import { call } from '../support/call.ts'
import { startProxy, type TestProxy } from '../support/proxy.ts'
import { type ScriptedUpstream, startOpenAiUpstream } from '../support/upstreams/index.ts'

const keys = ['sk-first-key-0123456789', 'sk-second-key-012345678'] as const
const passphrase = 'correct horse battery staple'

describe.each(['node', 'fetch'] as const)('over the %s adapter', adapter => {
	let proxy: TestProxy
	let other: TestProxy
	let upstream: ScriptedUpstream

	beforeEach(async () => {
		;[proxy, other, upstream] = await Promise.all([
			startProxy({}, adapter),
			startProxy({}, adapter),
			startOpenAiUpstream({ keys: [...keys] }),
		])
		await askAdmin(proxy, 'POST', '/upstreams', {
			...{ name: 'main', type: 'openai', baseUrl: upstream.url, keys },
			...{ extraHeaders: { 'x-team': 'header-secret' }, modelMap: { opus: 'gpt-4o' } },
		})
	})
	afterEach(() => Promise.all([proxy.close(), other.close(), upstream.close()]))

	const exportAs = (options: object) => askAdmin(proxy, 'POST', '/export', options)
	const importTo = (to: TestProxy, options: object, headers?: Record<string, string>) =>
		askAdmin(to, 'POST', '/import', { mode: 'merge', dryRun: false, ...options }, headers)

	test.each([
		['plain keys', { keys: 'plain' }, {}],
		['sealed keys', { keys: 'sealed', passphrase }, { passphrase }],
		['the original’s format', { keys: 'plain', format: 'seed' }, {}],
	])('an export with %s makes another proxy answer as this one', async (_, options, opening) => {
		const file = await exportAs(options)
		expect(file.status).toBe(200)
		expect(file.headers.get('content-disposition')).toMatch(/^attachment; filename="[\w.-]+\.json"$/)
		const imported = await importTo(other, { document: file.text, ...opening })
		expect(imported.body).toMatchObject({ revision: 1, review: { added: [{ name: 'main', keyCount: 2 }] } })
		await other.settle()
		expect((await call(other)).status).toBe(200)
		expect(upstream.requests.map(({ key }) => key)).toEqual([keys[0]])
	})

	test('an export without keys holds no secret, and says what it lacks', async () => {
		const file = await exportAs({ keys: 'none' })
		for (const secret of [...keys, 'header-secret']) expect(file.text).not.toContain(secret)
		const warnings = JSON.parse(decodeURIComponent(file.headers.get('x-claude-proxy-warnings') ?? ''))
		expect(warnings).toEqual(expect.any(Array))
		const sealed = await exportAs({ keys: 'sealed', passphrase })
		for (const secret of [...keys, 'header-secret', upstream.url]) expect(sealed.text).not.toContain(secret)
	})

	test('a dry run tells what it would do and does nothing', async () => {
		const { text: document } = await exportAs({ keys: 'plain' })
		await askAdmin(other, 'POST', '/upstreams', { name: 'old', type: 'claude', baseUrl: 'https://a.example' })
		const dry = await importTo(other, { document, mode: 'replace', dryRun: true })
		expect(dry.body).toMatchObject({
			...{ basedOn: 1, source: { format: 'claude-proxy', keys: 'plain', sealed: false } },
			review: { added: [{ name: 'main' }], changed: [], removed: [{ name: 'old' }], unchanged: [] },
		})
		expect(dry.body.revision).toBeUndefined()
		expect((await other.repository.read()).upstreams.map(({ name }) => name)).toEqual(['old'])
		const done = await importTo(other, { document, mode: 'replace' }, { 'if-match': '"1"' })
		expect(done.body).toMatchObject({ revision: 2, review: dry.body.review })
		expect(done.headers.get('etag')).toBe('"2"')
		expect((await other.repository.read()).upstreams.map(({ name }) => name)).toEqual(['main'])
		const [newest] = (await askAdmin(other, 'GET', '/revisions')).body.revisions
		expect(newest).toMatchObject({ author: 'import' })
		expect((await importTo(other, { document })).body.revision).toBeUndefined()
	})

	test('an import that was looked at before someone else’s change is a conflict', async () => {
		const { text: document } = await exportAs({ keys: 'plain' })
		await askAdmin(other, 'PUT', '/strategy', { strategy: 'random' })
		const late = await importTo(other, { document }, { 'if-match': '"0"' })
		expect(late).toMatchObject({ status: 409, body: { error: { code: 'conflict', currentRevision: 1 } } })
		expect((await other.repository.read()).upstreams).toEqual([])
	})

	test.each([
		['no JSON', { document: '{' }, 'document'],
		['nothing', { document: '' }, 'document'],
		['no file of ours', { document: '{"a":1}' }, 'document'],
		['no mode', { document: '{}', mode: 'both' }, 'mode'],
		['an unknown field', { document: '{}', force: true }, ''],
	])('a document that is %s is refused, and nothing is written', async (_, options, field) => {
		const refused = await importTo(other, options)
		expect(refused).toMatchObject({ status: 400, body: { error: { code: 'invalid' } } })
		expect(refused.body.error.fields[0].path).toMatch(new RegExp(`^${field}`))
		expect((await other.repository.read()).revision).toBe(0)
	})

	test('a wrong passphrase, and none, are refused by that name', async () => {
		const { text: document } = await exportAs({ keys: 'sealed', passphrase })
		for (const opening of [{}, { passphrase: 'wrong passphrase here' }]) {
			const refused = await importTo(other, { document, ...opening })
			expect(refused).toMatchObject({
				status: 400,
				body: { error: { code: 'invalid', fields: [{ path: 'passphrase' }] } },
			})
		}
	})

	test.each([
		['how the keys go', {}],
		['a format that is known', { keys: 'plain', format: 'xml' }],
		['a passphrase to seal with', { keys: 'sealed' }],
		['plain keys in the original’s format', { keys: 'none', format: 'seed' }],
	])('an export needs %s', async (_, options) => {
		expect(await exportAs(options)).toMatchObject({ status: 400, body: { error: { code: 'invalid' } } })
	})
})
