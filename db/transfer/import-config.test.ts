import { expect, test } from 'vitest'
import { createConfigRepository, createKeyRing, type Database, generateEncryptionKey } from '../index.ts'
import { failureStatements } from '../repositories/key-health.ts'
import { byCli, keyFailure, keyRing, upstreamInput } from '../test-support/samples.ts'
import { describeTargets } from '../test-support/targets.ts'

const [first, second, third] = ['a', 'b', 'c'].map(
	end => `sk-ant-api03-secret-0123456789-${end.repeat(4)}`,
) as [...[string, string, string]]
const seed = (upstream: object[], rest: object = {}) => JSON.stringify({ upstream, ...rest })
const openai = { baseUrl: 'https://api.openai.com', apiKeys: [first], serviceType: 'openai', name: 'main' }
const merge = { mode: 'merge' } as const
const replace = { mode: 'replace' } as const

describeTargets('importing and exporting the configuration', target => {
	async function start() {
		const database = await target.fresh()
		return { database, repository: createConfigRepository(database, keyRing) }
	}

	const secretsOf = async (database: Database, ring = keyRing) =>
		(await database.execute('SELECT id, secret FROM upstream_keys ORDER BY upstream_id, position')).map(row =>
			ring.open(String(row.secret), String(row.id)),
		)

	test('the original’s file becomes the configuration, in one revision', async () => {
		const { database, repository } = await start()
		const other = { ...openai, name: 'spare', apiKeys: [second, third], modelMapping: { opus: 'big' } }
		const file = seed([openai, other], { currentUpstream: 1, loadBalance: 'round-robin' })
		const dry = await repository.importConfig(file, { ...merge, dryRun: true })
		expect(dry).toMatchObject({ basedOn: 0, source: { format: 'seed', sealed: false }, warnings: [] })
		expect([dry.revision, (await repository.read()).revision]).toEqual([undefined, 0])
		const made = await repository.importConfig(file, merge)
		expect(made).toMatchObject({ revision: 1, review: { added: [{ name: 'main' }, { name: 'spare' }] } })
		const config = await repository.read()
		expect(config).toMatchObject({
			...{ revision: 1, strategy: 'round-robin', currentUpstreamId: config.upstreams[1]!.id },
			upstreams: [
				{ name: 'main', type: 'openai', keys: [{ readable: true }] },
				{ name: 'spare', modelMap: { opus: 'big' }, keys: [{ readable: true }, { readable: true }] },
			],
		})
		expect((await secretsOf(database)).sort()).toEqual([first, second, third].sort())
		const { revisions } = await repository.listRevisions()
		expect(revisions).toMatchObject([
			{ author: 'import', message: 'Imported a config.json: upstreams 2 added' },
		])
		expect(JSON.stringify([made, revisions])).not.toContain('secret')
	})

	test('importing the same file again changes nothing, in either mode', async () => {
		const { repository } = await start()
		const file = seed([openai, { ...openai, name: undefined, apiKeys: [second] }], { currentUpstream: 0 })
		await repository.importConfig(file, merge)
		for (const mode of ['merge', 'replace'] as const) {
			const { documents } = await exportAll(repository)
			for (const text of [file, ...documents]) {
				const again = await repository.importConfig(text, { mode, passphrase: 'correct horse' })
				expect(again).toMatchObject({
					basedOn: 1,
					review: { added: [], changed: [], removed: [], settings: [] },
				})
				expect(again.review.unchanged).toMatchObject([{ keyCount: 1 }, { keyCount: 1 }])
				expect(again.revision).toBeUndefined()
			}
		}
		expect((await repository.read()).revision).toBe(1)
	})

	test('merging adds and changes what the file names, and removes nothing', async () => {
		const { database, repository } = await start()
		const { id } = await repository.addUpstream({ ...upstreamInput('MAIN'), timeoutMs: 5 }, byCli, [
			second,
			first,
		])
		const other = await repository.addUpstream(upstreamInput('other'), byCli, [third])
		const [paused] = (await repository.read()).upstreams[0]!.keys
		await repository.setKeyEnabled(paused!.id, false, byCli)
		const file = seed([{ ...openai, apiKeys: [third, first, second] }], { loadBalance: 'random' })
		const { review, warnings } = await repository.importConfig(file, merge)
		expect(review).toMatchObject({
			...{ added: [], removed: [], unchanged: [{ name: 'other' }] },
			changed: [
				{
					...{ upstreamId: id, name: 'MAIN', keyCount: 3 },
					changes: [
						{ kind: 'upstream-changed', fields: { name: { from: 'MAIN', to: 'main' }, baseUrl: {} } },
						{ kind: 'keys-added', keys: [{ mask: 'sk-ant-api03-…cccc' }] },
					],
				},
			],
			settings: [{ kind: 'strategy-changed', to: 'random' }],
		})
		expect(warnings).toEqual([
			'upstream[0].baseUrl: the keys that MAIN has will be sent to api.openai.com, not to api.example.com',
			'key sk-ant-api03-…cccc of main is also a key of other',
		])
		const config = await repository.read()
		expect(config.upstreams.map(upstream => upstream.id)).toEqual([id, other.id])
		expect(config.upstreams[0]).toMatchObject({ timeoutMs: 5, keys: [{ enabled: false }, {}, {}] })
		expect(await secretsOf(database)).toEqual(expect.arrayContaining([second, first, third, third]))
	})

	test('replacing leaves exactly the file, and keys that stay keep their health', async () => {
		const { database, repository } = await start()
		await repository.addUpstream({ ...upstreamInput('gone'), extraHeaders: { 'x-a': 'b' } }, byCli, [third])
		const { id } = await repository.addUpstream({ ...upstreamInput('main'), timeoutMs: 5 }, byCli, [
			first,
			second,
		])
		const keys = (await repository.read()).upstreams[1]!.keys
		await database.batch(failureStatements(keyFailure(keys[1]!.id), 0))
		await repository.setKeyEnabled(keys[1]!.id, false, byCli)
		const file = seed(
			[
				{ ...openai, name: 'new' },
				{ ...openai, apiKeys: [second] },
			],
			{ currentUpstream: 1 },
		)
		const { review } = await repository.importConfig(file, replace)
		expect(review).toMatchObject({
			...{ added: [{ name: 'new' }], removed: [{ name: 'gone' }], unchanged: [] },
			changed: [{ name: 'main', changes: [{ fields: { timeoutMs: { from: 5, to: 0 } } }, {}, {}] }],
			settings: [
				{ kind: 'upstreams-reordered' },
				{ kind: 'current-changed', fromName: 'gone', toName: 'main' },
			],
		})
		const config = await repository.read()
		expect(config.upstreams.map(({ name }) => name)).toEqual(['new', 'main'])
		expect(config.currentUpstreamId).toBe(id)
		expect(config.upstreams[1]!.keys).toMatchObject([
			{ id: keys[1]!.id, enabled: true, state: [{ failTotal: 1 }] },
		])
	})

	test('names may be swapped between upstreams, and ids say which is which', async () => {
		const { repository } = await start()
		const a = await repository.addUpstream(upstreamInput('a'), byCli, [first])
		const b = await repository.addUpstream(upstreamInput('b'), byCli, [second])
		const { document } = await repository.exportConfig({ format: 'claude-proxy', keys: 'plain' })
		await repository.updateUpstream(a.id, { name: 'x' }, byCli)
		await repository.updateUpstream(b.id, { name: 'a' }, byCli)
		await repository.updateUpstream(a.id, { name: 'b' }, byCli)
		await repository.importConfig(document, replace)
		const { upstreams } = await repository.read()
		expect(upstreams).toMatchObject([
			{ id: a.id, name: 'a', keys: [{ id: a.added[0]!.id }] },
			{ id: b.id, name: 'b', keys: [{ id: b.added[0]!.id }] },
		])
	})

	test('a file without keys keeps the keys there are, and says where none are', async () => {
		const { repository } = await start()
		const proxyUrl = 'http://user:swordfish@proxy.example:8080'
		const input = { ...upstreamInput('main'), proxyUrl, extraHeaders: { 'x-team': 'swordfish', 'x-b': 'c' } }
		await repository.addUpstream(input, byCli, [first, second])
		const { document, keyCount } = await repository.exportConfig({ format: 'claude-proxy', keys: 'none' })
		expect(keyCount).toBe(2)
		expect(document).not.toMatch(/swordfish|secret/)
		const before = await repository.read()
		await repository.addKeys(before.upstreams[0]!.id, [third], byCli)
		await repository.updateUpstream(before.upstreams[0]!.id, { description: 'changed' }, byCli)
		const { warnings, review } = await repository.importConfig(document, replace)
		expect({ warnings, changed: review.changed[0]?.changes }).toEqual({
			warnings: [],
			changed: [expect.objectContaining({ fields: { description: { from: 'changed', to: '' } } })],
		})
		const { upstreams } = await repository.read()
		expect(upstreams[0]).toMatchObject({ proxyUrl, extraHeaders: input.extraHeaders, keys: [{}, {}, {}] })

		const empty = createConfigRepository(await target.fresh(), keyRing)
		const made = await empty.importConfig(document, merge)
		expect(made.warnings).toEqual([
			'upstreams[0].proxyUrl: the file does not tell its password or key: set it by hand',
			'upstreams[0].extraHeaders: the file does not tell the value of x-team: set it by hand',
			'upstreams[0].extraHeaders: the file does not tell the value of x-b: set it by hand',
			'upstreams[0]: key sk-ant-api03-…aaaa of main is not in the file: add it by hand',
			'upstreams[0]: key sk-ant-api03-…bbbb of main is not in the file: add it by hand',
			'main is current then, and has no key in use',
		])
		expect((await empty.read()).upstreams).toMatchObject([
			{ proxyUrl: 'http://proxy.example:8080', extraHeaders: {}, keys: [] },
		])
	})

	test('a file that sends a hidden password to another host does not get it', async () => {
		const { repository } = await start()
		const baseUrl = 'https://user:swordfish@a.example/v1?key=swordfish&b=1'
		const { id } = await repository.addUpstream({ ...upstreamInput('main'), baseUrl }, byCli)
		const { document } = await repository.exportConfig({ format: 'claude-proxy', keys: 'none' })
		expect(document).toContain('https://••••@a.example/v1?key=••••&b=1')
		const { warnings } = await repository.importConfig(
			document.replaceAll('a.example', 'evil.example'),
			merge,
		)
		expect(warnings[0]).toMatch(/baseUrl: the file does not tell/)
		const read = async () => (await repository.read()).upstreams.find(upstream => upstream.id === id)?.baseUrl
		expect(await read()).toBe('https://evil.example/v1?b=1')
	})

	test('keys that nothing opens any more are brought back by a file that has them', async () => {
		const { database, repository } = await start()
		await repository.addUpstream(upstreamInput('main'), byCli, [first, second])
		const { document } = await repository.exportConfig({ format: 'claude-proxy', keys: 'plain' })
		const ring = createKeyRing(generateEncryptionKey())
		const lost = createConfigRepository(database, ring)
		const before = (await lost.read()).upstreams[0]!.keys
		expect(before.map(({ readable }) => readable)).toEqual([false, false])
		const exported = await lost.exportConfig({ format: 'claude-proxy', keys: 'plain' })
		expect(exported.warnings).toHaveLength(2)
		const { review, revision } = await lost.importConfig(document, merge)
		expect(review.changed).toMatchObject([{ changes: [{ kind: 'keys-added', keys: [{}, {}] }] }])
		expect(revision).toBe(2)
		const after = (await lost.read()).upstreams[0]!.keys
		expect(after.map(({ id, readable }) => ({ id, readable }))).toEqual(
			before.map(({ id }) => ({ id, readable: true })),
		)
		expect(await secretsOf(database, ring)).toEqual([first, second])
		expect(await lost.importConfig(document, merge)).not.toHaveProperty('revision')
	})

	test('what was looked at is what is imported, or it is a conflict', async () => {
		const { repository } = await start()
		const { basedOn } = await repository.importConfig(seed([openai]), { ...merge, dryRun: true })
		await repository.addUpstream(upstreamInput('other'), byCli)
		const options = { ...merge, expectedRevision: basedOn }
		await expect(repository.importConfig(seed([openai]), options)).rejects.toMatchObject({ code: 'conflict' })
		expect((await repository.read()).upstreams.map(({ name }) => name)).toEqual(['other'])
	})

	test('a file that does not fit changes nothing', async () => {
		const { repository } = await start()
		const file = seed([openai, { ...openai, name: 'b', baseUrl: 'nowhere' }])
		await expect(repository.importConfig(file, replace)).rejects.toMatchObject({
			...{ code: 'invalid', refusal: 'document' },
			problems: [{ path: 'upstream[1].baseUrl', message: 'must be an http:// or https:// URL' }],
		})
		expect((await repository.read()).revision).toBe(0)
	})
})

async function exportAll(repository: ReturnType<typeof createConfigRepository>) {
	const options = [
		{ format: 'claude-proxy', keys: 'none' },
		{ format: 'claude-proxy', keys: 'plain' },
		{ format: 'claude-proxy', keys: 'sealed', passphrase: 'correct horse' },
		{ format: 'seed', keys: 'plain' },
	] as const
	const exported = await Promise.all(options.map(each => repository.exportConfig(each)))
	return { documents: exported.map(({ document }) => document) }
}
