import { afterEach, beforeEach, expect, test } from 'vitest'
import { createConfigStore, createKeyRing, openDatabase } from '../db/index.ts'
import { loadEnvironment } from './environment.ts'
import { type CliFolder, createCliFolder } from './test-support/cli-folder.ts'

let folder: CliFolder
beforeEach(async () => {
	folder = createCliFolder()
	await folder.run('add', 'main', 'openai', 'https://api.openai.com')
	await folder.run('add', 'other', 'claude', 'https://api.anthropic.com')
	await learn('main')
})
afterEach(() => folder.remove())

/** What the proxy does when a repaired request was taken. */
async function learn(name: string) {
	const { environment } = await loadEnvironment()
	const database = await openDatabase({ url: environment.TURSO_DATABASE_URL })
	const store = createConfigStore({ database, keyRing: createKeyRing(environment.ENCRYPTION_KEY) })
	const { upstreams } = await store.current()
	const { id } = upstreams.find(upstream => upstream.name === name)!
	store.learnedFacts.remember(id, 'qwen-max', [{ kind: 'token-field', field: 'max_tokens' }])
	store.learnedFacts.remember(id, 'qwen\n-long', [{ kind: 'no-media', media: 'image' }])
	await store.flush()
	database.close()
}

test('show --verbose shows what was learned, one line each, and show alone does not', async () => {
	const { stdout } = await folder.run('show', 'main', '--verbose')
	expect(stdout).toMatch(/learned +qwen .?-long: the upstream reads no images \(7 days left\)\n/)
	expect(stdout).toContain('qwen-max: the upstream wants max_tokens (7 days left)\n')
	expect((await folder.run('show', 'other', '--verbose')).stdout).toMatch(/learned +nothing/)
	expect((await folder.run('show', 'main')).stdout).not.toContain('learned')
})

test('show --verbose --json gives the facts', async () => {
	const all = { learned: [{ model: 'qwen\n-long' }, { model: 'qwen-max' }] }
	expect(await folder.data('show', 'main', '--verbose')).toMatchObject(all)
	expect((await folder.data('show', '--verbose')).upstreams).toMatchObject([all, { learned: [] }])
	expect(await folder.data('show', 'main')).not.toHaveProperty('learned')
})

test('forget removes the facts of a model, or of the upstream, without a revision', async () => {
	const before = await folder.revision()
	expect(await folder.data('forget', 'main', 'qwen-max')).toMatchObject({ forgotten: 1, model: 'qwen-max' })
	expect((await folder.run('forget', 'main')).stdout).toContain('forgot 1 thing about the models of main')
	expect((await folder.run('forget', 'main')).stdout).toContain('nothing was learned of main')
	expect(await folder.revision()).toBe(before)
})

test('a model of which nothing was learned is named, and the nearest with it', async () => {
	const { code, stderr } = await folder.run('forget', 'main', 'qwen-mex')
	expect(code).toBe(3)
	expect(stderr).toContain('did you mean qwen-max?')
	expect((await folder.run('forget')).code).toBe(2)
	expect(await folder.data('forget', 'main')).toMatchObject({ forgotten: 2 })
})
