import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type ScriptedUpstream, startOpenAiUpstream } from '../test/support/upstreams/index.ts'
import { type CliFolder, createCliFolder } from './test-support/cli-folder.ts'

const good = 'sk-good-0123456789-good'
const bad = 'sk-bad-0123456789-badd'

let folder: CliFolder
let upstream: ScriptedUpstream
beforeEach(async () => {
	folder = createCliFolder()
	upstream = await startOpenAiUpstream({ keys: [good] })
	await add('main', good, bad)
})
afterEach(async () => {
	folder.remove()
	await upstream.close()
})

const add = (name: string, ...keys: string[]) =>
	folder.run(
		'add',
		name,
		'openai',
		upstream.url,
		'--model-map',
		'haiku=gpt-4o',
		...keys.flatMap(key => ['--key', key]),
	)
const results = async (...argv: string[]) => JSON.parse((await folder.run(...argv, '--json')).stdout)

describe('test', () => {
	test('tells how the current upstream answers', async () => {
		const ended = await folder.run('test')
		expect(ended).toMatchObject({ code: 0, stderr: '' })
		const [head, row, , called] = ended.stdout.split('\n')
		expect(head).toMatch(/^NAME +RESULT +STATUS +CONNECT +FIRST BYTE +TOTAL +KEY +MODEL$/)
		expect(row).toMatch(/^main +ok +200 +\d+ ms +\d+ ms +\d+ ms +sk-…good +gpt-4o$/)
		expect(called).toBe(`called POST ${upstream.url}/v1/chat/completions`)
	})

	test('ends with 7 where one of several fails, tells each on the way, and says why', async () => {
		await add('other', bad)
		const ended = await folder.run('test', '--all')
		expect(ended.code).toBe(7)
		expect(ended.stdout).toMatch(/^main +ok .*\nother +auth +401 .*\n\nother Incorrect API key/m)
		expect(ended.stderr.split('\n').sort()).toEqual([
			'',
			expect.stringMatching(/^main: ok, \d+ ms$/),
			expect.stringMatching(/^other: auth, \d+ ms$/),
		])
		expect(ended.stdout + ended.stderr).not.toMatch(/0123456789/)
		expect(await results('test', 'other', 'main')).toMatchObject({
			ok: true,
			data: {
				ok: 1,
				failed: 1,
				notTested: 0,
				results: [{ upstreamName: 'other', class: 'auth' }, { ok: true }],
			},
		})
	})

	test('stops at the first failure when told to', async () => {
		await add('other', good)
		upstream.script({ fault: { status: 500, body: {} } })
		const ended = await folder.run('test', 'main', 'other', '--fail-fast')
		expect(ended).toMatchObject({ code: 7, stdout: expect.stringMatching(/\n1 not tested\n$/) })
		expect(upstream.requests).toHaveLength(1)
	})

	test('uses the key and the model that are asked for, and remembers nothing of them', async () => {
		const { data } = await results('test', 'main', '--key', '1', '--model', 'gpt-4o-mini')
		expect(data.results).toMatchObject([{ class: 'auth', model: 'gpt-4o-mini', keyMask: 'sk-…badd' }])
		expect(upstream.requests.map(({ key }) => key)).toEqual([bad])
		expect(await folder.data('key', 'main', 'list')).toMatchObject({
			keys: [{ state: 'ready' }, { state: 'ready' }],
		})
	})

	test('leaves out those that are off, unless they are named', async () => {
		await folder.run('update', 'main', '--enabled', 'false')
		expect(await results('test', '--all')).toMatchObject({ data: { ok: 0, failed: 0, results: [] } })
		expect(await results('test', 'main')).toMatchObject({ data: { ok: 1 } })
	})

	test.each([
		[['test', 'nosuch'], 3, /no upstream "nosuch"/],
		[['test', 'main', '--all'], 2, /exclude each other/],
		[['test', 'main', '--key', 'nosuch-key'], 3, /no such key/],
		[['test', 'main', '--model', ''], 2, /name of a model/],
		[['models'], 2, /takes one upstream/],
		[['models', 'nosuch'], 3, /no upstream/],
	])('%j is refused', async (argv, code, words) => {
		expect(await folder.run(...argv)).toMatchObject({ code, stderr: expect.stringMatching(words) })
		expect(upstream.requests).toEqual([])
	})

	test('--key goes with one upstream', async () => {
		await add('other', good)
		expect(await folder.run('test', '--all', '--key', '0')).toMatchObject({ code: 2 })
	})

	test('works as a process of its own', async () => {
		const ended = await folder.spawn(['test', '--json'])
		expect(ended.code).toBe(0)
		expect(JSON.parse(ended.stdout)).toMatchObject({
			data: { ok: 1, results: [{ answeredModel: 'gpt-4o' }] },
		})
	})
})

describe('models', () => {
	test('lists what the upstream lists', async () => {
		expect(await folder.run('models', 'main')).toMatchObject({
			code: 0,
			stdout: expect.stringMatching(/^gpt-4o$/m),
		})
		expect(await results('models', 'main')).toMatchObject({ data: { upstream: 'main', source: 'upstream' } })
	})

	test('falls back to the model map', async () => {
		upstream.scriptRoute('models', { fault: { status: 404 } })
		const ended = await folder.run('models', 'main')
		expect(ended).toMatchObject({
			code: 0,
			stdout: 'gpt-4o\n',
			stderr: expect.stringMatching(/no list of models/),
		})
	})

	test('ends with 7 where the list cannot be had', async () => {
		await add('other', bad)
		const ended = await folder.run('models', 'other')
		expect(ended).toMatchObject({ code: 7, stderr: expect.stringMatching(/Incorrect API key/) })
		expect(ended.stderr).not.toContain(bad)
	})
})
