import { afterAll, beforeAll, expect, test } from 'vitest'
import { type HranaProcess, startHranaProcess } from '../test/support/hrana-server.ts'
import { type CliFolder, createCliFolder } from './test-support/cli-folder.ts'

let server: HranaProcess
let folder: CliFolder
beforeAll(async () => {
	server = await startHranaProcess()
	folder = createCliFolder({ TURSO_DATABASE_URL: server.url, TURSO_AUTH_TOKEN: server.token })
})
afterAll(async () => {
	folder.remove()
	await server.stop()
})

test('a database server is migrated when told to, and by nothing else', async () => {
	const refusal = {
		code: 5,
		stderr: expect.stringMatching(/schema 0, this version needs \d+\nhint: run: npm run db:migrate\n$/),
	}
	expect(await folder.run('add', 'kimi', 'claude', 'https://api.moonshot.cn/anthropic')).toMatchObject(
		refusal,
	)
	expect(await folder.data('db', 'status')).toMatchObject({ kind: 'remote', status: 'behind', version: 0 })
	expect(await folder.run('db', 'migrate')).toMatchObject({
		code: 0,
		stdout: expect.stringContaining('migrations applied'),
	})
	expect(await folder.run('db', 'migrate')).toMatchObject({
		code: 0,
		stdout: expect.stringContaining('was up to date'),
	})
	expect(await folder.run('add', 'kimi', 'claude', 'https://api.moonshot.cn/anthropic')).toMatchObject({
		code: 0,
	})
	expect(await folder.data('list')).toMatchObject({
		revision: 1,
		upstreams: [{ name: 'kimi', current: true }],
	})
})

test('a refused token and a server that is away end with 5 and say so', async () => {
	const wrong = createCliFolder({ TURSO_DATABASE_URL: server.url, TURSO_AUTH_TOKEN: 'wrong-token' })
	try {
		const ended = await wrong.run('list')
		expect(ended).toMatchObject({ code: 5, stderr: expect.stringContaining('TURSO_AUTH_TOKEN') })
		expect(ended.stderr).not.toContain('wrong-token')
	} finally {
		wrong.remove()
		process.chdir(folder.path)
	}
})

test('who waits for a slow database is told so, in a terminal', async () => {
	await server.control({ fault: 'hold' })
	let told = ''
	const writeError = (text: string) => {
		told += text
		void server.control({})
	}
	const { code } = await folder.runWith({ columns: 80, writeError }, 'list')
	expect({ code, told }).toEqual({ code: 0, told: 'waiting for the database …\n' })
})

test('a database server is not compacted: it does so itself', async () => {
	expect(await folder.run('db', 'vacuum')).toMatchObject({
		code: 2,
		stderr: expect.stringMatching(
			/frees the space of deleted rows itself\nhint: nothing needs to be done\n$/,
		),
	})
})
